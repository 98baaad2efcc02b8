import type { KubernetesObject } from '../kubernetes-object.ts';
import { fields, items, text } from '../objects/fields.ts';

/** A host and path that an Ingress asks for. */
export interface IngressClaim {
  readonly ingress: KubernetesObject;
  /** Empty: any host. */
  readonly host: string;
  readonly path: string;
  /** Whether only this very path is meant. An exact path and a prefix of the same text do not collide: exact wins. */
  readonly exact: boolean;
  /** Undefined: the cluster's default, whichever it is. */
  readonly ingressClass: string | undefined;
}

/** What the Ingresses among `objects` claim. A canary of ingress-nginx claims nothing: it is meant to be the second. */
export function ingressClaims(objects: readonly KubernetesObject[]): IngressClaim[] {
  return objects.flatMap((ingress) => {
    if (ingress.kind !== 'Ingress') return [];
    const annotations = ingress.metadata.annotations ?? {};
    if (annotations['nginx.ingress.kubernetes.io/canary'] === 'true') return [];
    const spec = fields(ingress['spec']);
    const ingressClass =
      text(spec['ingressClassName']) ?? text(annotations['kubernetes.io/ingress.class']);
    return items(spec['rules']).flatMap((rule) =>
      items(fields(rule['http'])['paths']).map(({ path, pathType }): IngressClaim => ({
        ingress,
        host: (text(rule['host']) ?? '').toLowerCase(),
        // No path is every path; a slash at the end of a prefix says nothing.
        path: normalPath(text(path) ?? '/', pathType),
        exact: pathType === 'Exact',
        ingressClass,
      })),
    );
  });
}

function normalPath(path: string, pathType: unknown): string {
  return pathType === 'Prefix' ? path.replace(/(?<=.)\/+$/, '') : path;
}

/** Whether two claims are for the same requests of the same controller, as far as is known. */
export function collide(a: IngressClaim, b: IngressClaim): boolean {
  return (
    a.host === b.host &&
    a.path === b.path &&
    a.exact === b.exact &&
    (a.ingressClass === undefined ||
      b.ingressClass === undefined ||
      a.ingressClass === b.ingressClass)
  );
}

/** `prow.example.com/hook`; `*` for any host. */
export function describeClaim({ host, path }: IngressClaim): string {
  return `${host === '' ? '*' : host}${path}`;
}

/** Everything at every host: which Ingress is meant to get the rest is for the cluster's administrator to say. */
export function isCatchAll({ host, path }: IngressClaim): boolean {
  return host === '' && path === '/';
}
