import { posix } from 'node:path';
import { groupBy } from '../group-by.ts';
import type { ContainerProgram, ReadPath } from './container-program.ts';
import type { Reader } from './reader.ts';
import type { VolumeSource } from './volume-sources.ts';

/** What a change of some keys of a mounted ConfigMap or Secret does to a program. */
export interface KeyVerdict extends Pick<Reader, 'keys' | 'except' | 'parts' | 'because'> {
  readonly onChange: 'restarts' | 'reloads';
}

/** A ConfigMap or Secret as a container sees it. */
export interface Mounted {
  readonly mountPath: string;
  readonly source: VolumeSource;
  /** The keys of the ConfigMap or Secret; absent where it is not among the objects. */
  readonly known: readonly string[] | undefined;
}

/**
 * What a program does when keys of what is mounted for it change. Where several paths that it reads lead to one key, it
 * reloads only if it does for all of them; a key that no path leads to is restarted for.
 */
export function mountedKeys(program: ContainerProgram, mounted: Mounted): KeyVerdict[] {
  const { source, known } = mounted;
  const mountPath = posix.normalize(mounted.mountPath).replace(/(.)\/$/, '$1');
  const reads = program.paths.flatMap((read) => {
    const path = pathWithin(mountPath, read);
    return path === undefined ? [] : [{ ...read, path }];
  });
  const verdictsOf = (path?: string) => verdictsAt(program.name, reads, path);
  if (source.paths !== undefined) {
    return together([...source.paths].map(([key, path]) => [key, verdictsOf(path)]));
  }
  // Without `items`, each key is a file of its own name.
  const named = [...new Set(reads.map(({ path }) => path))].filter(
    (path) => path !== '' && !path.includes('/'),
  );
  const byName = together(named.map((key) => [key, verdictsOf(key)]));
  const areOthers = named.length === 0 || known?.some((key) => !named.includes(key)) === true;
  if (!areOthers) return byName;
  const except = named.length === 0 ? {} : { except: named };
  return [...byName, ...verdictsOf().map((verdict) => ({ ...verdict, ...except }))];
}

// Relative to the mount, empty for all of it, which a folder above it is too. An argument of which nothing is known
// may be any path, so only what is at or below the mount counts.
function pathWithin(mountPath: string, { path, file }: ReadPath): string | undefined {
  if (path === mountPath) return '';
  const below = mountPath === '/' ? '/' : `${mountPath}/`;
  if (path.startsWith(below)) return path.slice(below.length).replace(/\/$/, '');
  const above = path.endsWith('/') ? path : `${path}/`;
  return file !== undefined && mountPath.startsWith(above) ? '' : undefined;
}

// Of the file at a path, or of those that no path names. None where the program is known not to read it.
function verdictsAt(name: string, reads: readonly ReadPath[], path?: string): KeyVerdict[] {
  const hits = reads.filter(
    (read) => read.path === '' || read.path === path || path?.startsWith(`${read.path}/`) === true,
  );
  const blind = hits.find(({ file }) => file === undefined || file.onChange === 'restarts');
  if (hits.length === 0 || blind !== undefined) {
    const what = blind?.flag === undefined ? 'it' : `--${blind.flag}`;
    const because = blind?.file?.because ?? `is not known to reload ${what}`;
    return [{ onChange: 'restarts', because: `${name} ${because}` }];
  }
  const reloaded = hits.flatMap(({ file }) => (file?.onChange === 'reloads' ? [file] : []));
  const parts = [...new Set(reloaded.flatMap(({ atStart = [] }) => atStart))];
  const takes = `${name} takes ${parts.join(', ')} from it at start only`;
  return [
    ...reloaded.slice(0, 1).map(({ because }) => reloads(`${name} ${because}`)),
    ...(parts.length > 0 ? [{ onChange: 'restarts' as const, parts, because: takes }] : []),
  ];
}

function reloads(because: string): KeyVerdict {
  return { onChange: 'reloads', because };
}

// Keys with the same verdicts, in one.
function together(keys: readonly (readonly [string, readonly KeyVerdict[]])[]): KeyVerdict[] {
  const groups = groupBy(keys, ([, verdicts]) => JSON.stringify(verdicts));
  return [...groups.values()].flatMap((group) => {
    const verdicts = group[0]?.[1] ?? [];
    return verdicts.map((verdict) => ({ ...verdict, keys: group.map(([key]) => key) }));
  });
}
