import { randomUUID } from 'node:crypto';
import type { CustomHasher, Task } from '@nx/devkit';
import { type Environment, readEnvironment } from '@prow-deploy/environment';
import { workspaceRoot } from 'nx/src/utils/workspace-root';

/**
 * A hasher for targets whose result lies outside of what Nx can hash (secret files, a cluster). What they left there
 * remembers the hash that it was made under. `recall` gives that hash as long as the world still is as it was left: Nx
 * then finds the task in its cache. Otherwise the hash gets a random part, and Nx runs the task.
 *
 * `ordinary`, the hash of the task's inputs, is what a remembered hash begins with as long as they are the same;
 * `options` are those of the command line.
 */
export function rememberedHash(
  recall: (
    environment: Environment,
    ordinary: string,
    options: Readonly<Record<string, unknown>>,
  ) => Promise<string | undefined>,
): CustomHasher {
  return async (task, { hasher, taskGraph }) => {
    const ordinary = await hasher.hashTask(task, taskGraph, process.env);
    const { project: name, configuration } = task.target;
    const remembered = await readEnvironment({ workspaceRoot, name, configuration })
      .then((environment) => recall(environment, ordinary.value, overridesOf(task)))
      // What is wrong (a bad file, a cluster that does not answer) is said by the task itself, which now runs.
      .catch(() => undefined);
    return { ...ordinary, value: remembered ?? `${ordinary.value}-${randomUUID()}` };
  };
}

function overridesOf({ overrides }: Task): Readonly<Record<string, unknown>> {
  return overrides;
}

/** The hash that Nx runs the current task under. */
export function currentTaskHash(): string {
  return process.env['NX_TASK_HASH'] ?? '';
}
