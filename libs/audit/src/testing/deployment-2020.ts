import { existsSync } from 'node:fs';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

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

/** A writable copy of KubeVirt's deployment of 2020 that kustomize can build: links, configs and dummy secrets in place. */
export async function copy2020(): Promise<{ root: string; remove: () => Promise<void> }> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'audit-2020-')));
  for (const folder of ['base', 'environments']) {
    await cp(join(SOURCE, folder), join(root, folder), { recursive: true });
  }
  await writable(root);
  const [sha] = await readdir(join(root, 'base/manifests/test_infra'));
  await symlink(sha ?? '', join(root, 'base/manifests/test_infra/current'));
  await symlink('20201021', join(root, 'base/configs/current'));
  for (const environment of ENVIRONMENTS_2020) {
    const folder = join(root, 'environments', environment);
    await cp(join(SOURCE, 'expected', environment), join(folder, 'configs'), { recursive: true });
    await writable(join(folder, 'configs'));
    for (const secret of SECRETS) {
      await mkdir(dirname(join(folder, 'secrets', secret)), { recursive: true });
      const text = secret.endsWith('/env') ? 'username=dummy\npassword=dummy\n' : 'dummy';
      await writeFile(join(folder, 'secrets', secret), text);
    }
  }
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}

/** What kustomize v5.7.1 built of it. */
export function expected2020(environment: string): Promise<string> {
  return readFile(join(SOURCE, 'expected-kustomize', `${environment}.yaml`), 'utf8');
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
