import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { readEnvironment, renderConfigs, writeConfigs } from '@prow-deploy/environment';
import { buildEnvironment } from '@prow-deploy/kustomize';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { describe } from '../object-reference.ts';
import { readManifest } from '../read-manifest.ts';
import type { Reader } from './reader.ts';
import { readersOf } from './readers-of.ts';
import { CHECKSUM_ANNOTATION, withChecksums } from './with-checksums.ts';

const TESTING = 'kubevirtci-testing';
const ENVIRONMENTS = ['ibmcloud-production', 'ibmcloud-staging', TESTING] as const;

let root = '';
const renders = new Map<string, readonly KubernetesObject[]>();

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'own-readers-')));
  const folders = ['environments', 'kustom-base', 'vendor'];
  const { stdout } = await promisify(execFile)('git', ['ls-files', '-z', ...folders]);
  for (const path of stdout.split('\0').filter((name) => name !== '')) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await cp(path, join(root, path));
  }
  for (const name of ENVIRONMENTS) {
    const environment = await readEnvironment({ workspaceRoot: root, name });
    await writeConfigs(environment, await renderConfigs(environment));
    renders.set(name, await readManifest((await buildEnvironment(environment)).manifest));
  }
}, 600_000);
afterAll(() => rm(root, { recursive: true, force: true }));

// Every reader of kubevirtci-testing: what it reads, what happens when that changes, and why.
const READERS = `
branch-protector         ConfigMap config                    config.yaml           reloads   its next run reads it anew
branch-protector         ConfigMap job-config                all                   reloads   its next run reads it anew
branch-protector         Secret oauth-token                  oauth                 reloads   its next run reads it anew
cherrypicker             Secret hmac-token                   hmac                  reloads   cherrypicker polls --hmac-secret-file every second
cherrypicker             Secret oauth-token                  oauth                 reloads   cherrypicker polls --github-token-path every second
crier                    ConfigMap config                    config.yaml (parts)   restarts  crier takes disabled_clusters, prowjob_namespace, push_gateway from it at start only
crier                    ConfigMap config                    config.yaml           reloads   crier polls --config-path every second
crier                    ConfigMap job-config                all                   reloads   crier polls --job-config-path every second
crier                    Secret kubeconfig                   config                reloads   crier ends when --kubeconfig changes, and is started again
crier                    Secret oauth-token                  oauth                 reloads   crier polls --github-token-path every second
crier                    Secret slack-token                  token                 reloads   crier polls --slack-token-file every second
deck                     ConfigMap config                    config.yaml (parts)   restarts  deck takes deck.spyglass.lenses, disabled_clusters, pod_namespace, prowjob_namespace, push_gateway, the list of repositories from it at start only
deck                     ConfigMap config                    config.yaml           reloads   deck polls --config-path every second
deck                     ConfigMap job-config                all (parts)           restarts  deck takes the list of repositories from it at start only
deck                     ConfigMap job-config                all                   reloads   deck polls --job-config-path every second
deck                     ConfigMap plugins                   plugins.yaml          reloads   deck reads --plugin-config every minute
deck                     Secret cookie                       secret                restarts  deck reads --cookie-secret at start only
deck                     Secret github-oauth-config          secret                restarts  deck reads --github-oauth-config-file at start only
deck                     Secret kubeconfig                   config                restarts  deck stops following ProwJobs when --kubeconfig changes
deck                     Secret oauth-token                  oauth                 reloads   deck polls --github-token-path every second
docker-mirror            ConfigMap mirror-config             all                   restarts  registry reads its configuration at start only
exporter                 ConfigMap config                    config.yaml (parts)   restarts  exporter takes prowjob_namespace, push_gateway from it at start only
exporter                 ConfigMap config                    config.yaml           reloads   exporter polls --config-path every second
ghproxy                  ConfigMap fakeghserver              all                   restarts  variables are set at start only
ghproxy                  ConfigMap github                    all                   restarts  variables are set at start only
hook                     ConfigMap cat-api-key               api-key               reloads   hook reads the key of the cat plugin when it is a minute old
hook                     ConfigMap config                    config.yaml (parts)   restarts  hook takes disabled_clusters, prowjob_namespace, push_gateway from it at start only
hook                     ConfigMap config                    config.yaml           reloads   hook polls --config-path every second
hook                     ConfigMap job-config                all                   reloads   hook polls --job-config-path every second
hook                     ConfigMap plugins                   plugins.yaml (parts)  restarts  hook takes whether bugzilla or jira is enabled from it at start only
hook                     ConfigMap plugins                   plugins.yaml          reloads   hook reads --plugin-config every minute
hook                     Secret hmac-token                   hmac                  reloads   hook polls --hmac-secret-file every second
hook                     Secret kubeconfig                   config                restarts  hook reads --kubeconfig at start only
hook                     Secret oauth-token                  oauth                 reloads   hook polls --github-token-path every second
hook                     Secret slack-token                  token                 reloads   hook polls --slack-token-file every second
hook                     Secret unsplash-api-key             honk.txt              reloads   hook reads the key of the goose plugin when it is a minute old
horologium               ConfigMap config                    config.yaml (parts)   restarts  horologium takes horologium.tick_interval, prowjob_namespace, push_gateway from it at start only
horologium               ConfigMap config                    config.yaml           reloads   horologium polls --config-path every second
horologium               ConfigMap job-config                all                   reloads   horologium polls --job-config-path every second
label-sync-kubevirt      ConfigMap label-config              labels.yaml           reloads   its next run reads it anew
label-sync-kubevirt      Secret oauth-token                  oauth                 reloads   its next run reads it anew
label-sync-nmstate       ConfigMap label-config              labels.yaml           reloads   its next run reads it anew
label-sync-nmstate       Secret oauth-token                  oauth                 reloads   its next run reads it anew
needs-rebase             ConfigMap plugins                   plugins.yaml          reloads   needs-rebase reads --plugin-config every minute
needs-rebase             Secret hmac-token                   hmac                  reloads   needs-rebase polls --hmac-secret-file every second
needs-rebase             Secret oauth-token                  oauth                 reloads   needs-rebase polls --github-token-path every second
prow-controller-manager  ConfigMap config                    config.yaml (parts)   restarts  prow-controller-manager takes disabled_clusters, log_level, pod_namespace, prowjob_namespace, push_gateway from it at start only
prow-controller-manager  ConfigMap config                    config.yaml           reloads   prow-controller-manager polls --config-path every second
prow-controller-manager  ConfigMap job-config                all                   reloads   prow-controller-manager polls --job-config-path every second
prow-controller-manager  Secret kubeconfig                   config                reloads   prow-controller-manager ends when --kubeconfig changes, and is started again
pushgateway-proxy        ConfigMap pushgateway-proxy-config  all                   restarts  nginx reads its configuration at start, and else only when told to
rehearse                 Secret hmac-token                   hmac                  reloads   rehearse polls --hmac-secret-file every second
rehearse                 Secret oauth-token                  oauth                 reloads   rehearse polls --github-token-path every second
release-blocker          Secret hmac-token                   hmac                  reloads   release-blocker polls --hmac-secret-file every second
release-blocker          Secret oauth-token                  oauth                 reloads   release-blocker polls --github-token-path every second
sinker                   ConfigMap config                    config.yaml (parts)   restarts  sinker takes disabled_clusters, pod_namespace, prowjob_namespace, push_gateway from it at start only
sinker                   ConfigMap config                    config.yaml           reloads   sinker polls --config-path every second
sinker                   ConfigMap job-config                all                   reloads   sinker polls --job-config-path every second
sinker                   Secret kubeconfig                   config                reloads   sinker ends when --kubeconfig changes, and is started again
statusreconciler         ConfigMap config                    config.yaml (parts)   restarts  status-reconciler takes prowjob_namespace from it at start only
statusreconciler         ConfigMap config                    config.yaml           reloads   status-reconciler polls --config-path every second
statusreconciler         ConfigMap job-config                all                   reloads   status-reconciler polls --job-config-path every second
statusreconciler         ConfigMap plugins                   plugins.yaml          reloads   status-reconciler reads --plugin-config every minute
statusreconciler         Secret oauth-token                  oauth                 reloads   status-reconciler polls --github-token-path every second
tide                     ConfigMap config                    config.yaml (parts)   restarts  tide takes prowjob_namespace, push_gateway, tide.sync_period from it at start only
tide                     ConfigMap config                    config.yaml           reloads   tide polls --config-path every second
tide                     ConfigMap job-config                all                   reloads   tide polls --job-config-path every second
tide                     Secret oauth-token                  oauth                 reloads   tide polls --github-token-path every second
`;

