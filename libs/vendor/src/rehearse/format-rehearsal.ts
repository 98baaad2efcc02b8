import {
  type BuiltFrom,
  type EnvironmentRehearsal,
  type RehearsalReport,
} from './rehearsal-report.ts';

/** A rehearsal as lines for people: what to look at, then what there is to know, for each environment. */
export function formatRehearsal({ environments, outcome }: RehearsalReport): string[] {
  const broken = environments.filter((each) => each.outcome === 'broken');
  return [
    ...environments.flatMap(formatEnvironment),
    outcome === 'fits'
      ? `Nothing breaks in ${listNames(environments)}.`
      : `Breaks ${listNames(broken)}: correct the errors before it lands.`,
  ];
}

function formatEnvironment(rehearsal: EnvironmentRehearsal): string[] {
  const { environment, from, to, problems } = rehearsal;
  return [
    `${environment}: ${describeBuilt(from)} → ${describeBuilt(to)}`,
    ...problems.map(({ severity, code, message }) => `  ${severity} ${code}  ${message}`),
    `  ${countsOf(rehearsal)}`,
    ...describeFollowed(rehearsal).map((line) => `  ${line}`),
  ];
}

/** `1736ab42da95 (2021-02-18), config 20261123` */
export function describeBuilt({ commit, date, configVersion }: BuiltFrom): string {
  const day = date === undefined ? '' : ` (${date.slice(0, 10)})`;
  return `${commit.slice(0, 12)}${day}, config ${configVersion}`;
}

/** How much there is of everything, in one sentence. */
export function countsOf({ files, objects, findings, problems }: EnvironmentRehearsal): string {
  const count = (severity: string): number =>
    problems.filter((problem) => problem.severity === severity).length;
  const used = (list: readonly { used: boolean }[]): string => {
    const number = list.filter((file) => file.used).length;
    return number === 0 ? '' : ` (${number} deployed)`;
  };
  return [
    `${count('error')} errors, ${count('warning')} warnings`,
    `files: ${files.added.length} added, ${files.removed.length} removed${used(files.removed)}, ${files.renamed.length} renamed, ${files.changed.length} changed${used(files.changed)}`,
    `objects: ${objects.added.length} added, ${objects.removed.length} removed, ${objects.changed.length} changed`,
    `images: ${objects.images.length} changed`,
    `findings: ${findings.new.length} new, ${findings.gone.length} gone`,
  ].join('; ');
}

/** What becomes of the image tags that go along, one sentence each. */
export function describeFollowed({ followed }: Pick<EnvironmentRehearsal, 'followed'>): string[] {
  return followed.flatMap(({ name, from, to, reason }) => {
    if (to !== undefined) return [`image ${name}: ${from} → ${to}`];
    return reason === undefined ? [] : [`image ${name} stays at ${from}: ${reason}`];
  });
}

function listNames(environments: readonly EnvironmentRehearsal[]): string {
  return environments.map(({ environment }) => environment).join(', ');
}
