// What render-configs and kustomize-build do for one environment, in one process.
import {
  readEnvironment,
  renderConfigs,
  writeConfigs,
  writeOutput,
} from '@prow-deploy/environment';
import { buildEnvironment } from '@prow-deploy/kustomize';

const [workspaceRoot, name] = process.argv.slice(2);
const environment = await readEnvironment({ workspaceRoot, name });
await writeConfigs(environment, await renderConfigs(environment));
const { manifest } = await buildEnvironment(environment);
await writeOutput(environment, 'manifest', manifest);
