import { writeOutput } from '@prow-deploy/environment';
import { formatMarkdown, formatRehearsal, promote, readUpstream } from '@prow-deploy/vendor';
import { executor } from '../run-task.ts';
import { toolProgress } from '../tool-progress.ts';

interface PromoteExecutorOptions {
  readonly from?: string;
  /** A number where it is of digits alone. */
  readonly rev?: string | number;
  readonly configVersion?: string | number;
  readonly json: boolean;
}

export default executor<PromoteExecutorOptions>(
  async ({ environment, options: { from, rev, configVersion, json }, print, signal }) => {
    const { workspaceRoot, name } = environment;
    const upstream = await readUpstream({ workspaceRoot });
    const promotion = await promote({
      upstream,
      environment,
      from,
      commit: rev?.toString(),
      configVersion: configVersion?.toString(),
      signal,
      onToolProgress: toolProgress(),
    });
    const { changes, files, rehearsal } = promotion;
    if (rehearsal) {
      await writeOutput(environment, 'rehearsal', rehearsal);
      await writeOutput(environment, 'rehearsalMarkdown', formatMarkdown(rehearsal));
    }
    if (json) print(JSON.stringify(promotion, undefined, 2));
    else if (rehearsal === undefined) print(`${name} is so already: nothing to write.`);
    else {
      for (const line of formatRehearsal(rehearsal)) print(line);
      print(`Wrote ${files.join(' and ')}:`);
      for (const line of changes) print(`  ${line}`);
    }
    return rehearsal?.outcome !== 'broken';
  },
);
