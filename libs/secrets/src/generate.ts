import { randomBytes } from 'node:crypto';
import type { Recipe } from './shape.ts';

/** Makes a throw-away value: each `${hex:N}` and `${base64:N}` becomes N fresh random bytes, the rest stays as written. */
export function generate(recipe: Recipe): string {
  return recipe.replace(
    /\$\{(hex|base64):(\d+)\}/g,
    (_match, encoding: 'hex' | 'base64', bytes: string) =>
      randomBytes(Number(bytes)).toString(encoding),
  );
}
