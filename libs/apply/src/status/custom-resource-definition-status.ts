import { explain, findCondition } from './condition.ts';
import { current, failed, inProgress } from './object-status.ts';
import type { StatusRule } from './status-rule.ts';

/** Current when its objects are served. */
export const customResourceDefinitionStatus: StatusRule = ({ status }) => {
  const names = findCondition(status, 'NamesAccepted');
  if (names?.status === 'False') return failed(explain(names));
  const established = findCondition(status, 'Established');
  if (established?.status === 'True') return current('established');
  // "Installing" is how every definition begins.
  if (established?.status === 'False' && established.reason !== 'Installing') {
    return failed(explain(established));
  }
  return inProgress('not established');
};
