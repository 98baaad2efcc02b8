import { prune } from '@prow-deploy/vendor';
import { upstreamExecutor } from '../upstream-executor.ts';

export default upstreamExecutor(async ({ upstream, print }) => {
  const { removed, kept } = await prune(upstream);
  for (const folder of removed) print(`Removed ${folder}: no environment uses it.`);
  for (const { folder, usedBy } of kept) print(`Kept ${folder}: used by ${usedBy.join(', ')}.`);
  return true;
});
