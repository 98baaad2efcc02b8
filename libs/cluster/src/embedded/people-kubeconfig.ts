import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddedFolder } from './embedded-folder.ts';
import { writePrivately } from './write-privately.ts';

/**
 * Writes the kubeconfig for people, and for {@link connectLocal}: whole in itself, so that it can be copied, and in
 * JSON, which kubectl reads like YAML and Node without a parser to load.
 */
export async function writePeopleKubeconfig(folder: EmbeddedFolder, server: string): Promise<void> {
  const read = async (name: string) =>
    (await readFile(join(folder.controlPlane, 'pki', name))).toString('base64');
  const [ca, cert, key] = await Promise.all([read('ca.crt'), read('admin.crt'), read('admin.key')]);
  const name = folder.clusterName;
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name,
        cluster: {
          server,
          'certificate-authority-data': ca,
        },
      },
    ],
    users: [{ name, user: { 'client-certificate-data': cert, 'client-key-data': key } }],
    contexts: [{ name: folder.environment, context: { cluster: name, user: name } }],
    'current-context': folder.environment,
  };
  await writePrivately(folder.kubeconfig, `${JSON.stringify(kubeconfig, undefined, 2)}\n`);
}
