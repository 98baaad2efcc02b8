import { posix } from 'node:path';

/**
 * Whether a pattern of `config_updater.maps` matches a path. A star stands for any text within a name, two as a
 * whole step for any number of folders, none included, `{a,b}` for either; without a star, the pattern is the path.
 * Source: Match in zglob.go of github.com/mattn/go-zglob v0.0.2, which Prow uses.
 */
export function matchesPattern(pattern: string, path: string): boolean {
  const steps = pattern.split('/');
  const starred = steps.findIndex((step) => step.includes('*'));
  if (starred === -1) return pattern === path;
  // Shorter than what stands before the first star, it cannot match, says zglob; nor can the folder itself.
  const root = posix.join(...steps.slice(0, starred), '.');
  if (path === '.' || path.length <= root.length) return false;
  return toExpression(posix.normalize(pattern)).test(path);
}

const known = new Map<string, RegExp>();

function toExpression(pattern: string): RegExp {
  const expression = known.get(pattern) ?? new RegExp(`^${toSource(pattern)}$`, 'su');
  known.set(pattern, expression);
  return expression;
}

// Alternatives do not nest, and hold no patterns; a brace that is not closed is a brace.
function toSource(pattern: string): string {
  const tokens = pattern.matchAll(/\*\*\/|\*|\{([^}]+)\}|[^]/gu);
  return [...tokens]
    .map(([token, alternatives]) => {
      if (token === '**/') return '(?:.*/)?';
      if (token === '*') return '[^/]*';
      if (alternatives === undefined) return escaped(token);
      return `(?:${alternatives.split(',').map(escaped).join('|')})`;
    })
    .join('');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
