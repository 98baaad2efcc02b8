import { pick } from '@prow-deploy/testing';
import { type Document, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';

export const MUTATION_KINDS = [
  'an argument inserted',
  'a container renamed',
  'a file renamed',
  'a version changed',
  'an object removed',
] as const;
export type MutationKind = (typeof MUTATION_KINDS)[number];

/** The object that a mutation is about, as upstream names it. */
export interface MutatedObject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** A change that upstream could make. */
export interface UpstreamMutation {
  readonly kind: MutationKind;
  /** For people. */
  readonly change: string;
  /** Path → text of every file, afterwards. */
  readonly files: ReadonlyMap<string, string>;
  /** Absent for a file that is renamed. */
  readonly object?: MutatedObject;
  readonly container?: { readonly from: string; readonly to: string };
  readonly argument?: string;
  readonly apiVersion?: string;
}

type Files = ReadonlyMap<string, string>;

/** Makes one mutation of the files that are deployed. */
export function mutateUpstream(
  files: Files,
  used: readonly string[],
  random: () => number,
): UpstreamMutation {
  const kind = pick(random, MUTATION_KINDS);
  const file = pick(random, used);
  if (kind === 'a file renamed') return renameFile(files, file, random);
  const documents = parseAllDocuments(files.get(file) ?? '');
  const candidates = (Array.isArray(documents) ? documents : []).filter(
    (document) => isMap(document.contents) && fits(kind, document),
  );
  if (candidates.length === 0) return mutateUpstream(files, used, random);
  const document = pick(random, candidates);
  const object = objectOf(document);
  const base = { kind, object };
  const where = `${file}: ${object.kind} ${object.name}`;
  const write = (left: readonly Document[] = documents as Document[]): Files =>
    new Map(files).set(
      file,
      left
        .map(String)
        .map((text) => text.replace(/^---\n/, ''))
        .join('---\n'),
    );
  if (kind === 'an object removed') {
    const left = (documents as Document[]).filter((each) => each !== document);
    return { ...base, change: where, files: write(left.length > 0 ? left : []) };
  }
  if (kind === 'a version changed') {
    const before = String(document.get('apiVersion'));
    const apiVersion = otherVersion(before);
    document.set('apiVersion', apiVersion);
    return { ...base, apiVersion, change: `${where}: ${before} → ${apiVersion}`, files: write() };
  }
  const container = pick(random, containersOf(document));
  const from = String(container.get('name'));
  if (kind === 'a container renamed') {
    const to = `${from}-renamed`;
    container.set('name', to);
    return {
      ...base,
      container: { from, to },
      change: `${where}: ${from} → ${to}`,
      files: write(),
    };
  }
  const args = container.get('args');
  const argument = `--inserted-upstream=${Math.floor(1000 * random())}`;
  const index = isSeq(args) ? Math.floor((args.items.length + 1) * random()) : 0;
  if (isSeq(args)) args.items.splice(index, 0, document.createNode(argument));
  return {
    ...base,
    argument,
    container: { from, to: from },
    change: `${where}: ${argument} at ${index}`,
    files: write(),
  };
}

function fits(kind: MutationKind, document: Document): boolean {
  const containers = containersOf(document);
  if (kind === 'a container renamed') return containers.length > 0;
  if (kind === 'an argument inserted') return containers.some((each) => isSeq(each.get('args')));
  return document.has('kind');
}

function renameFile(files: Files, file: string, random: () => number): UpstreamMutation {
  const renamed = new Map(files);
  const to = `renamed-${file}`;
  const isEdited = random() < 0.5;
  renamed.delete(file);
  renamed.set(to, `${files.get(file) ?? ''}${isEdited ? '# And edited.\n' : ''}`);
  return {
    kind: 'a file renamed',
    change: `${file} → ${to}${isEdited ? ', edited' : ''}`,
    files: renamed,
  };
}

function otherVersion(apiVersion: string): string {
  if (!apiVersion.includes('/')) return 'v1beta3';
  return apiVersion.endsWith('/v1') ? `${apiVersion}beta1` : apiVersion.replace(/\/v1.+$/, '/v1');
}

function objectOf(document: Document): MutatedObject {
  const namespace = document.getIn(['metadata', 'namespace']);
  return {
    kind: String(document.get('kind')),
    name: String(document.getIn(['metadata', 'name'])),
    ...(typeof namespace === 'string' ? { namespace } : {}),
  };
}

function containersOf(document: Document) {
  const list = document.getIn(['spec', 'template', 'spec', 'containers']);
  return (isSeq(list) ? list.items : []).flatMap((item) =>
    isMap(item) && isScalar(item.get('name', true)) ? [item] : [],
  );
}
