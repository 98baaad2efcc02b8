import { describeObject, type KubernetesObject } from '../kubernetes-object.ts';
import { fields, items, list, text } from '../objects/fields.ts';
import { podTemplates } from '../objects/pod-templates.ts';
import { type PlacedText, placedTexts } from './texts.ts';
import { volumeSources } from './volumes.ts';

/** What a name can be the name of. */
export const NAME_KINDS = ['namespace', 'bucket', 'host', 'path', 'disk', 'volume'] as const;
export type NameKind = (typeof NAME_KINDS)[number];

/** A name that an environment owns. */
export interface OwnName {
  readonly value: string;
  /** Kind → what makes it the environment's own, such as `Namespace kubevirt-prow` or `Ingress kubevirt-prow/deck`. */
  readonly kinds: ReadonlyMap<NameKind, string>;
}

/** Keys under which Prow's configuration says the URLs of the deployment itself. */
const OWN_URL_KEYS =
  /^(?:job_url_template|job_url_prefix|job_url_prefix_config|target_urls?|pr_status_base_urls?)$/;
/** The browser of artifacts may be someone else's: it is the deployment's own in its own domain only. */
const BROWSER_KEYS = /^gcs_browser_prefix(?:es|es_by_repo|es_by_bucket)?$/;
const NAMESPACE_KEYS = /^(?:prowjob_namespace|pod_namespace)$/;
const BUCKET_KEYS = /(?:^|_)bucket$/;
const BUCKET_FLAG = /^--?(?:[\w-]+-)?bucket$/;
/** What a container that serves or fills buckets is called: its `-b` is a bucket, that of git is a branch. */
const STORAGE_CONTAINER = /gcs|s3|bucket|storage/i;
const BUCKET = /^(?:(?:gs|s3):\/\/)?([a-z0-9](?=[\d.]*[a-z])[\w.-]+[a-z0-9])\/?$/;
const MAY_OWN =
  /job_url_|target_url|pr_status_base_url|gcs_browser_prefix|(?:prowjob|pod)_namespace|bucket|hostPath|nfs:|volumeHandle|pdName/;

/**
 * The names that an environment owns, by general rules:
 * its namespaces (rendered, or where its pods and ServiceAccounts are), the hosts of its Ingresses and of the URLs that
 * its Prow configuration gives for itself, the buckets that it is configured to use, the folders and disks that its
 * volumes are on, and the PersistentVolumes that it renders or claims.
 */
export function ownNames(objects: readonly KubernetesObject[]): OwnName[] {
  const names = new Map<string, Map<NameKind, string>>();
  const browsers = new Map<string, string>();
  for (const object of objects) {
    const owner = describeObject(object);
    const add = (kind: NameKind, value: string | undefined, why = owner) => {
      if (value === undefined || value === '') return;
      const kinds = names.get(value) ?? new Map<NameKind, string>();
      names.set(value, kinds);
      if (!kinds.has(kind)) kinds.set(kind, why);
    };
    if (object.kind === 'Namespace' && !isSystem(object.metadata.name)) {
      add('namespace', object.metadata.name);
    }
    const containers = podTemplates(object).flatMap((template) => template.containers);
    const isInhabitant = object.kind === 'ServiceAccount' || containers.length > 0;
    const { namespace } = object.metadata;
    if (isInhabitant && namespace !== undefined && !isSystem(namespace))
      add('namespace', namespace);
    for (const host of servedHosts(object)) add('host', host);
    if (object.kind === 'PersistentVolume') add('volume', object.metadata.name);
    if (object.kind === 'PersistentVolumeClaim') {
      add('volume', text(fields(object['spec'])['volumeName']));
    }
    const texts = placedTexts(object, {
      parses: (file) => MAY_OWN.test(file),
      onMap: (map) => {
        for (const { kind, value } of volumeSources(map)) add(kind, value);
      },
    });
    const isStorage = containers.some((container) =>
      STORAGE_CONTAINER.test(`${container.name} ${text(container.fields['image']) ?? ''}`),
    );
    for (const placed of texts) {
      const why = `${owner}: ${placed.path}`;
      for (const bucket of buckets(placed, object.kind, isStorage)) add('bucket', bucket, why);
      if (object.kind !== 'ConfigMap') continue;
      if (NAMESPACE_KEYS.test(placed.label)) add('namespace', placed.text, why);
      if (placed.keys.some((key) => OWN_URL_KEYS.test(key))) {
        for (const host of urlHosts(placed.text)) add('host', host, why);
      }
      if (placed.keys.some((key) => BROWSER_KEYS.test(key))) {
        for (const host of urlHosts(placed.text)) browsers.set(host, why);
      }
    }
  }
  for (const [host, why] of browsers) {
    const isNeighbour = [...names].some(
      ([name, kinds]) => kinds.has('host') && domain(name) === domain(host),
    );
    if (isNeighbour && !names.get(host)?.has('host')) {
      names.set(host, new Map([...(names.get(host) ?? []), ['host', why]]));
    }
  }
  return [...names].map(([value, kinds]) => ({ value, kinds }));
}

function isSystem(namespace: string): boolean {
  return namespace.startsWith('kube-');
}

/** Hosts at which an object makes something reachable from outside. */
function servedHosts({ kind, metadata, spec: value }: KubernetesObject): string[] {
  const spec = fields(value);
  const hosts: unknown[] = [];
  if (kind === 'Ingress') {
    hosts.push(...items(spec['rules']).map((rule) => rule['host']));
    hosts.push(...items(spec['tls']).flatMap((tls) => list(tls['hosts'])));
  }
  if (kind === 'HTTPRoute') hosts.push(...list(spec['hostnames']));
  if (kind === 'Route') hosts.push(spec['host']);
  const names = metadata.annotations?.['external-dns.alpha.kubernetes.io/hostname'];
  hosts.push(...(names?.split(',') ?? []));
  // A name without a dot is no public host.
  return hosts
    .flatMap((host) => text(host)?.trim().toLowerCase() ?? [])
    .filter((host) => host.includes('.'));
}

/** Buckets that a value is about by its flag, key or scheme; what a script merely reads from is not among them. */
function buckets(placed: PlacedText, kind: string, isStorage: boolean): string[] {
  const [, flag = placed.label, given = placed.text] = /^(--?[\w-]+)=(.*)$/.exec(placed.text) ?? [];
  const isArgument = kind !== 'ConfigMap' && /\.(?:args|command)\[/.test(placed.path);
  const isNamed = isArgument
    ? BUCKET_FLAG.test(flag) || (isStorage && flag === '-b')
    : BUCKET_KEYS.test(placed.label.toLowerCase()) && !placed.path.endsWith(placed.text);
  if (isNamed) return BUCKET.exec(given)?.slice(1) ?? [];
  return isArgument
    ? [...given.matchAll(/\b(?:gs|s3):\/\/([a-z0-9][\w.-]+[a-z0-9])/g)].map(([, name = '']) => name)
    : [];
}

function urlHosts(value: string): string[] {
  return [...value.matchAll(/https?:\/\/([\w-]+(?:\.[\w-]+)+)/g)].map(([, host]) => host ?? '');
}

// What is behind the first label, where that is a domain and not merely the top of one.
function domain(host: string): string {
  const parent = host.slice(host.indexOf('.') + 1);
  return parent.includes('.') ? parent : host;
}
