import type { RequestOptions } from 'node:https';
import { ClusterError } from '../cluster-error.ts';
import type { CredentialsSource } from './credentials.ts';
import { impersonationHeaders } from './impersonation-headers.ts';
import type { KubeconfigClusterEntry, KubeconfigExec, KubeconfigSelection } from './kubeconfig.ts';

/**
 * Credentials that take more than reading: plug-ins (`exec`), OIDC and other providers, and proxies. They come from
 * `@kubernetes/client-node`, which is loaded at the first use, because loading it costs over 400 ms.
 *
 * Only its credentials are used, not its typed API: its serializer keeps the fields that its own models know and drops
 * the others without a word, so an object of a newer API server would lose fields on its way.
 */
export function clientNodeCredentials(selection: KubeconfigSelection): CredentialsSource {
  const { cluster, user } = selection;
  let loading: Promise<{ applyToHTTPSOptions(options: RequestOptions): Promise<void> }> | undefined;
  const load = async () => {
    const { KubeConfig } = await import('@kubernetes/client-node');
    const config = new KubeConfig();
    const names = { cluster: 'cluster', user: 'user' };
    config.loadFromString(
      JSON.stringify({
        clusters: [{ name: names.cluster, cluster: { ...cluster, server: selection.server } }],
        users: [
          {
            name: names.user,
            user: user.exec ? { ...user, exec: withExecInfo(user.exec, selection) } : user,
          },
        ],
        contexts: [{ name: selection.context, context: names }],
      }),
    );
    config.setCurrentContext(selection.context);
    return config;
  };
  return async () => {
    const options: RequestOptions = {};
    try {
      loading ??= load();
      await (await loading).applyToHTTPSOptions(options);
    } catch (error) {
      throw new ClusterError(
        'credentials',
        `Cannot obtain credentials for the context "${selection.context}"${
          user.exec ? ` from the plug-in ${user.exec.command ?? '(without a command)'}` : ''
        }: ${(error as Error).message.trim()}. Log in again, and try "kubectl --context ${selection.context} version".`,
        { cause: error },
      );
    }
    const headers = { ...(options.headers as Record<string, string> | undefined) };
    if (options.auth) {
      headers['Authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
    }
    return {
      ca: options.ca as Buffer | undefined,
      cert: options.cert as Buffer | string | undefined,
      key: options.key as Buffer | string | undefined,
      servername: options.servername,
      rejectUnauthorized: options.rejectUnauthorized,
      headers: { ...headers, ...impersonationHeaders(user) },
      agent: cluster['proxy-url'] ? (options.agent as never) : undefined,
    };
  };
}

/**
 * Plug-ins read from KUBERNETES_EXEC_INFO which version to answer in, and some refuse to work without it. client-node
 * 1.4 does not set it.
 */
function withExecInfo(exec: KubeconfigExec, selection: KubeconfigSelection): KubeconfigExec {
  const info = {
    apiVersion: exec.apiVersion,
    kind: 'ExecCredential',
    spec: {
      interactive: false,
      ...(exec.provideClusterInfo
        ? { cluster: clusterInfo(selection.cluster, selection.server) }
        : {}),
    },
  };
  const set = { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) };
  return { ...exec, args: exec.args ?? [], env: [...(exec.env ?? []), set] };
}

function clusterInfo(cluster: KubeconfigClusterEntry, server: string): Record<string, unknown> {
  return {
    server,
    'tls-server-name': cluster['tls-server-name'],
    'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'],
    'certificate-authority-data': cluster['certificate-authority-data'],
    'proxy-url': cluster['proxy-url'],
  };
}
