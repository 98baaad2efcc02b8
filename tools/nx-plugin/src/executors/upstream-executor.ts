import type { ExecutorContext, PromiseExecutor } from '@nx/devkit';
import { type Upstream, readUpstream } from '@prow-deploy/vendor';
import { inProcess } from './run-task.ts';

/** What a task of an upstream, or of one of its copies, gets to work with. */
export interface UpstreamTaskContext<Options> {
  readonly upstream: Upstream;
  /** Name of the copy's folder; absent for a task of them all. */
  readonly commit?: string;
  readonly options: Options;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** As `executor`, for a project below `vendor/`. */
export function upstreamExecutor<Options>(
  task: (context: UpstreamTaskContext<Options>) => Promise<boolean | undefined>,
): PromiseExecutor<Options> {
  return (options, context) =>
    inProcess(async (rest) => {
      const [, name, commit] = rootOf(context).split('/');
      const upstream = await readUpstream({ workspaceRoot: context.root, name });
      return task({ upstream, options, ...rest, ...(commit === undefined ? {} : { commit }) });
    });
}

function rootOf({ projectName = '', projectsConfigurations }: ExecutorContext): string {
  return projectsConfigurations.projects[projectName]?.root ?? '';
}
