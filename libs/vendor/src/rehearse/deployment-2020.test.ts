import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTool } from '@prow-deploy/toolchain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ENVIRONMENTS_2020, no2020Data, workspace2020 } from '../testing/deployment-2020.ts';
import { noUpstreamData, referenceRepository } from '../testing/reference-commits.ts';
import { type TestWorkspace } from '../testing/workspace.ts';
import { bisect } from './bisect.ts';
import { findCandidate } from './candidate.ts';
import { formatMarkdown } from './format-markdown.ts';
import { type EnvironmentRehearsal, type RehearsalReport } from './rehearsal-report.ts';
import { openRehearsal, rehearse } from './rehearse.ts';

const noData = no2020Data ?? noUpstreamData;

// By hand, from upstream's files of the three commits and the patches of the three environments. Upstream removed plank
// before 1736ab42. Until 1f8084bc it moved every Role and RoleBinding from rbac v1beta1 to v1, which many targets name.
const PLANK = 'apps v1 Deployment plank → plank_deployment.yaml';
const OF_V1BETA1 = [
  'rbac v1beta1 Role default/.* → prow-namespace.yaml',
  'rbac v1beta1 RoleBinding test-pods/.* → prow-jobs-namespace.yaml',
  'rbac v1beta1 RoleBinding test-pods/.* → rolebinding-subject-prow-namespace.yaml',
  'rbac v1beta1 RoleBinding default/.* → rolebinding-subject-prow-namespace.yaml',
  'rbac v1beta1 RoleBinding default/.* → prow-namespace.yaml',
  'rbac v1beta1 Role test-pods/.* → prow-jobs-namespace.yaml',
];
const DECKS_ROLE = 'rbac v1beta1 Role test-pods/deck → deck_role.yaml';
const DECKS_SUBJECT =
  'rbac v1beta1 RoleBinding test-pods/deck → rolebinding-subject-prow-name-deck.yaml';
const STOPS: Record<string, Record<string, readonly string[]>> = {
  '1736ab42': {
    'ibmcloud-production': [PLANK],
    'ibmcloud-staging': [PLANK],
    'kubevirtci-testing': [PLANK],
  },
  '1f8084bc': {
    'ibmcloud-production': [PLANK, ...OF_V1BETA1, DECKS_ROLE, DECKS_SUBJECT],
    'ibmcloud-staging': [PLANK, ...OF_V1BETA1, DECKS_ROLE, DECKS_SUBJECT],
    'kubevirtci-testing': [PLANK, ...OF_V1BETA1],
  },
};
// From a listing of the folders; those with a star are deployed.
const PLANKS = ['plank_deployment.yaml*', 'plank_rbac.yaml*', 'plank_service.yaml*'];
const REMOVED: Record<string, readonly string[]> = {
  '1736ab42': PLANKS,
  '1f8084bc': [
    'boskos-janitor.yaml',
    'boskos-reaper_deployment.yaml',
    'boskos-resources.yaml',
    'boskos.yaml',
    'build_serviceaccounts.yaml',
    'cpu-limit-range_limitrange.yaml',
    'create-loop-devs_daemonset.yaml',
    'grandmatriarch.yaml',
    'mem-limit-range_limitrange.yaml',
    ...PLANKS,
    'prowjob_customresourcedefinition.yaml*',
    'starter-gcs.yaml',
    'starter-s3.yaml',
    'tot_deployment.yaml',
    // Renamed, as far as git can tell: cherrypicker_service.yaml is 87 % the same.
    'tot_service.yaml',
    'tune-sysctls_daemonset.yaml',
  ],
};

