import type { Environment } from '@prow-deploy/environment';
import { formatVerifyReport } from '../format-verify-report.ts';
import type { VerifyReport } from '../verify-report.ts';
import { newArtifactsFolder } from './artifacts-folder.ts';
import { collectArtifacts } from './collect-artifacts.ts';
import { indexPage } from './index-page.ts';

/** Keeps what can be seen of an environment after a verification. @returns the absolute path of the folder. */
export async function collectVerifyArtifacts(
  environment: Environment,
  report: VerifyReport,
  onProgress?: (line: string) => void,
): Promise<string> {
  const folder = await newArtifactsFolder(environment);
  await collectArtifacts({ environment, folder, onProgress });
  const { outcome, durationMs, at } = report;
  await folder.write(
    'index.html',
    indexPage({
      title: `Verification of ${environment.name}: ${outcome}`,
      at,
      steps: [{ name: 'verify', outcome, durationMs, lines: formatVerifyReport(report) }],
      files: folder.files,
      missing: folder.missing,
    }),
  );
  return folder.path;
}
