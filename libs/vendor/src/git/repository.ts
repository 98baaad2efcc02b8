import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { VendorError } from '../vendor-error.ts';

/** A git repository to copy from. */
export interface Repository {
  /** As it was given, for people and for source.yaml. */
  readonly name: string;
  /** As git is told. */
  readonly address: string;
  /** Whether it is on this machine. */
  readonly isLocal: boolean;
}

/**
 * Reads what names a repository: a URL, `user@host:path`, or a path, relative to `from`.
 *
 * @throws {VendorError} `unreachable` where a path leads nowhere, `invalid-settings` for a URL with a password in it.
 */
export function repositoryOf(name: string, from: string): Repository {
  const url = /^([a-z][a-z0-9+.-]*):\/\/(?:([^/@]*)@)?/i.exec(name);
  if (url) {
    const [, scheme = '', user = ''] = url;
    if (user.includes(':') || (user !== '' && scheme.toLowerCase().startsWith('http'))) {
      throw new VendorError(
        'invalid-settings',
        `Cannot use the repository ${name.replace(`${user}@`, '…@')}: its URL holds credentials, which would be written to source.yaml. Leave them out; git asks its credential helper.`,
      );
    }
    return { name, address: name, isLocal: scheme.toLowerCase() === 'file' };
  }
  const path = resolve(from, name);
  if (existsSync(path)) return { name, address: path, isLocal: true };
  if (!isAbsolute(name) && /^[\w.-]+@?[\w.-]*:[^\\]/.test(name)) {
    return { name, address: name, isLocal: false };
  }
  throw new VendorError(
    'unreachable',
    `Cannot read the repository ${name}: there is no ${path}. Give a URL, or the path of a clone.`,
  );
}
