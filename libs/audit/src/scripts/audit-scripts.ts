import type { RenderedConfig } from '@prow-deploy/environment';
import { type Finding, finding } from '../finding.ts';

type CommandTrace = RenderedConfig['trace'][number];

/**
 * What the commands of an environment's yq scripts did other than they were meant to, from the trace of their rendering:
 * matched nothing, changed nothing, or made a key that was not there.
 */
export function auditScripts(configs: readonly RenderedConfig[]): Finding[] {
  return configs.flatMap(({ script, path, trace }) =>
    trace.flatMap((command) => auditCommand(command, { file: script ?? path, base: path })),
  );
}

interface ScriptPlace {
  readonly file: string;
  /** The configuration file that the script changes. */
  readonly base: string;
}

function auditCommand(trace: CommandTrace, { file, base }: ScriptPlace): Finding[] {
  const place = { file, line: trace.line };
  const command = `Command ${trace.number} (${trace.command} ${trace.path})`;
  if (trace.matchedNothing && trace.sideEffects.length === 0) {
    const message = `${command} matches nothing in ${base}. Correct its path, or remove it.`;
    return [finding('yq-matches-nothing', message, place)];
  }
  if (trace.changedNothing) {
    const message = `${command} changes nothing: ${base} says the same already. Remove it, or correct its value.`;
    return [finding('yq-changes-nothing', message, place)];
  }
  const created = trace.locations.filter(({ action }) => action === 'created');
  // A new item at the end is what [+] asks for.
  const unasked = trace.path.endsWith('[+]') ? [] : created;
  const findings = unasked.map(({ path, createdFrom = path }) => {
    const missing =
      createdFrom === path ? `no ${path}` : `not even ${createdFrom} on the way to ${path}`;
    return finding(
      'yq-creates-path',
      `${command} makes a key: there was ${missing} in ${base}. If the path is misspelt, correct it; if it is meant, put a default into the base.`,
      place,
    );
  });
  const replaced = trace.sideEffects.map(({ path, effect }) =>
    finding(
      'yq-creates-path',
      `${command} changes ${path || 'the document'} on its way (${effect}): ${base} has another shape there. Correct its path.`,
      place,
    ),
  );
  const lost = trace.locations.filter(({ action }) => action === 'lost');
  const lostFindings = lost.map(({ path }) =>
    finding(
      'yq-matches-nothing',
      `${command} has no effect on ${path}: yq changes a copy there. Name the item by its index.`,
      place,
    ),
  );
  return [...findings, ...replaced, ...lostFindings];
}

/** How many commands of the scripts matched, changed, or did nothing. */
export interface ScriptCoverage {
  readonly commands: number;
  readonly matched: number;
  readonly changed: number;
}

/** Counts over all scripts of a rendering. */
export function scriptCoverage(configs: readonly RenderedConfig[]): ScriptCoverage {
  const traces = configs.flatMap(({ trace }) => trace);
  return {
    commands: traces.length,
    matched: traces.filter(({ matchedNothing }) => !matchedNothing).length,
    changed: traces.filter(({ changedNothing }) => !changedNothing).length,
  };
}