test('who reads what in kubevirtci-testing', () => {
  const lines = readersOf(renders.get(TESTING) ?? []).map(line);
  expect(lines.sort()).toEqual(
    READERS.trim()
      .split('\n')
      .map((row) => row.replace(/ {2,}/g, ' | '))
      .sort(),
  );
});

function line({ workload, source, keys, parts, onChange, because }: Reader): string {
  const what = `${keys?.join(', ') ?? 'all'}${parts === undefined ? '' : ' (parts)'}`;
  return [workload.name, `${source.kind} ${source.name}`, what, onChange, because].join(' | ');
}

test.each(ENVIRONMENTS)('in %s, the same programs do the same', (name) => {
  const ofTesting = new Set(readersOf(renders.get(TESTING) ?? []).map(line));
  const readers = readersOf(renders.get(name) ?? []);
  const plain = readers.map((reader) => line(reader).replaceAll('staging-', ''));
  // Only there something may stand in for GitHub.
  const own = name === TESTING ? [] : [...ofTesting].filter((row) => row.startsWith('ghproxy |'));
  expect(new Set([...plain, ...own])).toEqual(ofTesting);
});

test.each(ENVIRONMENTS)('in %s, the workloads to restart get a checksum, and no others', (name) => {
  const objects = renders.get(name) ?? [];
  const checked = withChecksums(objects, (parts) => String(parts.length));
  const annotated = checked
    .filter((object) => JSON.stringify(object).includes(CHECKSUM_ANNOTATION))
    .map(({ metadata }) => metadata.name.replace('staging-', ''));
  expect(annotated.sort()).toEqual([
    'crier',
    'deck',
    'docker-mirror',
    'exporter',
    ...(name === TESTING ? ['ghproxy'] : []),
    'hook',
    'horologium',
    'prow-controller-manager',
    'pushgateway-proxy',
    'sinker',
    'statusreconciler',
    'tide',
  ]);
  expect(checked).toHaveLength(objects.length);
});

test('nothing is read that is not rendered', () => {
  for (const [name, objects] of renders) {
    const known = new Set(objects.map(({ kind, metadata }) => describe({ kind, ...metadata })));
    for (const { source } of readersOf(objects)) expect(known, name).toContain(describe(source));
  }
});
