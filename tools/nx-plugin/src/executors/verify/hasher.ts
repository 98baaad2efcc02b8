import { checkEnvironment } from '@prow-deploy/apply/check-environment';
import { ownChecksFolders } from '@prow-deploy/verify/own-checks-folders';
import { VERIFIED_FOR_MS } from '@prow-deploy/verify/verified-for';
import { rememberedHash } from '../remembered-hash.ts';

export default rememberedHash(async (environment, _ordinary, { testinfraDir }) => {
  // What checks of the user's own would say now, nobody knows.
  if (ownChecksFolders(testinfraDir as string | undefined).length > 0) return undefined;
  const check = await checkEnvironment(environment, { kind: 'verify', maxAgeMs: VERIFIED_FOR_MS });
  return check.current ? check.record.hash : undefined;
});
