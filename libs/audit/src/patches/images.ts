import { type Json, type JsonObject, isJsonObject, textOf } from '../load/tree.ts';
import { type FieldSpec, applyFieldSpecs } from './field-spec.ts';
import { anchored } from './selector.ts';

/** What an entry of `images` does to one object. */
export interface ImageResult {
  readonly value: JsonObject;
  /** Whether a container uses the image at all. */
  readonly matched: boolean;
}

/** Sets name, tag or digest of an image wherever a container uses it. */
export function setImage(value: JsonObject, image: JsonObject): ImageResult {
  if (value['kind'] === 'CustomResourceDefinition') return { value, matched: false };
  const name = textOf(image['name']);
  const uses = anchored(name);
  let matched = false;
  const set = (field: Json | undefined): Json | undefined => {
    if (typeof field !== 'string' || !uses(field.replace(TAG_AND_DIGEST, ''))) return field;
    matched = true;
    return renamed(field, image);
  };
  const inContainers = visitContainers(value, set);
  const everywhere = applyFieldSpecs(inContainers as JsonObject, VOLUME_IMAGES, set);
  return { value: everywhere, matched };
}

/** The names of the images that an object's containers use, without tag and digest. */
export function imageNames(value: JsonObject): string[] {
  const names: string[] = [];
  visitContainers(value, (image) => {
    if (typeof image === 'string') names.push(splitImage(image).name);
    return image;
  });
  return names;
}

// A name is a pattern; what may follow it is taken off first.
const TAG_AND_DIGEST = /(?::[a-zA-Z0-9_.{}-]*)?(?:@sha256:[a-zA-Z0-9_.{}-]*)?$/;

const VOLUME_IMAGES: readonly FieldSpec[] = [
  { path: 'spec/volumes[]/image/reference' },
  { path: 'spec/template/spec/volumes[]/image/reference' },
];

// Containers are found at any depth, so in custom resources too.
function visitContainers(value: Json, set: (image: Json | undefined) => Json | undefined): Json {
  if (Array.isArray(value)) return value.map((item: Json) => visitContainers(item, set));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, item]): [string, Json] => {
      const visited = visitContainers(item, set);
      const containers = field === 'containers' || field === 'initContainers';
      if (!containers || !Array.isArray(visited)) return [field, visited];
      return [
        field,
        visited.map((container: Json) =>
          isJsonObject(container) && container['image'] !== undefined
            ? { ...container, image: set(container['image']) ?? null }
            : container,
        ),
      ];
    }),
  );
}

function renamed(text: string, image: JsonObject): string {
  const current = splitImage(text);
  const name = textOf(image['newName']) || current.name;
  const newTag = textOf(image['newTag']);
  const newDigest = textOf(image['digest']);
  const suffix = textOf(image['tagSuffix']);
  let { tag, digest } = current;
  if (newTag !== '' || newDigest !== '') [tag, digest] = [newTag, newDigest];
  else if (suffix !== '') [tag, digest] = [`${tag}${suffix}`, ''];
  return `${name}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
}

// The host may have a port: what follows the first slash is looked at.
function splitImage(text: string): { name: string; tag: string; digest: string } {
  const slash = Math.max(0, text.indexOf('/'));
  const at = text.indexOf('@', slash);
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.indexOf(':', slash);
  return {
    name: colon < 0 ? named : named.slice(0, colon),
    tag: colon < 0 ? '' : named.slice(colon + 1),
    digest: at < 0 ? '' : text.slice(at + 1),
  };
}
