import type { TargetConfiguration } from '@nx/devkit';
import { CODE, code, executor } from './targets.ts';

// Its hasher adds what Nx does not see of the files: their modes, links, and what git ignores.
const check: TargetConfiguration = {
  executor: executor('check-copies'),
  cache: true,
  inputs: [
    '{projectRoot}/**/*',
    ...code(CODE.vendor),
    { externalDependencies: ['yaml', 'valibot'] },
  ],
  outputs: [],
  metadata: { description: 'Prove that what was copied from upstream is as it was copied' },
};

/** The targets of a folder below `vendor/`: all copies of one upstream. */
export function upstreamTargets(): Record<string, TargetConfiguration> {
  return {
    check,
    sync: {
      executor: executor('sync'),
      metadata: { description: "Copy upstream's folder at a commit, exactly" },
    },
    prune: {
      executor: executor('prune-copies'),
      metadata: { description: 'Remove the copies that no environment uses' },
    },
    rehearse: {
      executor: executor('rehearse'),
      metadata: { description: 'Tell what another commit would do to the environments' },
    },
  };
}

/** The targets of one copy. */
export function copyTargets(): Record<string, TargetConfiguration> {
  return { check };
}

/** The targets of all environments together. */
export function environmentsTargets(): Record<string, TargetConfiguration> {
  return {
    status: {
      executor: executor('status'),
      // Every file below the folder is an environment's, so that the default inputs, files of its own, are none.
      inputs: ['{workspaceRoot}/environments/*/environment.yaml'],
      metadata: { description: 'Show where every environment stands' },
    },
  };
}
