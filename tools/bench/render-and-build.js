import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import {
  readEnvironment,
  renderConfigs,
  writeConfigs,
  writeOutput,
} from '@prow-deploy/environment';
import { buildEnvironment } from '@prow-deploy/kustomize';

/** What render-configs and kustomize-build do for one environment. */
export async function renderAndBuild(workspaceRoot, name) {
  const environment = await readEnvironment({ workspaceRoot, name });
  await writeConfigs(environment, await renderConfigs(environment));
  const { manifest } = await buildEnvironment(environment);
  await writeOutput(environment, 'manifest', manifest);
}

if (import.meta.url === pathToFileURL(argv[1]).href) await renderAndBuild(argv[2], argv[3]);
