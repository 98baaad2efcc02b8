import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile, link, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Makes digests that tell whether a secret changed, and that nobody without this user's key can guess values from: they
 * stand in receipts, in Nx's cache and in the cluster.
 *
 * HMAC-SHA-256 (RFC 2104) over the parts, each behind its length, so that no two lists of parts are the same message. A
 * plain hash, salted or not, would not do: a secret may be short, and whoever reads the receipt could try all of them;
 * a slow hash would only make that take longer. The key is what cannot be guessed: 32 random bytes of this machine's user,
 * outside of the repository, mode 0600. It also means that a digest is of no use on another machine: work is done again
 * there, which is correct.
 */
export type KeyedDigest = (parts: readonly (string | Buffer)[]) => string;

/** Reads this user's key (XDG_STATE_HOME/prow-deploy/digest.key, mode 0600), making it on first use. */
export async function keyedDigest(): Promise<KeyedDigest> {
  const key = await userKey(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'));
  return (parts) => {
    const hmac = createHmac('sha256', key);
    for (const part of parts) hmac.update(`${Buffer.byteLength(part)}:`).update(part);
    return hmac.digest('hex');
  };
}

async function userKey(stateHome: string): Promise<Buffer> {
  const folder = join(stateHome, 'prow-deploy');
  const file = join(folder, 'digest.key');
  const known = await readFile(file).catch(() => undefined);
  if (known?.length === 32) return known;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const fresh = `${file}.${randomUUID()}`;
  await writeFile(fresh, randomBytes(32), { mode: 0o600, flag: 'wx' });
  // A link fails where another run was faster; its key counts. A damaged key is replaced.
  if (known) await rename(fresh, file);
  else {
    await link(fresh, file).catch(() => undefined);
    await rm(fresh, { force: true });
  }
  return readFile(file);
}
