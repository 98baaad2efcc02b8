import { readFile, readdir } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { ENVIRONMENT_FILE, type Environment, findKustomization } from '@prow-deploy/environment';
import { MANIFESTS_FOLDER, type Source, readSource } from '../copy/source.ts';
import { type Upstream } from '../copy/upstream.ts';
import { VendorError } from '../vendor-error.ts';
import { type FollowedImage, type TaggedCopy, followImages } from './follow-images.ts';
import { setScalar } from './set-scalar.ts';
import { type VendoredCommit, vendoredCommit } from './vendored-commit.ts';

/** What an environment is to use instead. */
export interface Move {
  /** Name of the copy's folder. Default: as it is. */
  readonly commit?: string | undefined;
  /** Base configuration version. Default: as it is. */
  readonly configVersion?: string | undefined;
  /** Tags of images that go before upstream's, by the image's name: those of the environment that is followed. */
  readonly tags?: ReadonlyMap<string, string> | undefined;
}

/** The files that change when an environment moves; nothing is written yet. */
export interface PlannedMove {
  /** Absolute path → new text, for each file that becomes another one. */
  readonly files: ReadonlyMap<string, string>;
  /** What becomes of the images that follow upstream's. */
  readonly images: readonly FollowedImage[];
  /** The lines that change, for people: `commit: <from> → <to>`. */
  readonly changes: readonly string[];
}

/**
 * Plans to let an environment use another copy, another base configuration version, or both. Which copy it uses is one
 * line of its kustomization.yaml, which version one line of its environment.yaml; tags that follow upstream's go along.
 *
 * @throws {VendorError} `not-vendored` where the copy is not there, or where it is not the environment that names it.
 */
export async function planMove(
  environment: Environment,
  upstream: Upstream,
  { commit, configVersion, tags }: Move,
): Promise<PlannedMove> {
  const { directory, workspaceRoot } = environment;
  const texts = new Map<string, string>();
  const files = new Map<string, string>();
  const changes: string[] = [];
  let images: readonly FollowedImage[] = [];
  const edit = async (
    file: string,
    path: readonly (string | number)[],
    change: (value: string) => string,
  ): Promise<void> => {
    const before = texts.get(file) ?? (await readFile(file, 'utf8'));
    texts.set(file, before);
    const after = setScalar(files.get(file) ?? before, path, change);
    if (after === undefined) {
      throw new VendorError(
        'not-vendored',
        `Cannot change ${relative(workspaceRoot, file)}: ${path.join('.')} is no text of one line. Write it as one.`,
      );
    }
    if (after === before) files.delete(file);
    else files.set(file, after);
  };

  if (configVersion !== undefined && configVersion !== environment.configVersion) {
    await edit(join(directory, ENVIRONMENT_FILE), ['configVersion'], () => configVersion);
    changes.push(`configVersion: ${environment.configVersion} → ${configVersion}`);
  }
  if (commit !== undefined) {
    const used = vendoredCommit(environment, upstream);
    const copy = join(upstream.directory, commit);
    const [before, after] = [
      await readTags(used.directory, workspaceRoot),
      await readTags(copy, workspaceRoot),
    ];
    if (used.commit !== commit) {
      await edit(used.file, used.at, (value) => replaceLast(value, used.commit, commit));
      changes.push(`commit: ${used.commit} → ${commit}`);
    }
    const own = findKustomization(directory);
    if (own !== undefined) {
      const kustomization = files.get(own) ?? (await readFile(own, 'utf8'));
      const prefixes = upstream.followImages;
      images = followImages({ kustomization, prefixes, before, after, tags });
      for (const { index, to, name, from } of images) {
        if (to === undefined) continue;
        await edit(own, ['images', index, 'newTag'], () => to);
        changes.push(`image ${name}: ${from} → ${to}`);
      }
    }
  }
  return { files, images, changes };
}

/** @throws {VendorError} `not-vendored` where the line is in a base, so that the environment cannot move alone. */
export function requireOwnLine(
  { name, workspaceRoot }: Environment,
  { own, file, commit }: VendoredCommit,
): void {
  if (own) return;
  const shown = relative(workspaceRoot, file);
  throw new VendorError(
    'not-vendored',
    `Cannot move ${name} alone: ${shown}, which others may use too, references ${commit}. Reference it in environments/${name}/kustomization.yaml instead.`,
  );
}

/** What a copy says of image tags. */
export async function readTags(directory: string, workspaceRoot: string): Promise<TaggedCopy> {
  const { date }: Source = await readSource(directory, workspaceRoot);
  const manifests = join(directory, MANIFESTS_FOLDER);
  const entries = await readdir(manifests, { recursive: true, withFileTypes: true });
  const texts = entries
    .filter((entry) => entry.isFile() && ['.yaml', '.yml'].includes(extname(entry.name)))
    .map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8'));
  return { date, manifests: await Promise.all(texts) };
}

function replaceLast(text: string, from: string, to: string): string {
  const at = text.lastIndexOf(from);
  return at < 0 ? text : `${text.slice(0, at)}${to}${text.slice(at + from.length)}`;
}
