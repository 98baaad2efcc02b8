/**
 * The candidate that was likely meant: the name with another prefix or suffix (`staging-deck` for `deck`), else one that
 * is a few letters away. `undefined` where none is near.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = distanceOf(name, candidate);
    if (distance !== undefined && (best === undefined || distance < best.distance)) {
      best = { candidate, distance };
    }
  }
  return best?.candidate;
}

// An added or lost part counts as much as one wrong letter of seven, and the shorter part as less.
function distanceOf(name: string, candidate: string): number | undefined {
  if (name === candidate) return 0;
  const [short, long] = name.length < candidate.length ? [name, candidate] : [candidate, name];
  const difference = long.length - short.length;
  const isPart = long.endsWith(`-${short}`) || long.startsWith(`${short}-`);
  if (isPart && difference <= LONGEST_AFFIX) {
    return 1 / 7 + difference / 1000;
  }
  const allowed = Math.max(1, Math.floor(name.length / 5));
  if (difference > allowed) return undefined;
  const distance = editDistance(name, candidate);
  return distance <= allowed && distance < short.length ? distance / name.length : undefined;
}

// As long as `staging-prow-`: what is longer makes another thing of a common name (`pushgateway-proxy-config`).
const LONGEST_AFFIX = 14;

// Levenshtein's distance, one row at a time.
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
