import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import {
  type Document,
  LineCounter,
  type YAMLError,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
} from 'yaml';

/** A parsed YAML file that knows the line of each of its nodes. */
export interface YamlFile {
  /** Path as people are shown it, relative to the workspace root. */
  readonly file: string;
  readonly documents: readonly Document.Parsed[];
  /** Syntax errors as `file:line: message`. */
  readonly errors: readonly string[];
  /** `file:line` of the key or item that `path` leads to in the first document, or of its closest parent that exists. */
  where(path: readonly unknown[]): string;
}

/** Reads a YAML file. Throws what `readFile` throws; syntax errors are in the result. */
export async function readYamlFile(path: string, workspaceRoot: string): Promise<YamlFile> {
  return parseYamlFile(await readFile(path, 'utf8'), relative(workspaceRoot, path));
}

/** Parses the text of a YAML file; `file` is the path to show. */
export function parseYamlFile(text: string, file: string): YamlFile {
  const lineCounter = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter, prettyErrors: false });
  const documents: readonly Document.Parsed[] = Array.isArray(parsed) ? parsed : [parsed];
  const lineAt = (offset: number): number => Math.max(1, lineCounter.linePos(offset).line);
  return {
    file,
    documents,
    errors: documents.flatMap(({ errors }) =>
      errors.map((error: YAMLError) => `${file}:${lineAt(error.pos[0])}: ${error.message}`),
    ),
    where: (path) => `${file}:${lineAt(offsetOf(documents[0], path))}`,
  };
}

// The offset of the deepest node on the way along `path`.
function offsetOf(document: Document.Parsed | undefined, path: readonly unknown[]): number {
  let node: unknown = document?.contents;
  let offset = 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? key.value : key) === step);
      if (!pair) break;
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      offset =
        (isMap(node) || isScalar(node) || isSeq(node) ? node.range?.[0] : undefined) ?? offset;
    } else break;
  }
  return offset;
}
