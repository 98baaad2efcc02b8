import { ensureTools, everydayTools, printProgress } from '../index.ts';

/** Before the first test: every tool but those on demand, so that no test waits for a download or a build of minutes without a word. */
export default async function installTools(): Promise<void> {
  await ensureTools(everydayTools(), { onProgress: printProgress(process.stderr) });
}
