import type { Environment, SecretsSource } from '@prow-deploy/environment';
import type { SecretSource, SourceOptions } from './source.ts';

const SOURCES: Readonly<
  Record<
    SecretsSource['source'],
    (environment: Environment, options: SourceOptions) => Promise<SecretSource>
  >
> = {
  folder: async (environment) => (await import('./folder-source.ts')).folderSource(environment),
  sops: async (environment, options) =>
    (await import('./sops-source.ts')).sopsSource(environment, options),
  generated: async (environment) =>
    (await import('./generated-source.ts')).generatedSource(environment),
};

/**
 * The source that environment.yaml declares.
 *
 * @throws {SecretsError} `unsafe-source` for a folder of plain values within the repository.
 */
export function openSource(
  environment: Environment,
  options: SourceOptions = {},
): Promise<SecretSource> {
  return SOURCES[environment.secrets.source](environment, options);
}
