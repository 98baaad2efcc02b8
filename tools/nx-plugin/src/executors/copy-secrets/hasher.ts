import { currentSecretsReceipt } from '@prow-deploy/secrets';
import { rememberedHash } from '../remembered-hash.ts';

export default rememberedHash(async (environment, ordinary) => {
  const receipt = await currentSecretsReceipt(environment);
  return receipt?.hash.startsWith(`${ordinary}-`) === true ? receipt.hash : undefined;
});
