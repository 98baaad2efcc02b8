import { type Finding, finding } from '../finding.ts';
import { describeObject, type KubernetesObject } from '../kubernetes-object.ts';
import { apiGroup } from '../objects/api-group.ts';
import { fields, items, list } from '../objects/fields.ts';
import { wellFormedObjects } from '../objects/well-formed-objects.ts';
import { claimedTwice } from './audit-ingresses.ts';
import { collide, type IngressClaim, ingressClaims } from './ingress-claims.ts';
import { type NameSearch, nameSearch } from './names-in-text.ts';
import { type NameKind, type OwnName, ownNames } from './own-names.ts';
import { sharedMessage, sharedObjects } from './shared-objects.ts';
import { placedTexts } from './texts.ts';
import { isWithinPath, type VolumeSource, volumeSources } from './volumes.ts';

export interface AuditIsolationOptions {
  /**
   * Whether both environments are, or may be, on one cluster. In clusters of their own, objects, folders of nodes and
   * PersistentVolumes are apart anyway, and so are namespaces of the same name. Default: true.
   */
  readonly sameCluster?: boolean;
  /** Name of the environment that is audited, for messages. Default: `this environment`. */
  readonly environment?: string;
  /** Name of the environment that the second list is the render of, for messages. Default: `the other environment`. */
  readonly from?: string;
}

/** How many places of one name in one object are written out. */
const PLACES = 3;

/** How a kind of name is called in a message. */
const KIND_NAMES: Readonly<Record<NameKind, string>> = {
  namespace: 'namespace',
  bucket: 'bucket',
  host: 'host',
  path: 'folder',
  disk: 'disk',
  volume: 'PersistentVolume',
};

/**
 * Checks that nothing in `objects`, one environment's render, reaches into another's: `from`, production's as a rule.
 * Findings are about `objects`: objects that both have (`shared-object`), hosts and paths that both claim
 * (`ingress-claimed-twice`), and namespaces, buckets, hosts, folders, disks and PersistentVolumes of the other that are
 * named anywhere (`names-other-environment`), once per object and name. What is the other's own is read from `from`,
 * see {@link ownNames}. The values of Secrets are not looked at.
 */
export function auditIsolation(
  objects: readonly KubernetesObject[],
  from: readonly KubernetesObject[],
  options: AuditIsolationOptions = {},
): Finding[] {
  const { sameCluster = true, environment = 'this environment' } = options;
  const other = options.from ?? 'the other environment';
  const here = wellFormedObjects(objects);
  const there = wellFormedObjects(from);
  const shared = sameCluster ? sharedObjects(here, there) : new Set<KubernetesObject>();
  const claims = sameCluster ? claimsOfBoth(here, there) : [];
  const names = ownNames(there).flatMap((name) => stillOwn(name, here, sameCluster));
  const search = nameSearch(names, {
    isAmbiguous: ambiguity(here),
    isApiGroup: apiGroups([...here, ...there]),
    hasObject: objectIndex(there),
  });
  const context: Context = { names, search, environment, other, shared, claims };
  return [
    ...[...shared].map((object) =>
      finding('shared-object', sharedMessage(object, other), { object: describeObject(object) }),
    ),
    ...claims
      .filter(({ ingress }) => !shared.has(ingress))
      .map((claim) =>
        claimedTwice(claim, `which ${describeObject(claim.by)} of ${other} claims too`),
      ),
    ...here.flatMap((object) => auditObject(object, context)),
  ];
}

interface Context {
  readonly names: readonly OwnName[];
  readonly search: NameSearch;
  readonly environment: string;
  readonly other: string;
  readonly shared: ReadonlySet<KubernetesObject>;
  readonly claims: readonly IngressClaim[];
}

interface Mention {
  readonly kinds: Set<NameKind>;
  readonly places: string[];
}

