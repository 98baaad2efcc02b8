import { type Tree, logger } from '@nx/devkit';
import { planPatch } from '@prow-deploy/vendor';
import { parse } from 'yaml';

interface PatchGeneratorOptions {
  readonly environment: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string;
  /** A number where it is one. */
  readonly value?: string | number;
}

/** Writes a JSON patch for one object, with a `test` of each position that it counts. */
export default async function patch(tree: Tree, options: PatchGeneratorOptions): Promise<void> {
  const { environment, kind, name, namespace, op, path, value } = options;
  if ((op === 'remove') !== (value === undefined)) {
    throw new Error(
      op === 'remove'
        ? 'Cannot write the patch: remove takes no --value.'
        : `Cannot write the patch: ${op} needs a --value, as YAML.`,
    );
  }
  const { files, object, operations } = await planPatch({
    workspaceRoot: tree.root,
    environment,
    kind,
    name,
    namespace,
    operation: {
      op,
      path,
      ...(value === undefined ? {} : { value: parse(value.toString()) as unknown }),
    },
  });
  for (const [file, text] of files) tree.write(file, text);
  const tests = operations.length - 1;
  logger.info(`${op} ${path} of ${object}${tests === 0 ? '' : `, with ${tests} tests before it`}.`);
}
