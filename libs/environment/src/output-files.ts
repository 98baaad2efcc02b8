import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Environment } from './environment.ts';

/** What the targets of a project leave below `dist/<name>`; none of it holds a secret. */
export const OUTPUT_FILES = {
  manifest: 'prow-deploy.yaml',
  checkConfig: 'check-config.json',
  audit: 'audit.json',
  secretsReceipt: 'secrets-receipt.json',
  diff: 'diff.json',
  applyReceipt: 'apply-receipt.json',
  verification: 'verify.json',
  junit: 'verify.xml',
  e2e: 'e2e.json',
  rehearsal: 'rehearsal.json',
  rehearsalMarkdown: 'rehearsal.md',
} as const;
export type OutputFile = keyof typeof OUTPUT_FILES;

/** Whose output it is: an environment, or another project of the workspace. */
export type OutputOwner = Pick<Environment, 'workspaceRoot' | 'name'>;

/** Absolute path of an output. */
export function outputFile({ workspaceRoot, name }: OutputOwner, output: OutputFile): string {
  return join(workspaceRoot, 'dist', name, OUTPUT_FILES[output]);
}

let mask: (text: string) => string = (text) => text;

/** Has every text in a report pass a mask, from now on, for all of this process. A manifest is written as it is. */
export function maskOutputs(through: (text: string) => string): void {
  mask = through;
}

/** Writes an output, whole or not at all; anything but text as JSON. */
export async function writeOutput(
  owner: OutputOwner,
  output: OutputFile,
  content: string | object,
): Promise<void> {
  const file = outputFile(owner, output);
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}.tmp`;
  await writeFile(
    fresh,
    typeof content === 'string' ? content : `${JSON.stringify(content, masked, 2)}\n`,
  );
  await rename(fresh, file);
}

function masked(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? mask(value) : value;
}
