import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listEnvironments, readEnvironment } from '@prow-deploy/environment';
import {
  findCandidate,
  prepareEnvironment,
  readUpstream,
  rehearse,
  scratchWorkspace,
  vendoredCommit,
} from '@prow-deploy/vendor';
import { execa } from 'execa';
import { compare } from './measure.js';

/** Rehearsing a commit in which every file is another one, against kustomize that builds every environment twice. */
export async function rehearsalBench({ workspaceRoot, kustomize, rounds }) {
  const upstream = await readUpstream({ workspaceRoot });
  const names = await listEnvironments(workspaceRoot);
  const repository = await mkdtemp(join(tmpdir(), 'prow-deploy-bench-'));
  const scratch = await scratchWorkspace(workspaceRoot, names);
  let candidate;
  try {
    await commitChanged(
      vendoredCommit(await readEnvironment({ workspaceRoot, name: names[0] }), upstream).directory,
      repository,
    );
    candidate = await findCandidate({ upstream, revision: 'HEAD', repository, path: 'manifests' });
    const folders = await Promise.all(
      names.map(async (name) => (await prepareEnvironment(scratch.root, name)).directory),
    );
    return await compare({
      rounds,
      what: `rehearsing another commit for ${names.length} environments`,
      ours: async () => {
        const { outcome } = await rehearse({ candidate }, { upstream, kustomize });
        if (outcome !== 'fits') throw new Error('The rehearsal was of something that breaks.');
      },
      peer: async () => {
        for (const folder of [...folders, ...folders]) {
          await execa(kustomize, ['build', folder], { maxBuffer: 64 * 1024 * 1024 });
        }
      },
      peerName: 'kustomize build of each, twice',
      atMost: 2.5,
    });
  } finally {
    await candidate?.remove();
    await scratch.remove();
    await rm(repository, { recursive: true, force: true });
  }
}

// A repository whose only commit has the files of a copy, with other image tags and a comment in each.
async function commitChanged(copy, repository) {
  await cp(join(copy, 'manifests'), join(repository, 'manifests'), { recursive: true });
  for (const file of await readdir(join(repository, 'manifests'))) {
    const path = join(repository, 'manifests', file);
    const text = await readFile(path, 'utf8');
    await writeFile(
      path,
      `${text.replaceAll(/:v2\d{7}-\w+$/gm, ':v20990101-0123456789')}# bench\n`,
    );
  }
  const identity = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost'];
  for (const args of [
    ['init', '--quiet'],
    ['add', '.'],
    [...identity, 'commit', '--quiet', '-m', 'x'],
  ]) {
    await execa('git', args, { cwd: repository });
  }
}
