import { writeOutput } from '@prow-deploy/environment';
import {
  type RehearsalReport,
  bisect,
  findCandidate,
  formatMarkdown,
  formatRehearsal,
  rehearse,
} from '@prow-deploy/vendor';
import { toolProgress } from '../tool-progress.ts';
import { type UpstreamTaskContext, upstreamExecutor } from '../upstream-executor.ts';
import { withProgress } from '../with-progress.ts';

interface RehearseExecutorOptions {
  /** A number where it is of digits alone, as a tag may be. */
  readonly rev: string | number;
  readonly environment?: readonly string[];
  readonly repo?: string;
  readonly path?: string;
  readonly bisect: boolean;
  readonly from?: string | number;
  readonly json: boolean;
  readonly markdown: boolean;
}

export default upstreamExecutor<RehearseExecutorOptions>(async (context) => {
  const { upstream, options, print } = context;
  const report = options.bisect ? await findFirst(context) : await tryOne(context);
  if (report === undefined) return true;
  const markdown = formatMarkdown(report);
  await writeOutput(upstream, 'rehearsal', report);
  await writeOutput(upstream, 'rehearsalMarkdown', markdown);
  if (options.json) print(JSON.stringify(report, undefined, 2));
  else if (options.markdown) print(markdown);
  else {
    for (const line of formatRehearsal(report)) print(line);
    print(`All of it is in dist/${upstream.name}/rehearsal.md and rehearsal.json.`);
  }
  return report.outcome === 'fits';
});

async function tryOne({
  upstream,
  options: { rev, repo, path, environment },
  signal,
}: UpstreamTaskContext<RehearseExecutorOptions>): Promise<RehearsalReport> {
  const candidate = await findCandidate({
    upstream,
    revision: rev.toString(),
    repository: repo,
    path,
    signal,
  });
  try {
    const common = { upstream, environments: environment, signal };
    return await rehearse({ candidate }, { ...common, onToolProgress: toolProgress() });
  } finally {
    await candidate.remove();
  }
}

// The report of the first commit that breaks an environment.
async function findFirst({
  upstream,
  options: { rev, repo, path, environment, from, json, markdown },
  print,
  signal,
}: UpstreamTaskContext<RehearseExecutorOptions>): Promise<RehearsalReport | undefined> {
  const { commits, tried, first } = await withProgress((onProgress) =>
    bisect({
      upstream,
      revision: rev.toString(),
      repository: repo,
      path,
      from: from?.toString(),
      environments: environment,
      signal,
      onToolProgress: toolProgress(),
      onTried: ({ hash }, { outcome }, left) => {
        onProgress(`${hash.slice(0, 12)} ${outcome}; ${left} commits are left`);
      },
    }),
  );
  if (first === undefined) {
    const none = `None of ${commits} commits breaks an environment; ${tried} were tried.`;
    print(json ? JSON.stringify({ commits, tried }, undefined, 2) : none);
    return undefined;
  }
  const { hash, date, subject } = first.commit;
  if (!json && !markdown) {
    print(`The first of ${commits} commits that breaks an environment (${tried} were tried):`);
    print(`  ${hash} ${date.slice(0, 10)} ${subject}`);
  }
  return first.report;
}
