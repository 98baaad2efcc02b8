import { clusterOptionsOf } from '@prow-deploy/apply';
import { clusterDown } from '@prow-deploy/cluster';
import { forgetGenerated } from '@prow-deploy/secrets';
import { executor } from '../run-task.ts';
import { withProgress } from '../with-progress.ts';

export default executor(async ({ environment, print, signal }) => {
  await withProgress((onProgress) =>
    clusterDown(clusterOptionsOf(environment, { signal, onProgress })),
  );
  await forgetGenerated(environment);
  print(`Cluster ${environment.name} is down: no process and no file of it is left.`);
  return true;
});
