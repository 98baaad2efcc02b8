import type { KubernetesObject } from '../../kubernetes-object.ts';

/** The object with one change somewhere in it, and not in what it is or what it is called. */
export function mutate(object: KubernetesObject, random: () => number): KubernetesObject {
  const copy = structuredClone(object) as unknown as Record<string, unknown>;
  const places = placesOf(copy).filter(({ path }) => !FIXED.test(path));
  const place = places[Math.floor(random() * places.length)];
  if (place === undefined) return object;
  const { holder, key } = place;
  const value = holder[key];
  if (Array.isArray(value) && random() < 0.7) {
    const list = value as unknown[];
    holder[key] = random() < 0.5 ? list.slice(1) : [...list].reverse();
  } else if (typeof value === 'string' && random() < 0.7) {
    holder[key] = WORDS[Math.floor(random() * WORDS.length)];
  } else if (typeof value === 'number' && random() < 0.7) {
    holder[key] = value + 1;
  } else if (typeof value === 'boolean' && random() < 0.7) {
    holder[key] = !value;
  } else if (Array.isArray(holder)) {
    (holder as unknown[]).splice(Number(key), 1);
  } else {
    Reflect.deleteProperty(holder, key);
  }
  return copy as unknown as KubernetesObject;
}

const FIXED = /^\.(?:apiVersion|kind|metadata|metadata\.name|metadata\.namespace)$/;
const WORDS = ['a', 'b', 'None', 'Always', 'Retain', 'Delete', '2Gi', '1024Mi', 'example.org/b'];

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
  readonly path: string;
}

function placesOf(value: unknown, path = ''): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key) => {
    const holder = value as Record<string, unknown>;
    const below = `${path}.${key}`;
    return [{ holder, key, path: below }, ...placesOf(holder[key], below)];
  });
}
