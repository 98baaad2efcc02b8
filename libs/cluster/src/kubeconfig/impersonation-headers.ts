import type { KubeconfigUserEntry } from './kubeconfig.ts';

/** The headers for a user that acts as another (`as`, `as-uid`, `as-groups`, `as-user-extra`). */
export function impersonationHeaders(user: KubeconfigUserEntry): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  if (user.as) {
    headers['Impersonate-User'] = user.as;
  }
  if (user['as-uid']) {
    headers['Impersonate-Uid'] = user['as-uid'];
  }
  if (user['as-groups']?.length) {
    headers['Impersonate-Group'] = [...user['as-groups']];
  }
  for (const [name, values] of Object.entries(user['as-user-extra'] ?? {})) {
    headers[`Impersonate-Extra-${encodeURIComponent(name)}`] = [...values];
  }
  return headers;
}
