import type { Kustomization } from '@prow-deploy/environment';
import { generatedFrom } from '@prow-deploy/secrets';
import { type Finding, finding } from '../finding.ts';

export interface SecretFilesOptions {
  /** The kustomizations whose `secretGenerator` entries are looked at. */
  readonly kustomizations: readonly Kustomization[];
  /** Folder that the secret files are read from, as an absolute path. */
  readonly secrets: string;
  /** Paths below it that the boilerplate has. */
  readonly boilerplate: readonly string[];
}

/** Secret files that a kustomization reads and the boilerplate does not have: nobody is told to provide them. */
export function auditSecretFiles({
  kustomizations,
  secrets,
  boilerplate,
}: SecretFilesOptions): Finding[] {
  const read = kustomizations.flatMap((kustomization) => generatedFrom(kustomization, secrets));
  return [...new Set(read)]
    .filter((path) => !boilerplate.includes(path))
    .sort()
    .map((path) => {
      const folder = path.slice(0, path.lastIndexOf('/') + 1);
      const near = boilerplate.find((known) => folder !== '' && known.startsWith(folder));
      const hint = near === undefined ? '' : ` It has ${near}.`;
      return finding(
        'secret-file-unknown',
        `The kustomization reads the secret file ${path}, which the boilerplate does not have.${hint} Add it to the boilerplate, or correct the path.`,
      );
    });
}
