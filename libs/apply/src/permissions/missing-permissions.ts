import { ApiError, type Cluster } from '@prow-deploy/cluster';
import { groupBy } from '../group-by.ts';
import { groupOf } from '../object-reference.ts';
import { send } from '../send.ts';
import { authorizationNamespace, type Need, needKey, scopeKey } from './need.ts';
import { covers, type ResourceRule } from './resource-rule.ts';

/** Options of {@link missingPermissions}. */
export interface MissingPermissionsOptions {
  readonly cluster: Pick<Cluster, 'request'>;
  readonly needs: readonly Need[];
  /** Default: never aborted. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * What the user of the connection may not do, of what is needed; asked of the API server, which changes nothing.
 *
 * One SelfSubjectRulesReview for each namespace, and one for all that has none, tells what RBAC gives. What it does not
 * give may be given by another authorizer of the cluster, of which these rules need not tell (`incomplete`): that is asked
 * need by need, once for all names where several differ in nothing else. Where such questions are refused themselves,
 * nothing is known to be missing: the API server says so when it is done.
 *
 * @throws {ApiError} {ClusterError} where the API server cannot be asked.
 */
export async function missingPermissions(options: MissingPermissionsOptions): Promise<Need[]> {
  const { cluster, needs, signal } = options;
  const ask: Ask = async (kind, spec) => {
    const path = `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`;
    const body = { apiVersion: 'authorization.k8s.io/v1', kind, spec };
    try {
      const request = { method: 'POST', path, body, signal } as const;
      const response = await send({ cluster, request, signal });
      return (response.body as { readonly status?: object }).status;
    } catch (error) {
      if (error instanceof ApiError && REFUSED.has(error.status)) return undefined;
      throw error;
    }
  };
  const namespaces = groupBy(needs, authorizationNamespace);
  const uncovered = await Promise.all(
    [...namespaces].map(async ([namespace, members]) => {
      const rules = await rulesIn(namespace, ask);
      return members.filter((need) => !rules.some((rule) => covers(rule, need)));
    }),
  );
  const denied = await Promise.all(
    [...groupBy(uncovered.flat(), scopeKey).values()].map((members) => deniedOf(members, ask)),
  );
  const missing = new Set(denied.flat().map(needKey));
  return needs.filter((need) => missing.has(needKey(need)));
}

/** Sends one review; `undefined` where such reviews are refused. */
type Ask = (
  kind: 'SelfSubjectRulesReview' | 'SelfSubjectAccessReview',
  spec: object,
) => Promise<object | undefined>;

const REFUSED: ReadonlySet<number> = new Set([403, 404, 405]);

// No namespace can have this name, so none has a RoleBinding: what is left holds in the whole cluster.
const NO_NAMESPACE = 'no.namespace';

async function rulesIn(namespace: string | undefined, ask: Ask): Promise<readonly ResourceRule[]> {
  const status = await ask('SelfSubjectRulesReview', { namespace: namespace ?? NO_NAMESPACE });
  return (status as { readonly resourceRules?: ResourceRule[] } | undefined)?.resourceRules ?? [];
}

// The members differ in their names alone.
async function deniedOf(members: readonly Need[], ask: Ask): Promise<readonly Need[]> {
  const [first] = members;
  if (first === undefined) return [];
  const several = members.length > 1;
  if (several && (await isAllowed({ ...first, name: undefined }, ask))) return [];
  const denied = await Promise.all(
    members.map(async (need) => {
      const isKnown = several && need.name === undefined;
      return isKnown || !(await isAllowed(need, ask));
    }),
  );
  return members.filter((_, index) => denied[index] === true);
}

async function isAllowed(need: Need, ask: Ask): Promise<boolean> {
  const { verb, apiVersion, name } = need;
  const [resource, subresource] = need.resource.split('/');
  const resourceAttributes = {
    namespace: authorizationNamespace(need),
    verb,
    group: groupOf(apiVersion),
    version: apiVersion.slice(apiVersion.indexOf('/') + 1),
    resource,
    subresource,
    name,
  };
  const status = await ask('SelfSubjectAccessReview', { resourceAttributes });
  return status === undefined || (status as { readonly allowed?: boolean }).allowed === true;
}
