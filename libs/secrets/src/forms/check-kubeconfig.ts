import * as v from 'valibot';
import { decodeBase64 } from './check-base64.ts';
import { describeIssue, parseYaml } from './parse.ts';

/** Fields that name a file or a program, which a pod does not have. */
const OF_A_MACHINE = [
  'certificate-authority',
  'client-certificate',
  'client-key',
  'tokenFile',
  'exec',
  'auth-provider',
];

/**
 * Checks a kubeconfig that a pod reads: every context leads to a cluster and a user, certificates and keys are in it, and
 * nothing in it needs a file or a program of the machine that it was made on.
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 */
export function checkKubeconfig(text: string): string | undefined {
  const content = parseYaml(text);
  if (content === undefined) return 'is no YAML';
  const result = v.safeParse(schema(), content);
  if (!result.success) return `is no kubeconfig: ${describeIssue(result.issues)}`;
  const { clusters, users, contexts } = result.output;
  for (const { name, context } of contexts ?? []) {
    if (!clusters?.some((cluster) => cluster.name === context.cluster)) {
      return `has the context ${name}, whose cluster ${context.cluster} it does not have`;
    }
    if (!users?.some((user) => user.name === context.user)) {
      return `has the context ${name}, whose user ${context.user} it does not have`;
    }
  }
  for (const { name, ...fields } of [...(clusters ?? []), ...(users ?? [])]) {
    const problem = checkEntry(Object.values(fields)[0] as Record<string, unknown>);
    if (problem !== undefined) return `has ${name}, ${problem}`;
  }
  return undefined;
}

function checkEntry(entry: Readonly<Record<string, unknown>>): string | undefined {
  const foreign = OF_A_MACHINE.find((field) => entry[field] !== undefined);
  if (foreign !== undefined) {
    return `whose ${foreign} no pod can use: make it self-contained (kubectl config view --flatten)`;
  }
  const damaged = Object.keys(entry).find(
    (field) => field.endsWith('-data') && decodeBase64(String(entry[field])) === undefined,
  );
  return damaged === undefined ? undefined : `whose ${damaged} is no base64`;
}

function schema() {
  const name = v.pipe(v.string(), v.nonEmpty());
  const record = v.record(v.string(), v.unknown());
  return v.looseObject({
    kind: v.literal('Config'),
    clusters: v.nullish(
      v.array(
        v.strictObject({
          name,
          cluster: v.looseObject({ server: v.pipe(v.string(), v.url()) }),
        }),
      ),
    ),
    users: v.nullish(v.array(v.strictObject({ name, user: record }))),
    contexts: v.nullish(
      v.array(v.strictObject({ name, context: v.looseObject({ cluster: name, user: name }) })),
    ),
  });
}
