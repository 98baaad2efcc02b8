import { checkEnvironment } from '@prow-deploy/apply/check';
import { VERIFIED_FOR_MS } from '@prow-deploy/verify/verified-for';
import { rememberedHash } from '../remembered-hash.ts';

export default rememberedHash(async (environment) => {
  const check = await checkEnvironment(environment, { kind: 'verify', maxAgeMs: VERIFIED_FOR_MS });
  return check.current ? check.record.hash : undefined;
});
