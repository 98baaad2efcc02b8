import type { Environment, SecretsSource } from '@prow-deploy/environment';
import { folderSource } from './folder-source.ts';
import { generatedSource } from './generated-source.ts';
import { sopsSource } from './sops-source.ts';
import type { SecretSource } from './source.ts';

const SOURCES: Readonly<
  Record<SecretsSource['source'], (environment: Environment) => Promise<SecretSource>>
> = {
  folder: folderSource,
  sops: sopsSource,
  generated: generatedSource,
};

/**
 * The source that environment.yaml declares.
 *
 * @throws {SecretsError} `unsafe-source` for a folder of plain values within the repository.
 */
export function openSource(environment: Environment): Promise<SecretSource> {
  return SOURCES[environment.secrets.source](environment);
}
