import { describeChange } from './find-problems.ts';
import { formatChanges } from './format-changes.ts';
import { countsOf, describeBuilt, describeFollowed } from './format-rehearsal.ts';
import { PATCH_CHANGES } from './patch-change.ts';
import { type EnvironmentRehearsal, type RehearsalReport } from './rehearsal-report.ts';

/** GitHub takes 65536 characters for a comment or the text of a pull request. */
const MOST_CHARACTERS = 60_000;

/** A rehearsal as Markdown for a pull request: the verdict first, the details folded. */
export function formatMarkdown(report: RehearsalReport): string {
  const { upstream, environments } = report;
  const head = [
    `## Rehearsal of ${upstream}`,
    '',
    '| environment | today | then | verdict |',
    '| --- | --- | --- | --- |',
    ...environments.map(({ environment, from, to, outcome, problems }) => {
      const errors = problems.filter(({ severity }) => severity === 'error').length;
      const verdict = outcome === 'fits' ? 'fits' : `**breaks** (${errors} new errors)`;
      return `| ${environment} | ${describeBuilt(from)} | ${describeBuilt(to)} | ${verdict} |`;
    }),
    '',
  ].join('\n');
  const sections = environments.flatMap((rehearsal) => [summary(rehearsal), ...details(rehearsal)]);
  return fill(head, sections);
}

// Whole sections, as long as there is room.
function fill(head: string, sections: readonly string[]): string {
  let text = head;
  let left = 0;
  for (const section of sections) {
    if (text.length + section.length > MOST_CHARACTERS) left += 1;
    else text += section;
  }
  const note = `\n${left} parts did not fit in here: see rehearsal.json.\n`;
  return left === 0 ? text : text + note;
}

function summary(rehearsal: EnvironmentRehearsal): string {
  const { environment, outcome, problems } = rehearsal;
  const most = 60;
  const lines = problems
    .slice(0, most)
    .map(({ severity, code, message }) => `- **${severity}** ${code}: ${escape(message)}`);
  const more = problems.length - lines.length;
  return [
    '',
    `### ${environment} ${outcome === 'fits' ? 'fits' : 'breaks'}`,
    '',
    ...lines,
    ...(more > 0 ? [`- … and ${more} more`] : []),
    ...(problems.length > 0 ? [''] : []),
    `${countsOf(rehearsal)}.`,
    '',
  ].join('\n');
}

function details(rehearsal: EnvironmentRehearsal): string[] {
  const { files, patches, findings, objects } = rehearsal;
  const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
  const use = (used: boolean): string => (used ? ', deployed' : '');
  return [
    folded('Image tags that go along', list(describeFollowed(rehearsal).map(escape))),
    folded(
      'Files',
      list([
        ...files.added.map((file) => `added ${code(file)}`),
        ...files.removed.map(({ file, used }) => `removed ${code(file)}${use(used)}`),
        ...files.renamed.map(
          ({ from, to, similarity, used }) =>
            `renamed ${code(from)} to ${code(to)} (${Math.round(100 * similarity)} % the same)${use(used.before)}`,
        ),
        ...files.changed.map(({ file, used }) => `changed ${code(file)}${use(used)}`),
      ]),
    ),
    folded(
      'Patches',
      list(
        patches.map((change) =>
          escape(`${PATCH_CHANGES[change.kind]} ${change.kind}: ${describeChange(change)}`),
        ),
      ),
    ),
    folded(
      'Audit findings',
      list([
        ...findings.new.map(
          (found) => `new ${found.severity} ${found.code}: ${escape(found.message)}`,
        ),
        ...findings.gone.map(
          (found) => `gone ${found.severity} ${found.code}: ${escape(found.message)}`,
        ),
      ]),
    ),
    folded(
      'Images',
      list(
        objects.images.map(
          ({ container, before, after }) =>
            `${escape(container)}: ${code(before)} → ${code(after)}`,
        ),
      ),
    ),
    folded(
      'Objects added and removed',
      list([
        ...objects.added.map((object) => `added ${escape(object)}`),
        ...objects.removed.map((object) => `removed ${escape(object)}`),
      ]),
    ),
    ...objects.changed.map((changed) =>
      folded(`Changes of ${changed.object}`, fenced(formatChanges(changed))),
    ),
  ].filter((section) => section !== '');
}

function folded(title: string, content: string): string {
  if (content === '') return '';
  return `\n<details><summary>${escape(title)}</summary>\n\n${content}\n\n</details>\n`;
}

// A fence that is longer than any in the text.
function fenced(lines: readonly string[]): string {
  const longest = Math.max(2, ...lines.map((line) => /^`+/.exec(line.slice(2))?.[0].length ?? 0));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}diff`, ...lines, fence].join('\n');
}

function code(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}

// What comes from upstream must neither mention anybody nor be read as Markdown or HTML.
function escape(text: string): string {
  return text
    .replaceAll(/[\\`*_{}[\]<>#|~@]/g, (character) =>
      character === '<' ? '&lt;' : character === '@' ? '&#64;' : `\\${character}`,
    )
    .replaceAll(/\s*\n\s*/g, ' ');
}