describe.skipIf(noData)(
  `the deployment of 2020${noData ? ` (skipped: ${noData})` : ''}`,
  { timeout: 120_000 },
  () => {
    let repository: Awaited<ReturnType<typeof referenceRepository>>;
    let workspace: TestWorkspace;
    const reports = new Map<string, RehearsalReport>();
    beforeAll(async () => {
      await ensureTool('kustomize');
      repository = await referenceRepository();
      workspace = await workspace2020(repository.root, repository.commits.e88598c4);
      const upstream = await workspace.upstream();
      const before = await workspace.list();
      const rehearsal = await openRehearsal({ upstream });
      for (const name of ['e88598c4', '1736ab42', '1f8084bc'] as const) {
        const revision = repository.commits[name];
        const candidate = await findCandidate({ upstream, revision });
        reports.set(name, await rehearsal.try({ candidate }));
        await candidate.remove();
      }
      await rehearsal.close();
      expect(await workspace.list()).toEqual(before);
    }, 600_000);
    afterAll(async () => {
      await repository.remove();
      await workspace.remove();
    });

    const of = (commit: string, name: string): EnvironmentRehearsal => {
      const found = reports.get(commit)?.environments.find((each) => each.environment === name);
      if (!found) throw new Error(`${name} was not rehearsed`);
      return found;
    };

    /** `rbac v1beta1 Role default/.* → prow-namespace.yaml` for each entry that stops matching. */
    async function stops({ environment, patches }: EnvironmentRehearsal): Promise<string[]> {
      const file = join(workspace.root, `environments/${environment}/kustomization.yaml`);
      const { patches: entries } = parse(await readFile(file, 'utf8')) as {
        patches: { path: string; target: Record<string, string> }[];
      };
      return patches.flatMap(({ kind, entry }) => {
        if (kind !== 'stops-matching') return [];
        const found = entries[Number(/patches\[(\d+)\]$/.exec(entry)?.[1])];
        const { group = '', version, kind: of, namespace, name } = found?.target ?? {};
        const where = namespace === undefined ? '' : `${namespace}/`;
        const path = found?.path.slice(found.path.lastIndexOf('/') + 1) ?? '';
        const short = group.replace('.authorization.k8s.io', '');
        return [`${short} ${version ?? ''} ${of ?? ''} ${where}${name ?? ''} → ${path}`];
      });
    }

    test.each(
      ENVIRONMENTS_2020.flatMap((name) =>
        Object.keys(STOPS).map((commit) => [name, commit] as const),
      ),
    )(
      '%s at %s: exactly the patches that stop matching, and the removed files',
      async (name, commit) => {
        const rehearsal = of(commit, name);
        expect(rehearsal.failure).toBeUndefined();
        expect((await stops(rehearsal)).sort()).toEqual([...(STOPS[commit]?.[name] ?? [])].sort());
        const { removed, renamed } = rehearsal.files;
        const gone = [
          ...removed.map(({ file, used }) => (used ? `${file}*` : file)),
          ...renamed.map(({ from }) => from),
        ];
        expect(gone.sort()).toEqual([...(REMOVED[commit] ?? [])].sort());
        expect(rehearsal.outcome).toBe('broken');
      },
    );

    test.each(ENVIRONMENTS_2020)('%s on the same commit: nothing at all', (name) => {
      const { problems, patches, objects, files, findings, outcome } = of('e88598c4', name);
      expect({ problems, patches, outcome }).toEqual({
        problems: [],
        patches: [],
        outcome: 'fits',
      });
      expect(objects).toEqual({ added: [], removed: [], changed: [], immutable: [], images: [] });
      expect(files).toEqual({ added: [], removed: [], renamed: [], changed: [] });
      expect(findings).toEqual({ new: [], gone: [] });
    });

    test('objects, fields and images, as they are in upstream’s files', () => {
      const { objects, problems } = of('1736ab42', 'ibmcloud-production');
      expect([...objects.removed].sort()).toEqual([
        'Deployment kubevirt-prow/plank',
        'Role kubevirt-prow-jobs/plank',
        'Role kubevirt-prow/plank',
        'RoleBinding kubevirt-prow-jobs/plank',
        'RoleBinding kubevirt-prow/plank',
        'Service kubevirt-prow/plank',
        'ServiceAccount kubevirt-prow/plank',
      ]);
      expect(objects.images).toContainEqual({
        container: 'Deployment kubevirt-prow/deck deck',
        before: 'gcr.io/k8s-prow/deck:v20201020-a5b49bc903',
        after: 'gcr.io/k8s-prow/deck:v20210217-8c724915ff',
      });
      const deck = objects.changed.find(({ object }) => object === 'Deployment kubevirt-prow/deck');
      expect(deck?.changes).toContainEqual({
        path: '.spec.template.spec.containers[name="deck"].image',
        before: 'gcr.io/k8s-prow/deck:v20201020-a5b49bc903',
        after: 'gcr.io/k8s-prow/deck:v20210217-8c724915ff',
      });
      expect(problems.filter(({ code }) => code === 'object-removed')).toHaveLength(7);
    });

    test('Markdown tells it, within what GitHub takes', () => {
      for (const report of reports.values()) {
        const text = formatMarkdown(report);
        expect(text.length).toBeLessThan(65_536);
        for (const { environment } of report.environments) expect(text).toContain(environment);
      }
      const text = formatMarkdown(reports.get('1736ab42') as RehearsalReport);
      expect(text).toContain('**breaks** (1 new errors)');
      expect(text).toContain('plank\\_deployment.yaml');
      expect(text).toContain('+ gcr.io/k8s-prow/deck:v20210217-8c724915ff');
    });

    test('one environment alone', async () => {
      const upstream = await workspace.upstream();
      const candidate = await findCandidate({ upstream, revision: repository.commits['1736ab42'] });
      const { environments } = await rehearse(
        { candidate },
        { upstream, environments: ['kubevirtci-testing'] },
      );
      await candidate.remove();
      expect(environments.map(({ environment }) => environment)).toEqual(['kubevirtci-testing']);
    });

    test('bisect finds the first commit that breaks an environment', async () => {
      const upstream = await workspace.upstream();
      const tried: string[] = [];
      const result = await bisect({
        upstream,
        revision: 'master',
        onTried: ({ subject }, { outcome }) => tried.push(`${subject} ${outcome}`),
      });
      expect(result.commits).toBe(2);
      expect(result.first?.commit).toMatchObject({
        hash: repository.commits['1736ab42'],
        subject: '1736ab42',
      });
      expect(tried).toEqual(['1f8084bc broken', '1736ab42 broken']);
    });
  },
);
