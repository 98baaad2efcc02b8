import { join } from 'node:path';
import { ensureTool } from '@prow-deploy/toolchain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding, FindingCode } from '../finding.ts';
import { ENVIRONMENTS_2020, copy2020, no2020Data } from '../testing/deployment-2020.ts';
import { auditPatches } from './audit-patches.ts';
import { tracePatches } from './trace-patches.ts';

type Verdict = readonly [
  code: FindingCode,
  /** File without the environment's folder, and the entry where the file is the kustomization. */
  place: string,
  /** Names of the objects that it is told of, in their namespaces before the environment moves them. */
  objects: string,
  /** How often it is found in production, staging, testing. */
  counts: readonly [number, number, number],
  verdict: boolean,
  reason: string,
];

// Every finding in KubeVirt's deployment of 2020, judged by hand from its files and from what kustomize built.
const VERDICTS: readonly Verdict[] = [
  [
    'patch-matches-nothing',
    'RoleBinding test-pods deck',
    '',
    [1, 1, 0],
    true,
    'it is v1beta1 upstream, the target says v1: deck keeps no right of its own there',
  ],
  [
    'patch-matches-nothing',
    'Role test-pods deck',
    '',
    [0, 0, 1],
    true,
    'it is v1beta1 upstream, the target says v1',
  ],
  [
    'patch-matches-nothing',
    'Deplyment docker-mirror',
    '',
    [1, 1, 1],
    true,
    'misspelled kind: the cache stays in the folder of another cluster',
  ],
  [
    'patch-matches-nothing',
    'Deplyment greenhouse',
    '',
    [1, 1, 1],
    true,
    'misspelled kind: the same',
  ],
  [
    'patch-matches-nothing',
    'ClusterRoleBinding prow-rehearse',
    '',
    [1, 1, 1],
    true,
    'it is v1, the target says v1beta1: the subject stays in namespace default',
  ],
  [
    'patch-matches-nothing',
    'RoleBinding test-pods tide',
    '',
    [1, 1, 0],
    true,
    'it is v1, the target says v1beta1',
  ],
  ['patch-matches-nothing', 'Role test-pods .*', '', [1, 1, 1], true, 'misspelled group rbnac'],
  [
    'patch-changes-nothing',
    'ConfigMap',
    '',
    [1, 1, 0],
    true,
    'the entry for namespace default did it already: an empty namespace selects every one',
  ],
  [
    'patch-changes-nothing',
    'RoleBinding default',
    '',
    [1, 0, 1],
    true,
    'kustomize moves subjects along with their ServiceAccounts',
  ],
  [
    'patch-undone',
    'ConfigMap default',
    '',
    [1, 1, 1],
    true,
    'the last ConfigMap entry sets the same in the same objects',
  ],
  [
    'patch-positional',
    'deck_deployment.yaml',
    'hook',
    [1, 1, 1],
    true,
    'aimed at deck, it takes the fallback endpoint from hook',
  ],
  ['patch-positional', 'gcsweb-deployment.yaml', 'gcsweb', [1, 1, 1], true, 'position in args'],
  [
    'patch-positional',
    'plank_deployment.yaml',
    'plank',
    [2, 2, 2],
    true,
    'position in args, twice',
  ],
  [
    'patch-positional',
    'prow-rehearse-deployment.yaml',
    'rehearse',
    [1, 1, 1],
    true,
    'position in args',
  ],
  [
    'patch-positional',
    'tide_deployment.yaml',
    'tide',
    [2, 2, 2],
    true,
    'position in args, twice: an upstream change of args would remove others',
  ],
  [
    'patch-positional',
    'prow-jobs-rolebinding-rules.yaml',
    'deck',
    [0, 0, 1],
    true,
    'position in rules; at the end today',
  ],
  [
    'patch-positional',
    'rolebinding-subject-prow-name-deck.yaml',
    'deck',
    [1, 1, 0],
    true,
    'the first subject, whoever that is',
  ],
  [
    'patch-positional',
    'rolebinding-subject-prow-namespace.yaml',
    'crier-namespaced deck hook horologium plank sinker statusreconciler tide',
    [12, 12, 13],
    true,
    'the first subject, whoever that is',
  ],
  [
    'patch-target-disagrees',
    'deck_deployment.yaml',
    '',
    [1, 1, 1],
    true,
    'named for deck, aimed at hook',
  ],
  [
    'patch-target-disagrees',
    'deck_role.yaml',
    '',
    [1, 1, 0],
    true,
    'says apiVersion v1 for a Role',
  ],
  [
    'patch-target-disagrees',
    'deck_rbac.yaml',
    '',
    [0, 0, 1],
    true,
    'says apiVersion v1 for a Role',
  ],
  [
    'patch-target-disagrees',
    'deck_rolebinding.yaml',
    '',
    [1, 1, 0],
    true,
    'says RoleBinding tide, aimed at deck',
  ],
  [
    'patch-target-disagrees',
    'docker-mirror_deployment.yaml',
    '',
    [1, 1, 1],
    true,
    'says Deployment, aimed at Deplyment',
  ],
  [
    'patch-target-disagrees',
    'greenhouse-deployment.yaml',
    '',
    [1, 1, 1],
    true,
    'says Deployment, aimed at Deplyment',
  ],
  [
    'file-unreferenced',
    'mirror-service.yaml',
    '',
    [1, 1, 1],
    true,
    'a second copy of docker-mirror_service.yaml',
  ],
  [
    'file-unreferenced',
    'e88598c4a7f86e0564a2d8b46ce5f729247791e6',
    '',
    [1, 1, 1],
    true,
    'the part of the vendored manifests that is not deployed',
  ],
  [
    'file-unreferenced',
    'deck-rolebinding-subject-prow-name.yaml',
    '',
    [1, 1, 0],
    true,
    'forgotten: another file does it',
  ],
];

