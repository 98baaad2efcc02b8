import { ensureTools, printProgress, toolsOfThisSystem } from '../index.ts';

/** Before the first test: every tool, so that no test waits for a download or a build of minutes without a word. */
export default async function installTools(): Promise<void> {
  await ensureTools(toolsOfThisSystem(), { onProgress: printProgress(process.stderr) });
}
