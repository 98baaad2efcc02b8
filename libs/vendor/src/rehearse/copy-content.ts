import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { manifestOf } from '../copy/select-manifests.ts';
import { MANIFESTS_FOLDER, readSource } from '../copy/source.ts';
import { type CopyFiles } from './compare-files.ts';

/** A copy as a rehearsal compares it. */
export interface CopyContent extends CopyFiles {
  /** When its commit was committed; absent for a starter. */
  readonly date?: string;
}

/** Reads a copy: `directory` holds its source.yaml. */
export async function readCopy(directory: string, workspaceRoot: string): Promise<CopyContent> {
  const { files, date } = await readSource(directory, workspaceRoot);
  const kustomization = readFileSync(join(directory, 'kustomization.yaml'), 'utf8');
  const { resources } = (parse(kustomization) ?? {}) as { resources?: unknown };
  const named = (Array.isArray(resources) ? resources : []).flatMap((resource: unknown) => {
    const file = typeof resource === 'string' ? manifestOf(resource) : undefined;
    return file === undefined ? [] : [file];
  });
  return {
    files,
    used: new Set(named),
    read: (path) => {
      const file = files.find((each) => each.path === path);
      // A link's content is the path it holds, which says nothing here.
      return file === undefined || file.mode === '120000'
        ? ''
        : readFileSync(join(directory, MANIFESTS_FOLDER, path), 'utf8');
    },
    ...(date === undefined ? {} : { date }),
  };
}

/**
 * Objects that one copy deploys and another has in files which it does not deploy. Gives the file of an object of a build,
 * whose name may have got a prefix or a suffix on the way.
 */
export function findUnused(
  before: CopyContent,
  after: CopyContent,
): (object: string) => string | undefined {
  const deployed = new Set([...before.used].flatMap((path) => namesIn(before, path)));
  const files = new Map(
    after.files
      .filter(({ path }) => !after.used.has(path))
      .flatMap(({ path }) => namesIn(after, path).map((name) => [name, path] as const))
      .filter(([name]) => deployed.has(name)),
  );
  return (object) => {
    const [kind = '', reference = ''] = object.split(' ');
    const built = reference.slice(reference.indexOf('/') + 1);
    return [...files].find(([name]) => {
      const [otherKind, upstream = ''] = name.split(' ');
      return otherKind === kind && `-${built}-`.includes(`-${upstream}-`);
    })?.[1];
  };
}

function namesIn({ read }: CopyContent, path: string): string[] {
  return ['.yaml', '.yml'].includes(extname(path)) ? objectNames(read(path)) : [];
}

// What objects a manifest's text holds, as `Kind name`; none where it is no YAML.
function objectNames(text: string): string[] {
  const documents = parseAllDocuments(text, { logLevel: 'silent', uniqueKeys: false });
  return (Array.isArray(documents) ? documents : []).flatMap((document) => {
    if (document.errors.length > 0) return [];
    const { kind, metadata } = (document.toJS() ?? {}) as Record<string, unknown>;
    const { name } = (metadata ?? {}) as Record<string, unknown>;
    return typeof kind === 'string' && typeof name === 'string' ? [`${kind} ${name}`] : [];
  });
}