// `RoleBinding test-pods deck` for an entry, the file's name for others.
function placeOf({ file = '', message }: Finding, targets: ReadonlyMap<string, string>): string {
  const entry = /^patches\[\d+\]/.exec(message)?.[0];
  if (file.endsWith('kustomization.yaml') && entry !== undefined)
    return targets.get(entry) ?? entry;
  return file.slice(file.lastIndexOf('/') + 1);
}

describe.skipIf(no2020Data)(`the deployment of 2020${no2020Data ? ` (${no2020Data})` : ''}`, () => {
  let kustomize: string;
  let copy: Awaited<ReturnType<typeof copy2020>>;
  beforeAll(async () => {
    kustomize = await ensureTool('kustomize');
    copy = await copy2020();
  }, 600_000);
  afterAll(() => copy.remove());

  test.each(ENVIRONMENTS_2020.map((environment, index) => [environment, index] as const))(
    '%s: every finding has a verdict, and none is false',
    async (environment, index) => {
      const directory = join(copy.root, 'environments', environment);
      const trace = await tracePatches(directory, { kustomize });
      const targets = new Map(
        trace.entries
          .filter(({ field }) => field === 'patches')
          .map((entry) => {
            const { kind = '', namespace = '', name = '' } = entry.operations[0]?.selector ?? {};
            const wide = name === '.*' && kind !== 'Role';
            const words = [kind, namespace, wide ? '' : name].filter((word) => word !== '');
            return [`patches[${entry.index}]`, words.join(' ')];
          }),
      );
      const found = new Map<string, { count: number; objects: Set<string> }>();
      for (const finding of await auditPatches(directory, { kustomize })) {
        const key = `${finding.code} ${placeOf(finding, targets)}`;
        const seen = found.get(key) ?? { count: 0, objects: new Set() };
        seen.count += 1;
        if (finding.object !== undefined) seen.objects.add(finding.object.replace(/^.*[ /]/, ''));
        found.set(key, seen);
      }
      const expected = VERDICTS.filter(([, , , counts]) => counts[index] !== 0).map(
        ([code, place, objects, counts]) => [`${code} ${place}`, counts[index], objects],
      );
      const actual = [...found].map(([key, { count, objects }]) => [
        key,
        count,
        [...objects].sort().join(' '),
      ]);
      expect(actual.sort()).toEqual(expected.sort());
      expect(VERDICTS.filter(([, , , , verdict]) => !verdict)).toEqual([]);
    },
  );

  test('24 of its 102 patches do nothing, and each of those has a finding at its entry', async () => {
    let entries = 0;
    let without = 0;
    for (const environment of ENVIRONMENTS_2020) {
      const directory = join(copy.root, 'environments', environment);
      const { entries: traced } = await tracePatches(directory, { kustomize });
      const told = new Set(
        (await auditPatches(directory, { kustomize }))
          .filter(({ code }) =>
            ['patch-matches-nothing', 'patch-changes-nothing', 'patch-undone'].includes(code),
          )
          .map(({ file, line }) => `${file ?? ''}:${line ?? 0}`),
      );
      entries += traced.length;
      without += traced.filter(({ effective }) => !effective).length;
      for (const { file, line, effective } of traced) {
        expect(told.has(`${file}:${line}`), `${file}:${line}`).toBe(!effective);
      }
    }
    expect([without, entries]).toEqual([24, 102]);
  });
});
