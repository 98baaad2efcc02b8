import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Environment, OUTPUT_FILES, outputFile } from '@prow-deploy/environment';

/** The environment was not built yet, or its build was removed. */
export class NotBuiltError extends Error {
  override readonly name = 'NotBuiltError';
  readonly code = 'not-built';
}

/** What kustomize-build left of an environment. */
export interface Rendered {
  /** With placeholders where secrets go. */
  readonly manifest: string;
  /** SHA-256 of the manifest, in hex. */
  readonly manifestDigest: string;
}

/** Reads what kustomize-build left. @throws {NotBuiltError} */
export async function readRendered(environment: Environment): Promise<Rendered> {
  const bytes = await readFile(outputFile(environment, 'manifest')).catch((cause: unknown) => {
    throw new NotBuiltError(
      `Cannot read dist/${environment.name}/${OUTPUT_FILES.manifest}: it is not there. Run nx run ${environment.name}:kustomize-build.`,
      { cause },
    );
  });
  return {
    manifest: bytes.toString('utf8'),
    manifestDigest: createHash('sha256').update(bytes).digest('hex'),
  };
}
