import { checkCopies, formatCheck } from '@prow-deploy/vendor';
import { upstreamExecutor } from '../upstream-executor.ts';

export default upstreamExecutor(async ({ upstream, commit, print }) => {
  const checked = await checkCopies(upstream, commit === undefined ? undefined : [commit]);
  for (const line of formatCheck(checked)) print(line);
  return checked.every(({ problems }) => problems.length === 0);
});
