/** An image as manifests write it, taken apart. */
export interface ImageName {
  /** Registry and path. */
  readonly name: string;
  /** What follows the colon; absent where there is none. */
  readonly tag?: string;
  /** What follows the `@`; absent where there is none. */
  readonly digest?: string;
}

export function parseImage(image: string): ImageName {
  const [reference = '', digest] = image.split('@');
  const colon = reference.lastIndexOf(':');
  // A colon before the last slash is that of a registry's port.
  const hasTag = colon > reference.lastIndexOf('/');
  const tag = hasTag ? reference.slice(colon + 1) : undefined;
  return {
    name: hasTag ? reference.slice(0, colon) : reference,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** Every image that a manifest's text names. */
export function imagesIn(text: string): string[] {
  return [
    ...text.matchAll(/^\s*(?:- +)?image: *(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#"'][^\s#]*))/gm),
  ].map(([, double, single, plain]) => double ?? single ?? plain ?? '');
}

/** When the tag's image was built, as it says: `v20240619-cfb8754e0` is of 2024-06-19. */
export function tagDate(tag: string): string | undefined {
  return /^v(\d{8})-[0-9a-f]{7,}$/.exec(tag)?.[1];
}
