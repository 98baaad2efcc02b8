import type { PromiseExecutor } from '@nx/devkit';
import { formatStatus, readStatus, readUpstream } from '@prow-deploy/vendor';
import { inProcess } from '../run-task.ts';

interface StatusExecutorOptions {
  readonly json: boolean;
}

const status: PromiseExecutor<StatusExecutorOptions> = ({ json }, { root }) =>
  inProcess(async ({ print, signal }) => {
    const upstream = await readUpstream({ workspaceRoot: root });
    const all = await readStatus({ upstream, signal });
    const lines = json ? [JSON.stringify(all, undefined, 2)] : await formatStatus(all);
    for (const line of lines) print(line);
    return true;
  });

export default status;