function auditObject(object: KubernetesObject, context: Context): Finding[] {
  const { names, search, shared, claims } = context;
  const mentions = new Map<OwnName, Mention>();
  const add = (name: OwnName, kinds: readonly NameKind[], place: string) => {
    const mention = mentions.get(name) ?? { kinds: new Set(), places: [] };
    mentions.set(name, mention);
    for (const kind of kinds) mention.kinds.add(kind);
    if (!mention.places.includes(place)) mention.places.push(place);
  };

  // An object that both have is reported as such.
  const { namespace } = object.metadata;
  const home = names.find(({ value, kinds }) => value === namespace && kinds.has('namespace'));
  if (home && !shared.has(object)) add(home, ['namespace'], 'metadata.namespace');

  const onMap = (map: Readonly<Record<string, unknown>>, path: string) => {
    for (const source of volumeSources(map)) {
      const name = names.find((candidate) => isOn(source, candidate));
      if (name) add(name, [source.kind], path);
    }
    const volume = names.find(
      ({ value, kinds }) => value === map['volumeName'] && kinds.has('volume'),
    );
    if (volume) add(volume, ['volume'], `${path}.volumeName`);
  };
  const hasVolumes = names.some(({ kinds }) => kinds.has('path') || kinds.has('disk'));
  // Reading YAML takes most of the time: only a file with a name in it is read.
  const parses = (text: string) =>
    search.mayName(text) ||
    (hasVolumes &&
      names.some(({ value }) => text.includes(value)) &&
      /hostPath|local|nfs|csi|Disk/.test(text));
  for (const placed of placedTexts(object, { parses, onMap })) {
    if (!search.mayName(placed.text)) continue;
    for (const { name, kinds } of search.namesIn(placed)) add(name, kinds, placed.path);
  }

  const claimed = new Set(
    claims.filter(({ ingress }) => ingress === object).map(({ host }) => host),
  );
  return [...mentions]
    .filter(([{ value }]) => !claimed.has(value))
    .map(([name, mention]) =>
      finding('names-other-environment', message(name, mention, context), {
        object: describeObject(object),
      }),
    );
}

function message(
  { value, kinds }: OwnName,
  { kinds: named, places }: Mention,
  { environment, other }: Context,
): string {
  const what = [...named].map((kind) => KIND_NAMES[kind]).join(' and ');
  const why = [...named].flatMap((kind) => kinds.get(kind) ?? []);
  const shown = places.slice(0, PLACES).join(', ');
  const more = places.length > PLACES ? ` and ${places.length - PLACES} more places` : '';
  return `Names ${value}, ${what} of ${other} (${[...new Set(why)].join('; ')}), at ${shown}${more}. Name what ${environment} has of its own instead.`;
}

function isOn(source: VolumeSource, { value, kinds }: OwnName): boolean {
  if (!kinds.has(source.kind)) return false;
  return source.kind === 'path' ? isWithinPath(source.value, value) : source.value === value;
}

function claimsOfBoth(
  here: readonly KubernetesObject[],
  there: readonly KubernetesObject[],
): (IngressClaim & { readonly by: KubernetesObject })[] {
  const others = ingressClaims(there);
  return ingressClaims(here).flatMap((claim) => {
    const twin = others.find((candidate) => collide(claim, candidate));
    return twin ? [{ ...claim, by: twin.ingress }] : [];
  });
}

/**
 * What of a name's kinds can be the other's alone. A namespace that both render is one shared object, not a mistake in
 * each object within it; a PersistentVolume that is made here is claimed here.
 */
function stillOwn(
  { value, kinds }: OwnName,
  here: readonly KubernetesObject[],
  sameCluster: boolean,
): OwnName[] {
  const renders = (kind: string) =>
    here.some((object) => object.kind === kind && object.metadata.name === value);
  // Whoever renders no namespaces has those that its objects are in.
  const isHome =
    !here.some(({ kind }) => kind === 'Namespace') &&
    here.some((object) => object.metadata.namespace === value);
  const kept = [...kinds].filter(([kind]) => {
    switch (kind) {
      case 'bucket':
      case 'host':
        return true;
      case 'namespace':
        return !renders('Namespace') && (sameCluster || !isHome);
      case 'volume':
        return sameCluster && !renders('PersistentVolume');
      case 'path':
      case 'disk':
        return sameCluster;
    }
  });
  return kept.length === 0 ? [] : [{ value, kinds: new Map(kept) }];
}

// A single word, or a name that something here has as well.
function ambiguity(here: readonly KubernetesObject[]): (value: string) => boolean {
  const own = new Set(
    here.flatMap(({ metadata: { name, namespace = name } }) => [name, namespace]),
  );
  return (value) => !/[-.]/.test(value) || own.has(value);
}

function apiGroups(objects: readonly KubernetesObject[]): (name: string) => boolean {
  const groups = new Set<unknown>();
  for (const object of objects) {
    groups.add(apiGroup(object.apiVersion));
    groups.add(fields(object['spec'])['group']);
    for (const rule of items(object['rules']))
      list(rule['apiGroups']).forEach((group) => groups.add(group));
  }
  return (name) => groups.has(name);
}

function objectIndex(
  there: readonly KubernetesObject[],
): (namespace: string, name: string) => boolean {
  const index = new Set(
    there.map(({ metadata: { namespace = '', name } }) => `${namespace}/${name}`),
  );
  return (namespace, name) => index.has(`${namespace}/${name}`);
}
