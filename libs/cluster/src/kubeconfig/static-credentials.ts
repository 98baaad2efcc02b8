import { readFile } from 'node:fs/promises';
import { ClusterError } from '../cluster-error.ts';
import type { Credentials } from './credentials.ts';
import { impersonationHeaders } from './impersonation-headers.ts';
import type { KubeconfigSelection } from './kubeconfig.ts';

/** Whether the kubeconfig itself has all that is needed: no plug-in, no provider, no proxy. */
export function hasStaticCredentials({ cluster, user }: KubeconfigSelection): boolean {
  return !user.exec && !user['auth-provider'] && !cluster['proxy-url'];
}

/**
 * Credentials as the kubeconfig has them, or the files that it names. As with kubectl, data wins over a file, a token
 * over a password, but a token file over a token.
 *
 * @throws {ClusterError} `credentials` when a file cannot be read.
 */
export async function staticCredentials(selection: KubeconfigSelection): Promise<Credentials> {
  const { cluster, user } = selection;
  const [ca, cert, key, tokenFromFile] = await Promise.all([
    dataOrFile(cluster['certificate-authority-data'], cluster['certificate-authority']),
    dataOrFile(user['client-certificate-data'], user['client-certificate']),
    dataOrFile(user['client-key-data'], user['client-key']),
    dataOrFile(undefined, user.tokenFile),
  ]);
  const token = tokenFromFile?.toString('utf8').trim() ?? user.token;
  const headers = impersonationHeaders(user);
  if (token) {
    headers['Authorization'] = `Bearer ${token}`;
  } else if (user.username) {
    const pair = Buffer.from(`${user.username}:${user.password ?? ''}`);
    headers['Authorization'] = `Basic ${pair.toString('base64')}`;
  }
  return {
    ca,
    cert,
    key,
    servername: cluster['tls-server-name'],
    rejectUnauthorized: cluster['insecure-skip-tls-verify'] === true ? false : undefined,
    headers,
  };
}

async function dataOrFile(
  data: string | undefined,
  path: string | undefined,
): Promise<Buffer | undefined> {
  if (data) {
    return Buffer.from(data, 'base64');
  }
  if (!path) {
    return undefined;
  }
  try {
    return await readFile(path);
  } catch (error) {
    throw new ClusterError(
      'credentials',
      `Cannot read ${path}, which the kubeconfig names: ${(error as Error).message}. ` +
        'Renew the credentials (log in again), or correct the kubeconfig.',
      { cause: error },
    );
  }
}
