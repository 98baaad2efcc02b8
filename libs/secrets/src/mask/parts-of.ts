import { parse } from 'yaml';

/** A piece of a secret file that is a secret by itself. */
export interface Part {
  readonly bytes: Buffer;
  /** Whether it is looked for only where it stands alone: it is short, and longer words may hold it. */
  readonly isWord: boolean;
  /** Whether pieces of it tell it from anything else. */
  readonly inPieces: boolean;
}

/**
 * Values shorter than this are not looked for: they stand in every text, and masking them would say what they are by
 * what is missing. (A value of three characters is guessed in seconds, masked or not.)
 */
export const SHORTEST_VALUE = 4;

/** From this length on a value is looked for within longer words as well, and so is each line or field of a file. */
export const SHORTEST_PART = 8;

/** What no key begins with that is a secret of its own: the same in all of them. */
const PEM_LINE = /^-----(?:BEGIN|END) /;
const DER_HEAD = /^M[A-P]/;

/**
 * Fields that say who somebody is, not that they are it: names, addresses, kinds. They stand in manifests and messages
 * for good reasons, and are looked for only where they look made up by a machine.
 */
const IDENTIFIES =
  /^(?:apiVersion|kind|type|name|namespace|cluster|context|current-context|server|user|username|login|email|client_email|client_id|project_id|registry|universe_domain|.*_ur[il])$/i;
const MADE_UP = /^(?=.*\d)(?=.*[A-Za-z])[\w-]{16,}$/;

/**
 * What has to be looked for to find a secret: the whole value, what stands behind `KEY=` in an env file, each text in a
 * JSON or YAML file, each line; and the same of what such a text holds in base64. Nothing that `isPublic` knows.
 */
export function partsOf(value: Buffer, isPublic: (text: string) => boolean): Part[] {
  const parts = new Map<string, Part>();
  const add = (bytes: Buffer, { isWhole }: { isWhole: boolean }): void => {
    const text = bytes.toString('utf8');
    const name = bytes.toString('latin1');
    if (bytes.length < (isWhole ? SHORTEST_VALUE : SHORTEST_PART)) return;
    const isPemLine = !text.includes('\n') && PEM_LINE.test(text);
    if (parts.has(name) || isPemLine || isPublic(text)) return;
    const inPieces = !/\n|:\/\//.test(text) && !DER_HEAD.test(text);
    parts.set(name, { bytes, isWord: bytes.length < SHORTEST_PART, inPieces });
  };
  const isEnvLine = (line: string): boolean => /^\s*(?:#|[A-Za-z_][\w.-]*=)/.test(line);
  const visit = (bytes: Buffer, isWhole: boolean, depth: number): void => {
    const text = bytes.toString('utf8');
    if (!Buffer.from(text, 'utf8').equals(bytes)) {
      add(bytes, { isWhole });
      return;
    }
    const trimmed = text.trim();
    add(Buffer.from(trimmed), { isWhole });
    const lines = trimmed.split(/\r?\n/);
    for (const line of lines) {
      const [, key = '', text = ''] = /^\s*([A-Za-z_][\w.-]*)=(.+)$/.exec(line) ?? [];
      if (!isLookedFor(key, text)) continue;
      // With and without the quotes that other readers of such files take off.
      for (const form of [text, text.replace(/^(["'])(.*)\1$/, '$2')]) {
        add(Buffer.from(form.trim()), { isWhole: true });
      }
    }
    const texts = lines.length > 1 || /^[{["']/.test(trimmed) ? textsOf(trimmed) : undefined;
    for (const leaf of texts ?? []) if (depth < 3) visit(Buffer.from(leaf), false, depth + 1);
    if (texts === undefined) {
      for (const line of lines) {
        if (!isEnvLine(line)) add(Buffer.from(line.trim()), { isWhole: false });
      }
    }
    const decoded = depth < 3 ? decode(trimmed) : undefined;
    if (decoded !== undefined) visit(decoded, false, depth + 1);
  };
  visit(value, true, 0);
  return [...parts.values()];
}

// The texts that a JSON or YAML file consists of; undefined where it is neither.
function textsOf(text: string): string[] | undefined {
  try {
    const content: unknown = parse(text, { logLevel: 'silent', maxAliasCount: 0 });
    // Lines of plain text are one scalar to YAML.
    return typeof content === 'object' || text.startsWith('"') ? [...leaves(content)] : undefined;
  } catch {
    return undefined;
  }
}

function isLookedFor(field: string, text: string): boolean {
  return !IDENTIFIES.test(field) || MADE_UP.test(text);
}

function* leaves(value: unknown, field = ''): Generator<string> {
  if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      yield* leaves(member, Array.isArray(value) ? field : key);
    }
  } else if (typeof value === 'string') {
    if (isLookedFor(field, value)) yield value;
  } else if (typeof value === 'number' || typeof value === 'bigint') {
    yield String(value);
  }
}

// Text that base64 holds, such as a key in a kubeconfig; undefined for what is none.
function decode(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/\s]{16,}={0,2}\s*$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  const isPrintable = /^[\t\r\n\x20-\x7e]{8,}$/.test(bytes.toString('latin1'));
  return isPrintable ? bytes : undefined;
}
