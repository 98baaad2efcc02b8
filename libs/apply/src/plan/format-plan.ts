import { describeConflicts } from '../conflict.ts';
import { countActions, describeCounts } from '../count-actions.ts';
import { formatFieldChanges } from '../diff/format-field-changes.ts';
import { describe } from '../object-reference.ts';
import { describeEffect } from '../restarts/effects-of.ts';
import type { PlanReport } from './plan.ts';
import { PLAN_ACTIONS, type PlannedObject } from './planned-object.ts';

/** A plan in lines: what changes, field by field, then what follows from it, then the counts. */
export function formatPlan(plan: PlanReport): string[] {
  const { environment, objects, effects, warnings } = plan;
  const counts = describeCounts(countActions(PLAN_ACTIONS, objects));
  const isQuiet = objects.every(({ action }) => action === 'unchanged' || action === 'keep');
  return [
    ...objects.filter(({ action }) => action !== 'unchanged').flatMap(objectLines),
    ...(effects.length === 0 ? [] : ['Readers of what changes:']),
    ...effects.map((effect) => `  ${describeEffect(effect)}`),
    ...warnings.map((warning) => `Warning: ${warning}`),
    isQuiet
      ? `An apply of ${environment} would change nothing: ${counts}.`
      : `An apply of ${environment} would do: ${counts}.`,
  ];
}

function objectLines(planned: PlannedObject): string[] {
  const { object, action, reason, remedy, changes = [], takenOver, forecast = [] } = planned;
  const why = reason === undefined ? '' : `: ${reason}`;
  return [
    `${action} ${describe(object)}${why}`,
    ...formatFieldChanges(changes, { indent: '    ' }),
    ...(takenOver === undefined ? [] : [`    taken over: ${describeConflicts(takenOver)}`]),
    ...forecast.map(
      ({ message, remedy, loses }) => `    ${message}. ${remedy}. It loses ${loses}.`,
    ),
    ...(remedy === undefined || forecast.length > 0 ? [] : [`    ${remedy}.`]),
  ];
}

/** Whether an apply would write anything. */
export function hasChanges({ objects }: Pick<PlanReport, 'objects'>): boolean {
  return objects.some(({ action }) => action !== 'unchanged' && action !== 'keep');
}
