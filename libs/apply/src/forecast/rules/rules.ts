import { CLAIM_RULES } from './claim-rules.ts';
import { CLASS_RULES } from './class-rules.ts';
import { DATA_RULES } from './data-rules.ts';
import { DEFINITION_RULES } from './definition-rules.ts';
import { DELETION_RULES } from './deletion-rules.ts';
import { JOB_RULES } from './job-rules.ts';
import { LEFT_OVER_RULES } from './left-over-rules.ts';
import { POD_RULES } from './pod-rules.ts';
import type { Rule } from './rule.ts';
import { SERVICE_RULES } from './service-rules.ts';
import { VOLUME_RULES } from './volume-rules.ts';
import { WORKLOAD_RULES } from './workload-rules.ts';

/** All that is known of changes that cannot be made in place. */
export const RULES: readonly Rule[] = [
  ...WORKLOAD_RULES,
  ...JOB_RULES,
  ...POD_RULES,
  ...CLAIM_RULES,
  ...VOLUME_RULES,
  ...SERVICE_RULES,
  ...DATA_RULES,
  ...CLASS_RULES,
  ...DEFINITION_RULES,
  ...LEFT_OVER_RULES,
  ...DELETION_RULES,
];
