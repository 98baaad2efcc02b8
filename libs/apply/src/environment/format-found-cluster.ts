import type { FoundCluster } from './pin-cluster.ts';

/** What a person needs to see of a cluster to tell whether it is the right one; no credentials are among it. */
export function formatFoundCluster(found: FoundCluster): string[] {
  const { environment, kubeconfig, context, identity, pinned, differences } = found;
  const { uid, server, caSha256 } = identity;
  return [
    `The cluster of ${environment}:`,
    `  API server                        ${server}`,
    `  uid of the namespace kube-system  ${uid}`,
    `  SHA-256 of its CA certificates    ${caSha256}`,
    `  found through                     context ${context} of the kubeconfig ${kubeconfig}`,
    ...differences.map(({ name, expected }) => `  It replaces, as ${name}: ${expected}`),
    ...(pinned !== undefined && pinned.uid !== uid
      ? [
          `Warning: this is another cluster than the pinned one. What ${environment} has in that one stays there.`,
        ]
      : []),
    ...(caSha256 === 'insecure'
      ? [
          'Warning: the kubeconfig does not verify the certificate of the API server (insecure-skip-tls-verify): another may answer in its place.',
        ]
      : []),
  ];
}
