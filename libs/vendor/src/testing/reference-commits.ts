import { existsSync, readFileSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestRepository, testRepository } from './git-repository.ts';

const DATA = process.env['PROW_DEPLOY_REFERENCE_DATA'] ?? join(process.cwd(), '../shared/data');
const SOURCE = join(DATA, 'test-infra');

/** Why tests on upstream's real files cannot run, undefined where they can. */
export const noUpstreamData = existsSync(SOURCE) ? undefined : `no reference data at ${SOURCE}`;

/** Upstream's real commits of which there are files, by the first digits of their hashes, the oldest first. */
export const REAL_COMMITS = ['e88598c4', '1736ab42', '1f8084bc'] as const;
export type RealCommit = (typeof REAL_COMMITS)[number];

export interface ReferenceCommit {
  readonly hash: string;
  readonly date: string;
  /** Path → git's hash of the file, as upstream has it. */
  readonly blobs: ReadonlyMap<string, string>;
  readonly files: Readonly<Record<string, string>>;
}

interface Index {
  readonly commits: Readonly<
    Record<string, { commitDate: string; files: Record<string, { blob: string }> }>
  >;
}

/** The files of one of upstream's real commits. */
export async function referenceCommit(name: RealCommit): Promise<ReferenceCommit> {
  const { commits } = JSON.parse(readFileSync(join(SOURCE, 'index.json'), 'utf8')) as Index;
  const [hash, entry] = Object.entries(commits).find(([full]) => full.startsWith(name)) ?? [];
  if (hash === undefined || entry === undefined) throw new Error(`There is no commit ${name}.`);
  const names = await readdir(join(SOURCE, hash));
  const texts = names.map(async (file): Promise<[string, string]> => [
    file,
    await readFile(join(SOURCE, hash, file), 'utf8'),
  ]);
  return {
    hash,
    date: entry.commitDate,
    blobs: new Map(Object.entries(entry.files).map(([file, { blob }]) => [file, blob])),
    files: Object.fromEntries(await Promise.all(texts)),
  };
}

/** A repository with a commit of each; the files are where upstream has them, with others beside them. */
export async function referenceRepository(): Promise<
  TestRepository & { readonly commits: Record<RealCommit, string> }
> {
  const repository = await testRepository();
  const commits: [RealCommit, string][] = [];
  for (const name of REAL_COMMITS) {
    const { files, date } = await referenceCommit(name);
    const placed = Object.fromEntries(
      Object.entries(files).map(([file, text]) => [`config/prow/cluster/${file}`, text]),
    );
    const beside = { 'README.md': `# ${name}\n`, 'config/prow/config.yaml': 'plank: {}\n' };
    commits.push([
      name,
      await repository.commit({ ...placed, ...beside }, { date, message: name }),
    ]);
  }
  return { ...repository, commits: Object.fromEntries(commits) as Record<RealCommit, string> };
}
