import type { NameKind, OwnName } from './own-names.ts';
import type { PlacedText } from './texts.ts';

/** What of the other environment a text may name, made once for all texts. */
export interface NameSearch {
  /** Whether a text holds any name at all, in any meaning: a cheap first look. */
  readonly mayName: (text: string) => boolean;
  /** The names that a text names, with the kinds that they have there. */
  readonly namesIn: (placed: PlacedText) => NamedThere[];
}

export interface NamedThere {
  readonly name: OwnName;
  readonly kinds: readonly NameKind[];
}

export interface NameSearchOptions {
  /** Names that mean something else as well: found only where the context says what they are. */
  readonly isAmbiguous: (value: string) => boolean;
  /** Whether a host is an API group too, as `prow.k8s.io` is. */
  readonly isApiGroup: (host: string) => boolean;
  /** Whether the other environment has an object of that name in that namespace. */
  readonly hasObject: (namespace: string, name: string) => boolean;
}

/** Keys, flags and variables whose value is something else of the same spelling: a repository, an object here. */
const OTHER_LABELS =
  /^-*(?:[\w-]*[_-])?(?:[a-z]*name|orgs?|organizations?|repos?|repository|repositories|owners?|users?|teams?|branch(?:es)?|images?|labels?|authors?|logins?|bots?|contexts?|clusters?)$/i;
const BUCKET_LABELS = /bucket|gcs|gs_|^-*b$|storage/i;
/** What stands before the name of a bucket in a path: `/view/gs/<bucket>`, `/gcs/<bucket>`. */
const BUCKET_STEPS = new Set(['gs', 'gcs', 's3', 'b', 'buckets']);
/** What Prow puts at the top of a bucket. */
const BUCKET_FOLDERS = new Set(['logs', 'pr-logs']);
const STORAGE_HOST =
  /(?:^|\.)(?:storage\.(?:googleapis|cloud\.google)\.com|s3[.\w-]*\.amazonaws\.com)$/;

/** Looks for words: namespaces and buckets, which may be part of a longer text, and hosts. */
export function nameSearch(
  names: readonly OwnName[],
  { isAmbiguous, isApiGroup, hasObject }: NameSearchOptions,
): NameSearch {
  const words = names.filter(({ kinds }) => kinds.has('namespace') || kinds.has('bucket'));
  const hosts = names.filter(({ kinds }) => kinds.has('host'));
  // Longest first: of two names at one place, the longer is meant.
  const byValue = new Map([...words, ...hosts].map((name) => [name.value, name]));
  const wordPattern = alternatives(words, '(?<![A-Za-z0-9_-])', '(?![A-Za-z0-9_-])');
  const hostPattern = alternatives(
    hosts,
    '(?<![A-Za-z0-9_.@-])',
    '(?![A-Za-z0-9_-]|\\.[A-Za-z0-9])',
  );
  return {
    mayName: (text) => wordPattern.test(text) || hostPattern.test(text),
    namesIn: (placed) => {
      const found = new Map<OwnName, Set<NameKind>>();
      const add = (value: string, kinds: readonly NameKind[]) => {
        const name = byValue.get(value);
        if (!name || kinds.length === 0) return;
        found.set(name, new Set([...(found.get(name) ?? []), ...kinds]));
      };
      for (const { 0: value, index } of matches(hostPattern, placed.text)) {
        if (!isApiGroup(value) || saysHost(index, placed)) add(value, ['host']);
      }
      for (const { 0: value, index } of matches(wordPattern, placed.text)) {
        add(value, wordKinds(value, index, placed));
      }
      return [...found].map(([name, kinds]) => ({ name, kinds: [...kinds] }));
    },
  };

  function wordKinds(value: string, index: number, placed: PlacedText): NameKind[] {
    const kinds = byValue.get(value)?.kinds ?? new Map<NameKind, string>();
    const context = readContext(value, index, placed);
    const { service, next } = context;
    // Names that hardly stand there by chance; a name of one word may be any word.
    const isTelling = !context.isOther && !isAmbiguous(value);
    const saysNamespace =
      context.saysNamespace ||
      (service !== undefined && (context.isQualified || hasObject(value, service))) ||
      (next !== undefined && context.isFirst && isTelling && hasObject(value, next));
    const said: NameKind[] = [
      ...(saysNamespace ? (['namespace'] as const) : []),
      ...(context.saysBucket ? (['bucket'] as const) : []),
    ];
    if (said.length > 0) return said.filter((kind) => kinds.has(kind));
    if (!context.isBare || !isTelling) return [];
    return (['namespace', 'bucket'] as const).filter((kind) => kinds.has(kind));
  }
}

