import { componentsHealthy } from './components-healthy.ts';
import { configAsRendered } from './config-as-rendered.ts';
import { containersRun } from './containers-run.ts';
import { deckAnswers } from './deck-answers.ts';
import { gcswebAnswers } from './gcsweb-answers.ts';
import { hookAcceptsWebhook } from './hook-accepts-webhook.ts';
import { jobRuns } from './job-runs.ts';
import { metricsAnswer } from './metrics-answer.ts';
import { serviceAccounts } from './service-accounts.ts';
import type { SmokeCheck } from './smoke-check.ts';

/** All of them, in the order in which they are reported. */
export const SMOKE_CHECKS: readonly SmokeCheck[] = [
  containersRun,
  componentsHealthy,
  metricsAnswer,
  deckAnswers,
  gcswebAnswers,
  hookAcceptsWebhook,
  configAsRendered,
  serviceAccounts,
  jobRuns,
];
