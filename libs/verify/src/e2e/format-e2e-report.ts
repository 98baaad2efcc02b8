import type { E2eReport, E2eStep } from './run-e2e.ts';

/** A step in a line, and what it had to say. */
export function formatE2eStep({ name, outcome, durationMs = 0, lines }: E2eStep): string[] {
  const took = outcome === 'skipped' ? '' : ` after ${(durationMs / 1000).toFixed(1)} s`;
  return [`${name}: ${outcome}${took}`, ...lines.map((line) => `  ${line}`)];
}

/** How a run ended, and how long each of its steps took. */
export function formatE2eReport({
  outcome,
  environment,
  steps,
  artifacts,
  durationMs,
}: E2eReport): string[] {
  const times = steps
    .filter((step) => step.outcome !== 'skipped')
    .map((step) => `${step.name} ${((step.durationMs ?? 0) / 1000).toFixed(1)}`);
  return [
    `End-to-end test of ${environment}: ${outcome} after ${(durationMs / 1000).toFixed(1)} s (${times.join(', ')}).`,
    `What was seen: ${artifacts}/index.html`,
  ];
}
