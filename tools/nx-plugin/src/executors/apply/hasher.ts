import { checkEnvironment } from '@prow-deploy/apply/check-environment';
import { rememberedHash } from '../remembered-hash.ts';

export default rememberedHash(async (environment, _ordinary, options) => {
  // Other work than to have there what kustomize-build left.
  if (options['to'] !== undefined || options['pruneData'] === true) return undefined;
  const check = await checkEnvironment(environment);
  return check.current ? check.record.hash : undefined;
});
