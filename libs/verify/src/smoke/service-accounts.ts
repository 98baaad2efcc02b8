import type { Check } from '../verify-report.ts';
import { type Component, componentsOf } from './component.ts';
import type { SmokeCheck, SmokeContext } from './smoke-check.ts';

/** Something that a ServiceAccount asks for. */
interface Access {
  readonly verb: string;
  readonly group?: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly name?: string;
  /** One of the two namespaces of a deployment. */
  readonly namespace: 'prow' | 'jobs';
}

const prowJobs = (...verbs: string[]): Access[] =>
  verbs.map((verb) => ({
    verb,
    group: 'prow.k8s.io',
    resource: 'prowjobs',
    namespace: 'jobs',
  }));
const pods = (...verbs: string[]): Access[] =>
  verbs.map((verb) => ({ verb, resource: 'pods', namespace: 'jobs' }));
const lease = (name: string): Access[] =>
  ['create', 'get', 'update'].map((verb) => ({
    verb,
    group: 'coordination.k8s.io',
    resource: 'leases',
    namespace: 'jobs',
    ...(verb === 'create' ? {} : { name }),
  }));

/**
 * What each component cannot work without, by its label `app`. Source: the calls that its code makes, at the commit that
 * the toolchain pins; ProwJobs are in the namespace of the jobs, as `prowjob_namespace` says.
 */
const NEEDS: Readonly<Record<string, readonly Access[]>> = {
  crier: [...prowJobs('get', 'list', 'watch', 'patch'), ...pods('get', 'patch')],
  deck: [
    ...prowJobs('get', 'list', 'watch', 'create', 'patch'),
    { verb: 'get', resource: 'pods', subresource: 'log', namespace: 'jobs' },
  ],
  hook: [
    ...prowJobs('create', 'get', 'list', 'update'),
    ...['create', 'get', 'update'].map((verb): Access => ({
      verb,
      resource: 'configmaps',
      namespace: 'prow',
    })),
  ],
  horologium: prowJobs('create', 'list', 'watch'),
  'prow-controller-manager': [
    ...prowJobs('get', 'list', 'watch', 'update', 'patch'),
    ...pods('create', 'delete', 'get', 'list', 'patch', 'watch'),
    ...lease('prow-controller-manager-leader-lock'),
  ],
  sinker: [
    ...prowJobs('delete', 'get', 'list', 'watch'),
    ...pods('delete', 'get', 'list', 'patch', 'watch'),
    ...lease('prow-sinker-leaderlock'),
  ],
  statusreconciler: prowJobs('create'),
  tide: prowJobs('create', 'get', 'list', 'watch'),
  exporter: prowJobs('get', 'list', 'watch'),
};

/** What none of them has any business with: with any of it, whoever takes over one component has all of the others. */
const NOBODY: readonly Access[] = [
  ...(['prow', 'jobs'] as const).flatMap((namespace): Access[] => [
    { verb: 'get', resource: 'secrets', namespace },
    { verb: 'list', resource: 'secrets', namespace },
    { verb: 'create', resource: 'pods', subresource: 'exec', namespace },
    {
      verb: 'create',
      group: 'rbac.authorization.k8s.io',
      resource: 'rolebindings',
      namespace,
    },
  ]),
  { verb: 'create', resource: 'pods', namespace: 'prow' },
  { verb: 'patch', group: 'apps', resource: 'deployments', namespace: 'prow' },
];

/** Each component's ServiceAccount may do what it needs, and nothing that none should: asked of the API server as it. */
export const serviceAccounts: SmokeCheck = {
  name: 'service-accounts',
  what: "each component's ServiceAccount may do what it needs, and no more than it should",
  deadlineMs: 15_000,
  withoutContainers: true,
  async run(context) {
    const known = componentsOf(context.objects).filter(({ app }) => Object.hasOwn(NEEDS, app));
    return Promise.all(
      known.map(async (component): Promise<Check> => {
        const may = (access: Access) => mayDo(context, component, access);
        const needs = NEEDS[component.app] ?? [];
        const [allowed, forbidden] = await Promise.all([
          Promise.all(needs.map(may)),
          Promise.all(NOBODY.map(may)),
        ]);
        const words = (access: Access) => describeAccess(context, access);
        const missing = needs.filter((_, index) => allowed[index] !== true).map(words);
        const more = NOBODY.filter((_, index) => forbidden[index] !== false).map(words);
        const account = `ServiceAccount ${component.namespace}/${component.serviceAccount}`;
        const reasons = [
          ...(missing.length === 0 ? [] : [`${account} may not ${missing.join(', ')}`]),
          ...(more.length === 0 ? [] : [`${account} may ${more.join(', ')}, and should not`]),
        ];
        return {
          check: 'service-accounts',
          object: component.reference,
          reason: reasons.length === 0 ? undefined : reasons.join('; '),
        };
      }),
    );
  },
};

async function mayDo(
  { cluster, prow, jobs, signal }: SmokeContext,
  { namespace, serviceAccount }: Component,
  access: Access,
): Promise<boolean> {
  const { body } = await cluster.request({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    headers: {
      'Impersonate-User': `system:serviceaccount:${namespace}:${serviceAccount}`,
    },
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: {
        resourceAttributes: {
          verb: access.verb,
          group: access.group ?? '',
          resource: access.resource,
          subresource: access.subresource ?? '',
          name: access.name ?? '',
          namespace: access.namespace === 'prow' ? prow : jobs,
        },
      },
    },
    signal,
  });
  return (body as { status?: { allowed?: boolean } }).status?.allowed === true;
}

function describeAccess({ prow, jobs }: SmokeContext, access: Access): string {
  const { verb, resource, subresource, name, namespace } = access;
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where = namespace === 'prow' ? prow : jobs;
  return `${verb} ${what}${name === undefined ? '' : ` ${name}`} in ${where}`;
}
