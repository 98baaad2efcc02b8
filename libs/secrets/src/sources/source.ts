import type { OnProgress } from '@prow-deploy/toolchain';
import type { FoundValue } from '../read-value-file.ts';
import type { SecretFileShape } from '../shape/secret-file-shape.ts';

export interface SourceOptions {
  /** Stops reading. */
  readonly signal?: AbortSignal | undefined;
  /** Told of the installation of a tool, if the source needs one. */
  readonly onToolProgress?: OnProgress | undefined;
}

/**
 * Where the values of an environment come from. A new source is a file beside this one that makes such an object, entered
 * in `open-source.ts` and, with its keys, in the schema of environment.yaml.
 */
export interface SecretSource {
  /** What it is, for people: `~/secrets/ibmcloud-staging`. */
  readonly description: string;
  /** Absolute path of the folder in the boilerplate's shape whose bytes decide the values; absent where there is none. */
  readonly folder?: string;
  /** Reads or makes the value of one file. Never throws for what is wrong with the value. */
  read(shape: SecretFileShape): Promise<FoundValue>;
  /** What to do where nothing is there yet, in one or several lines. */
  readonly beginning: string;
  /** What a person should know of it, though it can be used: others can read it. */
  readonly warnings?: () => Promise<readonly string[]>;
}
