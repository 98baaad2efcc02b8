import { clusterReset } from '@prow-deploy/cluster';
import { executor } from '../run-task.ts';
import { withProgress } from '../with-progress.ts';

export default executor(
  async ({ environment: { name, cluster, workspaceRoot }, print, signal }) => {
    const state = await withProgress((onProgress) =>
      clusterReset({ environment: name, spec: cluster, workspaceRoot, signal, onProgress }),
    );
    print(`Cluster ${name} is up.`);
    return true;
  },
);
