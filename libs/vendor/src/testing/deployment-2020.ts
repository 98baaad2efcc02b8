import { existsSync } from 'node:fs';
import { chmod, cp, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { sync } from '../copy/sync.ts';
import { type TestWorkspace, testWorkspace } from './workspace.ts';

const DATA = process.env['PROW_DEPLOY_REFERENCE_DATA'] ?? join(process.cwd(), '../shared/data');
const SOURCE = join(DATA, 'prow-deploy-2020');

/** Why tests on the deployment of 2020 cannot run, undefined where they can. */
export const no2020Data = existsSync(SOURCE) ? undefined : `no reference data at ${SOURCE}`;

export const ENVIRONMENTS_2020 = [
  'ibmcloud-production',
  'ibmcloud-staging',
  'kubevirtci-testing',
] as const;

const SECRETS = [
  'commenter-oauth-token/oauth',
  'cookie-b64encoded/secret',
  'gcs/service-account.json',
  'github-oauth-config/secret',
  'hmac-token/hmac',
  'kubeconfig/config',
  'kubevirtci-coveralls-token/token',
  'kubevirtci-docker-credential/env',
  'kubevirtci-installer-pull-token/token',
  'kubevirtci-quay-credential/env',
  'oauth-token/oauth',
  'slack-token/token',
  'unsplash-api/honk.txt',
];
const UPSTREAMS = 'manifests/test_infra/current/';

/**
 * KubeVirt's deployment of 2020 in the shape of this repository: the same patches, resources and base, with upstream's
 * files as a copy of a commit of `repository`.
 */
export async function workspace2020(repository: string, commit: string): Promise<TestWorkspace> {
  const workspace = await testWorkspace(repository);
  const { root } = workspace;
  await cp(join(SOURCE, 'environments'), join(root, 'environments'), { recursive: true });
  await cp(join(SOURCE, 'base'), join(root, 'kustom-base'), { recursive: true });
  await writable(root);
  await rm(join(root, 'kustom-base/manifests/test_infra'), { recursive: true });
  const base = await readFile(join(root, 'kustom-base/kustomization.yaml'), 'utf8');
  const lines = base.split('\n').filter((line) => line.trimStart().startsWith('- '));
  const used = lines
    .filter((line) => line.includes(UPSTREAMS))
    .map((line) => line.replace(UPSTREAMS, 'manifests/'));
  await sync({ upstream: await workspace.upstream(), revision: commit });
  await workspace.write({
    'kustom-base/kustomization.yaml': `resources:\n${lines.filter((line) => !line.includes(UPSTREAMS)).join('\n')}\n`,
    [`vendor/test-infra/${commit}/kustomization.yaml`]: `resources:\n${used.join('\n')}\n`,
    'kustom-base/secrets-boilerplate/shape.yaml': stringify(
      Object.fromEntries(
        SECRETS.map((path) => [
          path,
          {
            description: 'x',
            readBy: ['x'],
            generate: 'x',
            format: path.endsWith('/env') ? 'env' : 'text',
          },
        ]),
      ),
    ),
  });
  for (const path of SECRETS) {
    const text = path.endsWith('/env') ? 'username=x\npassword=x\n' : 'x';
    await workspace.write({ [`kustom-base/secrets-boilerplate/${path}`]: text });
  }
  for (const name of ENVIRONMENTS_2020) {
    // No script, and so none that render-configs takes.
    await rm(join(root, `environments/${name}/yq_scripts/README`), { force: true });
    const file = `environments/${name}/kustomization.yaml`;
    const text = await readFile(join(root, file), 'utf8');
    const bases = `- ../../kustom-base\n  - ../../vendor/test-infra/${commit}`;
    await workspace.write({
      [file]: text.replace('- ../../base', bases),
      [`environments/${name}/environment.yaml`]: environmentYaml(name),
    });
  }
  return workspace;
}

const NAMESPACES: Readonly<Record<string, string>> = {
  'ibmcloud-production': 'kubevirt-prow',
  'ibmcloud-staging': 'staging-kubevirt-prow',
  'kubevirtci-testing': 'kubernetes-prow',
};

function environmentYaml(name: string): string {
  const namespace = NAMESPACES[name] ?? name;
  return stringify({
    configVersion: '20201021',
    namespaces: { prow: namespace, jobs: `${namespace}-jobs` },
    protection: name === 'ibmcloud-production' ? 'confirm' : 'none',
    secrets: { source: 'generated' },
    cluster: { provider: 'kubeconfig', context: name.replace(/-.*/, '') },
  });
}

// The data are read-only.
async function writable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await writable(path);
    else if (entry.isFile()) await chmod(path, 0o644);
  }
}
