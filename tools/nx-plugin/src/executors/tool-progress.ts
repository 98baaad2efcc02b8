import { type OnProgress, printProgress } from '@prow-deploy/toolchain';

/** Shows downloads and builds of tools; a tool that is there already shows nothing. */
export function toolProgress(): OnProgress {
  return printProgress(process.stderr);
}
