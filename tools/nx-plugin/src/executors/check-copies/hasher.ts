import { join } from 'node:path';
import type { CustomHasher } from '@nx/devkit';
import { copiesDigest } from '@prow-deploy/vendor/copies-digest';
import { workspaceRoot } from 'nx/src/utils/workspace-root';

const hasher: CustomHasher = async (task, { hasher: ordinary, taskGraph }) => {
  const hash = await ordinary.hashTask(task, taskGraph, process.env);
  // What cannot be read is said by the task itself, which does not succeed and so is not cached.
  const digest = await copiesDigest(join(workspaceRoot, task.projectRoot ?? '')).catch(() => '');
  return { ...hash, value: `${hash.value}-${digest.slice(0, 32)}` };
};

export default hasher;
