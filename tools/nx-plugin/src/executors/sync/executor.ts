import { relative } from 'node:path';
import { type SyncResult, sync } from '@prow-deploy/vendor';
import { upstreamExecutor } from '../upstream-executor.ts';
import { withProgress } from '../with-progress.ts';

interface SyncExecutorOptions {
  /** A number where it is of digits alone, as a tag may be. */
  readonly rev: string | number;
  readonly repo?: string;
  readonly path?: string;
  readonly json: boolean;
}

export default upstreamExecutor<SyncExecutorOptions>(
  async ({ upstream, options: { rev, repo, path, json }, print, signal }) => {
    const { workspaceRoot } = upstream;
    const result = await withProgress((onProgress) => {
      onProgress(`Fetching ${path ?? upstream.path} of ${repo ?? upstream.repository} at ${rev} …`);
      return sync({ upstream, revision: rev.toString(), repository: repo, path, signal });
    });
    const { directory, source, written, selection, fetchedBytes } = result;
    const folder = relative(workspaceRoot, directory);
    if (json) {
      const { commit, date, tree } = source;
      print(
        JSON.stringify(
          { folder, commit, date, tree, written, selection, fetchedBytes },
          undefined,
          2,
        ),
      );
    } else for (const line of describe(result, folder)) print(line);
    return true;
  },
);

function describe(
  { source, written, selection, fetchedBytes }: SyncResult,
  folder: string,
): string[] {
  const { files, date = '', repository, path } = source;
  const of = `${path} of ${repository}, committed ${date.slice(0, 10)}`;
  if (!written) return [`${folder} is there already, and is exactly ${of}.`];
  const { kept = [], moved = [], gone = [] } = selection ?? {};
  return [
    `Copied ${files.length} files to ${folder}: ${of}; ${Math.ceil(fetchedBytes / 1024)} KiB were fetched.`,
    `${kept.length + moved.length} of them are deployed, as its kustomization.yaml says.`,
    ...moved.map(
      ({ from, to }) => `Upstream renamed ${from} to ${to}: it is deployed under that name.`,
    ),
    ...gone.map((file) => `Upstream no longer has ${file}, which is deployed today.`),
  ];
}
