/**
 * As {@link normalizedName}, for images that are pulled: one with a digest keeps it, and loses its tag, as in the kubelet.
 *
 * @throws {Error} for a name that is none.
 */
export function containerdName(name: string): string {
  const [tagged = '', digest] = name.split('@');
  const normalized = normalizedName(tagged);
  if (digest === undefined) return normalized;
  return `${normalized.slice(0, normalized.lastIndexOf(':'))}@${digest}`;
}

/**
 * The name under which containerd and kubelet know an image that a manifest calls by `name`: with the registry, and with a
 * tag, both of which have a default (the rules of github.com/distribution/reference).
 *
 * @throws {Error} for a name that is none, and for one with a digest: what is built here has another.
 */
export function normalizedName(name: string): string {
  if (name.includes('@')) {
    throw new Error(
      `Cannot make an image ${name}: a digest names one that was built elsewhere. Name it by a tag.`,
    );
  }
  const [, path = '', tag = 'latest'] = /^(.+?)(?::([\w][\w.-]{0,127}))?$/.exec(name) ?? [];
  const [first = '', ...rest] = path.split('/');
  const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const repository = isRegistry ? rest.join('/') : path;
  if (
    !/^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/.test(
      repository,
    )
  ) {
    throw new Error(
      `Cannot make an image ${JSON.stringify(name)}: it is no name of an image, such as registry.example.org/deck:v1.`,
    );
  }
  if (isRegistry) {
    // Its old name.
    return `${first === 'index.docker.io' ? 'docker.io' : first}/${repository}:${tag}`;
  }
  return `docker.io/${rest.length > 0 ? '' : 'library/'}${repository}:${tag}`;
}
