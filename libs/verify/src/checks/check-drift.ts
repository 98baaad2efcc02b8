import { describe, readDrift, type ReadDriftOptions } from '@prow-deploy/apply';
import type { Check, Findings, NotPossible } from '../verify-report.ts';

/** Whether everything in the manifest is in the cluster as it was applied. */
export async function checkDrift(options: ReadDriftOptions): Promise<Findings> {
  const passed: Check[] = [];
  const failed: Check[] = [];
  const notPossible: NotPossible[] = [];
  for (const { object, outcome, reason } of await readDrift(options)) {
    const name = describe(object);
    const check = 'as-applied';
    switch (outcome) {
      case 'same':
        passed.push({ check, object: name });
        break;
      case 'absent':
        failed.push({ check, object: name, reason: reason ?? 'it is not in the cluster' });
        break;
      case 'differs':
      case 'rejected':
        failed.push({ check, object: name, reason });
        break;
      case 'unknown':
        notPossible.push({ check, what: `${name} is as applied`, reason: reason ?? '' });
        break;
    }
  }
  return { passed, failed, notPossible };
}
