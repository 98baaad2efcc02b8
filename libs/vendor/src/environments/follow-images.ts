import { parse } from 'yaml';
import { imagesIn, parseImage, tagDate } from './image-tags.ts';

/** A copy, as far as image tags follow it. */
export interface TaggedCopy {
  /** When its commit was committed; absent for a starter. */
  readonly date?: string | undefined;
  /** Texts of its manifests. */
  readonly manifests: readonly string[];
}

/** What becomes of one entry of `images`. */
export interface FollowedImage {
  /** Its place in `images`. */
  readonly index: number;
  readonly name: string;
  readonly from: string;
  /** The new tag; absent where the old one stays. */
  readonly to?: string;
  /** Why the old one stays; absent where it is the same. */
  readonly reason?: string;
}

export interface FollowImagesOptions {
  /** Text of the environment's kustomization.yaml. */
  readonly kustomization: string;
  /** Which images follow, by the part of their name before the last slash. */
  readonly prefixes: readonly string[];
  readonly before: TaggedCopy;
  readonly after: TaggedCopy;
  /** Tags that another environment has, by the image's name: they go before upstream's. Default: none. */
  readonly tags?: ReadonlyMap<string, string> | undefined;
}

/** The tags that an environment's kustomization.yaml gives to images, by the name that the image then has. */
export function tagsOf(kustomization: string): Map<string, string> {
  return new Map(taggedImages(kustomization).map(({ image, tag }) => [image, tag]));
}

/**
 * The tags of an environment's own images that follow upstream's: an image that upstream uses too gets upstream's tag,
 * others of the same family the newest tag of that family. A tag is never taken away, and never replaced by an older one:
 * by the date in it, and where two are of one day, by the dates of the commits that name them.
 */
export function followImages(options: FollowImagesOptions): FollowedImage[] {
  const { kustomization, prefixes, before, after, tags } = options;
  const known = new Map(
    after.manifests.flatMap(imagesIn).map((image) => {
      const { name, tag = '' } = parseImage(image);
      return [name, tag];
    }),
  );
  return taggedImages(kustomization).flatMap(({ index, name, image, tag: from }) => {
    const family = prefixes.find((prefix) => image.startsWith(`${prefix}/`));
    if (family === undefined) return [];
    const followed = { index, name, from };
    const to = tags?.get(image) ?? known.get(image) ?? newest([...known], family);
    if (to === from) return [followed];
    const reason = whyNot(from, to, isLater(before.date, after.date));
    return [reason === undefined ? { ...followed, to: to ?? '' } : { ...followed, reason }];
  });
}

interface TaggedImage {
  readonly index: number;
  readonly name: string;
  /** The name that it has then. */
  readonly image: string;
  readonly tag: string;
}

function taggedImages(kustomization: string): TaggedImage[] {
  const { images } = (parse(kustomization) ?? {}) as { images?: unknown };
  if (!Array.isArray(images)) return [];
  return images.flatMap((entry: unknown, index): TaggedImage[] => {
    const { name, newName = name, newTag } = (entry ?? {}) as Record<string, unknown>;
    return typeof name === 'string' && typeof newName === 'string' && typeof newTag === 'string'
      ? [{ index, name, image: newName, tag: newTag }]
      : [];
  });
}

function newest(known: readonly [string, string][], family: string): string | undefined {
  const dated = known
    .filter(([name, tag]) => name.startsWith(`${family}/`) && tagDate(tag) !== undefined)
    .map(([, tag]) => tag);
  return dated.sort((a, b) => (tagDate(a) ?? '').localeCompare(tagDate(b) ?? '')).at(-1);
}

function whyNot(from: string, to: string | undefined, isLaterCommit: boolean): string | undefined {
  if (to === undefined || to === '') return 'upstream names no tag';
  const [old, now] = [tagDate(from), tagDate(to)];
  if (now === undefined) return `${to} does not say when it was built`;
  if (old === undefined) return `it does not say when it was built, so ${to} could be older`;
  if (now < old) return `${to} is older`;
  if (now === old && !isLaterCommit)
    return `${to} is of the same day, and of a commit that is not later`;
  return undefined;
}

function isLater(before: string | undefined, after: string | undefined): boolean {
  return after !== undefined && (before === undefined || Date.parse(after) > Date.parse(before));
}
