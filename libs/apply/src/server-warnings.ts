import type { ApiResponse } from '@prow-deploy/cluster';

/**
 * What an API server warns of in an answer, such as an apiVersion that will be removed: the texts of its `Warning`
 * headers (RFC 7234, section 5.5; several are joined by commas).
 */
export function serverWarnings({ headers }: Pick<ApiResponse, 'headers'>): string[] {
  const value = headers['warning'];
  if (value === undefined) return [];
  const found = String(value).matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g);
  return [...found].map(([, text = '']) => text.replace(/\\(.)/g, '$1'));
}
