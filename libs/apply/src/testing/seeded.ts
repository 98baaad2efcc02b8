import { createHash } from 'node:crypto';

/** Random numbers from 0 to 1 that a seed gives again. */
export function seeded(seed: number | string): () => number {
  let count = 0;
  return () => {
    const bytes = createHash('sha256')
      .update(`${seed}:${(count += 1)}`)
      .digest();
    return bytes.readUInt32BE() / 2 ** 32;
  };
}

/** One of several, by a random number. */
export function pick<T>(random: () => number, from: readonly T[]): T {
  const chosen = from[Math.floor(random() * from.length)];
  if (chosen === undefined) throw new Error('Cannot pick from nothing.');
  return chosen;
}
