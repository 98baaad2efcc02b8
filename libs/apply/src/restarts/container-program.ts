import { posix } from 'node:path';
import { type Fields, items, text } from '../fields.ts';
import { type Program, type ProgramFile, PROGRAMS } from './programs.ts';

/** A path that a container's program is known, or told, to read. */
export interface ReadPath {
  readonly path: string;
  /** What it does when that changes; absent where it is only an argument, of which nothing more is known. */
  readonly file?: ProgramFile;
  /** The flag that names the path. */
  readonly flag?: string;
}

/** What runs in a container, and which paths it reads. */
export interface ContainerProgram {
  /** Its name in messages: what is started, else the last segment of the image's name. */
  readonly name: string;
  readonly paths: readonly ReadPath[];
}

/** The program of a container: what its image and its arguments say of it. */
export function containerProgram(container: Fields): ContainerProgram {
  const command = strings(container['command']);
  const { folder, name } = imageName(text(container['image']) ?? '');
  const started = command[0] === undefined ? name : posix.basename(command[0]);
  const known = PROGRAMS.find((program) => isProgram(program, folder, name) && started === name);
  const flags = flagsOf([...command.slice(1), ...strings(container['args'])], container);
  return { name: started, paths: [...knownPaths(known?.files ?? [], flags)] };
}

function* knownPaths(files: readonly ProgramFile[], flags: readonly Flag[]): Generator<ReadPath> {
  for (const { flag, value } of flags) {
    const file = files.find((each) => each.flag === flag);
    if (value.startsWith('/')) {
      yield { path: posix.normalize(value), flag, ...(file === undefined ? {} : { file }) };
    }
  }
  for (const file of files) {
    const isGiven = flags.some(({ flag }) => flag === file.flag);
    if (file.path !== undefined && !isGiven) yield { path: file.path, file };
  }
}

function isProgram({ names, folders }: Program, folder: string, name: string): boolean {
  const isThere = (end: string) => folder === end || folder.endsWith(`/${end}`);
  return names.includes(name) && (folders.length === 0 || folders.some(isThere));
}

// `registry.example.org:5000/folder/name:tag@sha256:…`
function imageName(image: string): { folder: string; name: string } {
  const [path = ''] = image.split('@');
  const slash = path.lastIndexOf('/');
  const [name = ''] = path.slice(slash + 1).split(':');
  return { folder: path.slice(0, Math.max(slash, 0)), name };
}

interface Flag {
  readonly flag: string;
  readonly value: string;
}

// `--flag=value`, `-flag=value` and `--flag value`, with `$(NAME)` filled in where the container says its value.
function flagsOf(words: readonly string[], container: Fields): Flag[] {
  const variables = new Map(
    items(container['env']).map(({ name, value }) => [text(name) ?? '', text(value)]),
  );
  const expand = (word: string) =>
    word.replace(/(?<!\$)\$\(([\w.-]+)\)/g, (whole, name: string) => variables.get(name) ?? whole);
  const expanded = words.map(expand);
  return expanded.flatMap((word, index) => {
    const [, flag, value = expanded[index + 1]] =
      /^--?([A-Za-z][\w.-]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
    return flag === undefined ||
      value === undefined ||
      (value.startsWith('-') && !word.includes('='))
      ? []
      : [{ flag, value }];
  });
}

function strings(value: unknown): string[] {
  return Array.isArray(value)
    ? (value as unknown[]).filter((item) => typeof item === 'string')
    : [];
}
