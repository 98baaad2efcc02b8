import { stripVTControlCharacters } from 'node:util';
import type { SecretsReport, SecretState } from './read-secret-states.ts';

/** A report as a table, with what is to be done below it. */
export async function formatSecretStates(
  name: string,
  { source, secrets, undeclared, warnings, maxAgeDays, beginning }: SecretsReport,
): Promise<string[]> {
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    head: ['secret', 'state', 'changed', 'copied', 'read by'],
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 2 },
    chars: NO_LINES,
  });
  for (const secret of secrets) {
    const { path, state, copied, readBy } = secret;
    table.push([path, state, ageOf(secret), copied, shorten(readBy)]);
  }
  const wrong = secrets.filter(({ says }) => says !== undefined);
  const old = secrets.filter((secret) => secret.old);
  const differs = secrets.filter(({ copied }) => copied !== 'yes').length;
  return [
    `Secrets of ${name}, from ${source}:`,
    ...stripVTControlCharacters(table.toString())
      .split('\n')
      .map((line) => `  ${line}`.trimEnd()),
    ...(beginning?.split('\n') ?? []),
    ...section('To correct:', [
      ...wrong.map(({ path, says, description, permission }) =>
        [`${path} ${says ?? ''}: ${description}`, ...(permission ? [` (${permission})`] : [])].join(
          '',
        ),
      ),
      ...undeclared.map((path) => `${path} is a file that nobody declares`),
    ]),
    ...section(
      `Not changed for more than ${maxAgeDays} days, think of new ones:`,
      old.map(({ path }) => path),
    ),
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...(wrong.length === 0 && differs > 0
      ? [
          `${differs} not copied as the source has ${differs === 1 ? 'it' : 'them'}: nx run ${name}:copy-secrets does, and so does apply.`,
        ]
      : []),
  ];
}

const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid', 'left-mid', 'mid-mid', 'right-mid', 'middle']
    .flatMap((side) => [side, `${side}-left`, `${side}-right`, `${side}-mid`])
    .map((side) => [side, '']),
);

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

function ageOf({ ageDays, old }: SecretState): string {
  if (ageDays === undefined) return '';
  const age = ageDays <= 0 ? 'today' : `${ageDays} ${ageDays === 1 ? 'day' : 'days'} ago`;
  return old ? `${age}: old` : age;
}

function shorten(programs: readonly string[]): string {
  const shown = programs.slice(0, 3).join(', ');
  return programs.length > 3 ? `${shown} and ${programs.length - 3} more` : shown;
}
