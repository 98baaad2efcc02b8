import { checkEnvironment } from '@prow-deploy/apply';
import { rememberedHash } from '../remembered-hash.ts';

export default rememberedHash(async (environment) => {
  const check = await checkEnvironment(environment);
  return check.current ? check.record.hash : undefined;
});
