import { execFile } from 'node:child_process';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from '@prow-deploy/environment';
import { ensureTool } from '@prow-deploy/toolchain';
import pLimit from 'p-limit';
import { parseJson } from '../forms/parse.ts';
import { type FoundValue, readValueFile } from '../read-value-file.ts';
import type { SecretSource, SourceOptions } from './source.ts';

/** Folder of an environment's encrypted secrets, in git and in the boilerplate's shape. */
const FOLDER = 'sops';

// Each sops is a process; more at once than this gain nothing.
const AT_ONCE = 4;

/**
 * Files that SOPS encrypted, in git: `environments/<name>/sops`, one for each secret file. A value is what
 * `sops decrypt <file>` prints; sops finds the age key as it always does (`SOPS_AGE_KEY_FILE`, `SOPS_AGE_KEY`, its file
 * below the configuration folder). Values go through a pipe: none is in an argument or on the disk.
 *
 * @see https://getsops.io/docs/#encrypting-using-age
 */
export function sopsSource(
  environment: Environment,
  { signal, onToolProgress }: SourceOptions,
): Promise<SecretSource> {
  const folder = join(environment.directory, FOLDER);
  const shown = relative(environment.workspaceRoot, folder);
  const limit = pLimit(AT_ONCE);
  let sops: Promise<string> | undefined;
  return Promise.resolve({
    description: `${shown} (SOPS)`,
    folder,
    read: async ({ path }) => {
      const file = join(folder, path);
      const found = await readValueFile(file, folder);
      if (found.state !== 'read') return found;
      const encrypted = found.bytes.toString('utf8');
      const changedAt = lastModified(encrypted);
      if (!changedAt) return { state: 'unreadable', says: PLAIN };
      sops ??= ensureTool('sops', {
        ...(signal ? { signal } : {}),
        ...(onToolProgress ? { onProgress: onToolProgress } : {}),
      });
      const program = await sops;
      return limit(() => decrypt(program, file, { encrypted, changedAt, signal }));
    },
    beginning:
      `Write each value with the age key of whoever may read it:\n` +
      `  sops encrypt --age age1… <file of the value> > ${shown}/<folder>/<file>`,
  });
}

const PLAIN =
  'is not encrypted: a value that was committed is public, so make a new one, and sops encrypt it';

interface Encrypted {
  readonly encrypted: string;
  readonly changedAt: Date;
  readonly signal: AbortSignal | undefined;
}

async function decrypt(
  sops: string,
  file: string,
  { encrypted, changedAt, signal }: Encrypted,
): Promise<FoundValue> {
  try {
    const { stdout } = await promisify(execFile)(
      sops,
      ['--disable-version-check', 'decrypt', ...typeOptions(encrypted), file],
      { encoding: 'buffer', maxBuffer: 64 * 2 ** 20, ...(signal ? { signal } : {}) },
    );
    return { state: 'read', bytes: stdout, changedAt };
  } catch (error) {
    signal?.throwIfAborted();
    const { stderr } = error as { stderr?: Buffer };
    return { state: 'unreadable', says: reason(stderr?.toString('utf8') ?? '', encrypted) };
  }
}

// sops takes the format from the file's name, and what it encrypted as a whole under a name such as `key.json` for JSON.
function typeOptions(encrypted: string): string[] {
  const content = parseJson(encrypted);
  const isWhole =
    typeof content === 'object' &&
    content !== null &&
    Object.keys(content).sort().join() === 'data,sops';
  return isWhole ? ['--input-type', 'binary', '--output-type', 'binary'] : [];
}

// sops' own words are not shown: those on a wrong MAC hold a digest of the values, which has no key.
function reason(stderr: string, encrypted: string): string {
  if (
    /MAC mismatch|cipher: message authentication failed|Failed to verify data integrity/i.test(
      stderr,
    )
  ) {
    return 'was changed after it was encrypted: take it from git again, and change it with sops edit';
  }
  if (
    /no identity matched|failed to load age identities|Failed to get the data key|did not find keys/i.test(
      stderr,
    )
  ) {
    const recipients = [...new Set(encrypted.match(/age1[0-9a-z]{20,}/g) ?? [])];
    const whose = recipients.length > 0 ? ` It is encrypted for ${recipients.join(', ')}.` : '';
    return `cannot be decrypted with an age key of this machine: name the right one in SOPS_AGE_KEY_FILE, or let whoever has it add yours (sops updatekeys).${whose}`;
  }
  return 'is damaged: sops cannot read it';
}

// In whatever format sops wrote the file, its own data has the time of the last change.
function lastModified(encrypted: string): Date | undefined {
  const [, time] = /lastmodified"?\s*[:=]\s*"?'?(\d{4}-\d\d-\d\dT[\d:]+Z)/.exec(encrypted) ?? [];
  return time === undefined ? undefined : new Date(time);
}