// What a scheme, a key or a flag says to be a host, and is not the prefix of a label or the group of a kind.
function saysHost(index: number, { text, label }: PlacedText): boolean {
  const before = text.slice(Math.max(0, index - REACH), index);
  const flag = /^(--?[\w-]+)=$/.exec(before)?.[1];
  return (
    before.endsWith('://') || (/host|url|redirect/i.test(flag ?? label) && !/:\s*$/.test(before))
  );
}

interface Context {
  /** A key, flag, variable or path says that a namespace comes. */
  readonly saysNamespace: boolean;
  readonly saysBucket: boolean;
  /** The key or flag says that something else comes: a repository, an image, a user. */
  readonly isOther: boolean;
  /** It stands alone, or is a folder of a node: not part of a host, a URL or an address. */
  readonly isBare: boolean;
  /** It begins the token. */
  readonly isFirst: boolean;
  /** Part of the path that follows it. */
  readonly next: string | undefined;
  /** `deck` of `deck.<namespace>` and of `deck.<namespace>.svc`. */
  readonly service: string | undefined;
  /** `.svc` follows. */
  readonly isQualified: boolean;
}

/** How far a token may reach: beyond that, looking for its ends would take long in a text without spaces. */
const REACH = 500;

function readContext(value: string, index: number, { text, label, keys }: PlacedText): Context {
  const end = index + value.length;
  const before = text.slice(Math.max(0, index - REACH), index);
  const after = text.slice(end, end + REACH);
  // The token around it: what is joined to it by none of the characters that separate words.
  const head = /[^\s"'`,;(){}[\]|<>=]*$/.exec(before)?.[0] ?? '';
  const tail = /^[^\s"'`,;(){}[\]|<>=]*/.exec(after)?.[0] ?? '';
  const flag = /(--?[A-Za-z][\w-]*)(?:=|\s+)["']?[^\s"'=]*$/.exec(before)?.[1];
  const named = flag ?? label;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//.exec(head)?.[1];
  const steps = head.slice(scheme === undefined ? 0 : scheme.length + 3).split('/');
  const previous = steps.length > 1 ? steps.at(-2) : undefined;
  const isLabelStart = (steps.at(-1) ?? '') === '';
  const rest = tail.replace(/[.:]+$/, '');
  const next = /^\/([^/]+)/.exec(rest)?.[1];
  const isWholeStep = isLabelStart && (rest === '' || rest.startsWith('/'));
  const isStorageScheme = scheme === 'gs' || scheme === 's3';
  const isFolder = keys.includes('hostPath') || keys.includes('local');
  // `deck.` before it, and at most `.svc`, a port or a path behind it.
  const service = /^(?:\S*[/@])?([a-z0-9-]+)\.$/.exec(steps.at(-1) ?? '')?.[1];
  const endsHost = /^(?:\.svc(?![\w-])|:\d|\/|$)/.test(rest);
  const isAlone = head === '' && rest === '';
  const isServiceAccount = /system:serviceaccounts?:$/.test(head);
  const saysNamespace =
    isServiceAccount ||
    (isWholeStep && (previous === 'namespaces' || previous === 'ns')) ||
    (isAlone &&
      (/namespace/i.test(named) ||
        flag === '-n' ||
        label === 'kubernetes.io/metadata.name' ||
        /namespace["']?\s*[:=]\s*["']?$/i.test(before) ||
        keys.some((key) => /namespaces$/i.test(key)) ||
        // config-updater: the namespaces of each cluster.
        (keys.includes('config_updater') && keys.at(-2) === 'clusters')));
  const saysBucket =
    isWholeStep &&
    ((isStorageScheme && steps.length === 1) ||
      (previous !== undefined && (BUCKET_STEPS.has(previous) || STORAGE_HOST.test(previous))) ||
      (scheme === undefined && steps.length === 1 && BUCKET_LABELS.test(named)) ||
      (scheme === undefined &&
        steps.length === 1 &&
        next !== undefined &&
        BUCKET_FOLDERS.has(next)));
  return {
    saysNamespace,
    saysBucket: saysBucket || (isLabelStart && STORAGE_HOST.test(rest.replace(/^\.|[:/].*$/g, ''))),
    isOther: OTHER_LABELS.test(named),
    isBare: isAlone || (isFolder && isWholeStep),
    isFirst: head === '',
    next,
    service: endsHost ? service : undefined,
    isQualified: /^\.svc(?![\w-])/.test(rest),
  };
}

function alternatives(names: readonly OwnName[], before: string, after: string): RegExp {
  // Matches nothing where there is no name.
  if (names.length === 0) return /(?!)/;
  const values = names.map(({ value }) => value).sort((a, b) => b.length - a.length);
  const escaped = values.map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`${before}(?:${escaped.join('|')})${after}`);
}

function matches(pattern: RegExp, text: string): IterableIterator<RegExpExecArray> {
  return text.matchAll(new RegExp(pattern, 'g'));
}
