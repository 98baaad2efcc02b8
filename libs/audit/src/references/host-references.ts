import { nearestName } from './nearest-name.ts';
import type { Reference } from './reference.ts';
import type { RenderedObjects } from './rendered-objects.ts';
import type { Setting } from './settings.ts';

/**
 * The Services that a setting names as a host: in a URL, as a name of the cluster (`hook.prow.svc`), or alone where the name of
 * the setting says that it is a host (`--push-gateway=pushgateway`).
 *
 * A host without dots is a Service of the namespace of the pod that reads it, by the search list in its resolv.conf.
 * Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
 */
export function* hostReferences(setting: Setting, objects: RenderedObjects): Generator<Reference> {
  const { value } = setting;
  let hasUrl = false;
  for (const [, scheme = '', authority = '', next] of matches(URLS, '://', value)) {
    hasUrl = true;
    // What a template fills in is not known.
    if (authority === '' || (next !== undefined && TEMPLATE.includes(next))) continue;
    const { host, port } = splitPort(authority.slice(authority.lastIndexOf('@') + 1));
    const name = scheme.toLowerCase();
    const service = serviceOf(host, setting, objects);
    const shown = `${name}://${host}${port === undefined ? '' : `:${String(port)}`}`;
    if (service) yield reference(setting, service, port ?? DEFAULT_PORTS[name], shown);
  }
  if (hasUrl) return;
  for (const [, host = '', port] of matches(CLUSTER_HOSTS, '.svc', value)) {
    const service = serviceOf(host, setting, objects);
    if (service) yield reference(setting, service, port ? Number(port) : undefined, host);
  }
  yield* bareHost(setting, objects);
}

// Schemes whose authority is a host: not those of buckets, files and images.
const URLS =
  /(?<![\w+.-])(https?|wss?|grpcs?|tcp|tls|udp|rediss?|amqps?|nats|ldaps?|smtps?|ftp|postgres(?:ql)?|mysql|mongodb):\/\/([\w.:@~-]*)(.)?/gi;
const TEMPLATE = '${%<>*([|\\';
const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, ws: 80, https: 443, wss: 443 };
const CLUSTER_HOSTS =
  /(?<![\w.:/@$)}-])([a-z0-9-]+(?:\.[a-z0-9-]+)+\.svc(?:\.cluster\.local)?)\.?(?::(\d+))?(?![\w.-])/g;

// Most texts have neither: asking for a part first is what keeps the audit fast.
function matches(pattern: RegExp, part: string, value: string): Iterable<RegExpMatchArray> {
  return value.includes(part) ? value.matchAll(pattern) : [];
}

const LABEL = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;
const NO_SERVICE = ['localhost', 'example'];

interface ServiceName {
  readonly name: string;
  /** Absent where any namespace will do. */
  readonly namespace?: string;
}

// The Service that a host stands for; `undefined` for hosts of the world outside.
function serviceOf(
  host: string,
  { namespace, aliases }: Setting,
  objects: RenderedObjects,
): ServiceName | undefined {
  if (aliases?.has(host) === true) return undefined;
  const labels = host
    .replace(/\.$/, '')
    .replace(/\.svc\.cluster\.local$/, '.svc')
    .split('.');
  const [name = '', inNamespace = ''] = labels;
  if (labels.length === 1) {
    if (!LABEL.test(name) || NO_SERVICE.includes(name)) return undefined;
    return { name, ...(namespace === undefined ? {} : { namespace }) };
  }
  if (labels.at(-1) === 'svc') {
    // Before the Service there may be a pod (of a StatefulSet), or a port and a protocol.
    const [service = '', ofNamespace = ''] = labels.slice(-3, -1);
    return labels.length > 2 && LABEL.test(service)
      ? { name: service, namespace: ofNamespace }
      : undefined;
  }
  if (labels.length !== 2 || !LABEL.test(name)) return undefined;
  // No public domain ends in a name with a dash: near a namespace's name, it is that of another environment or misspelt.
  const isNamespace =
    objects.namespaces.has(inNamespace) ||
    (/^[a-z0-9]+(-[a-z0-9]+)+$/.test(inNamespace) &&
      nearestName(inNamespace, objects.namespaces) !== undefined);
  return isNamespace ? { name, namespace: inNamespace } : undefined;
}

// Names of settings whose value is a host. That of the second kind may have other values too: a port behind it, or a
// Service of the same name in the render (with a prefix or suffix), shows that it is a host.
const HOST = /(^|-)(gateway|endpoint)$/;
const MAYBE_HOST = /(^|-)(upstream|hosts?|addr|addresse?s?|servers?|url|uri|broker|brokers)$/;
const BARE = /^([a-z0-9-]+(?:\.[a-z0-9-]+)?)(?::(\d+))?$/;
const NO_HOST =
  /^(true|false|yes|no|on|off|none|null|nil|auto|any|all|default|enabled|disabled|unix|tcp|udp|https?)$/;

function* bareHost(setting: Setting, objects: RenderedObjects): Generator<Reference> {
  const isHost = HOST.test(setting.name);
  if (!isHost && !MAYBE_HOST.test(setting.name)) return;
  const [, host = '', port] = BARE.exec(setting.value) ?? [];
  if (host === '' || NO_HOST.test(host)) return;
  const service = serviceOf(host, setting, objects);
  if (service === undefined) return;
  const isLikely = isHost || port !== undefined || host.includes('.') || hasLike(host, objects);
  if (isLikely) {
    yield reference(setting, service, port === undefined ? undefined : Number(port), host);
  }
}

function hasLike(host: string, objects: RenderedObjects): boolean {
  return objects.ofKind('Service').some(({ metadata: { name } }) => {
    return name === host || name.endsWith(`-${host}`) || name.startsWith(`${host}-`);
  });
}

function splitPort(authority: string): { host: string; port?: number } {
  const [, host = authority, port] = /^(.*?)(?::(\d+))?$/.exec(authority) ?? [];
  return port === undefined ? { host } : { host, port: Number(port) };
}

function reference(
  { from, by }: Setting,
  service: ServiceName,
  port: number | undefined,
  shown: string,
): Reference {
  return {
    from,
    by: `${by}: ${shown}`,
    code: 'absent-host',
    to: { kind: 'Service', ...service },
    ...(port === undefined ? {} : { port }),
  };
}
