import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { type Kustomization, findKustomization, parseYamlFile } from '@prow-deploy/environment';
import { generatedFrom } from '@prow-deploy/secrets';
import { type Finding, type FindingPlace, finding } from '../finding.ts';

export interface SecretFilesOptions {
  /** The kustomizations whose `secretGenerator` entries are looked at. */
  readonly kustomizations: readonly Kustomization[];
  /** Folder that the secret files are read from, as an absolute path. */
  readonly secrets: string;
  /** Paths below it that the boilerplate has. */
  readonly boilerplate: readonly string[];
  /** Folder that files are named from. Default: findings name no file. */
  readonly root?: string;
}

/** Secret files that a kustomization reads and the boilerplate does not have: nobody is told to provide them. */
export function auditSecretFiles({
  kustomizations,
  secrets,
  boilerplate,
  root,
}: SecretFilesOptions): Finding[] {
  return kustomizations
    .flatMap((kustomization) =>
      generatedFrom(kustomization, secrets).map((read) => ({ ...read, kustomization })),
    )
    .filter(
      ({ path }, index, all) =>
        !boilerplate.includes(path) && all.findIndex((other) => other.path === path) === index,
    )
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, at, kustomization }) => {
      const folder = path.slice(0, path.lastIndexOf('/') + 1);
      const near = boilerplate.find((known) => folder !== '' && known.startsWith(folder));
      const hint = near === undefined ? '' : ` It has ${near}.`;
      return finding(
        'secret-file-unknown',
        `The kustomization reads the secret file ${path}, which the boilerplate does not have.${hint} Add it to the boilerplate, or correct the path.`,
        root === undefined ? {} : placeOf(kustomization, at, root),
      );
    });
}

function placeOf(
  { directory }: Kustomization,
  at: readonly (string | number)[],
  root: string,
): FindingPlace {
  const path = findKustomization(directory);
  if (path === undefined) return {};
  const file = relative(root, path);
  const line = parseYamlFile(readFileSync(path, 'utf8'), file).where(at).split(':').at(-1);
  return { file, line: Number(line) };
}
