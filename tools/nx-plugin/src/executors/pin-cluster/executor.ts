import { formatFoundCluster, pinCluster } from '@prow-deploy/apply';
import { executor } from '../run-task.ts';

interface PinClusterExecutorOptions {
  readonly confirm?: string;
}

export default executor<PinClusterExecutorOptions>(
  async ({ environment, options, print, signal }) => {
    const file = `environments/${environment.name}/environment.yaml`;
    const written = await pinCluster(environment, {
      ...options,
      signal,
      onFound: (found) => {
        for (const line of formatFoundCluster(found)) print(line);
      },
    });
    print(
      written
        ? `Pinned it in ${file}. Commit that file.`
        : `It is pinned in ${file} already: nothing to write.`,
    );
    return true;
  },
);
