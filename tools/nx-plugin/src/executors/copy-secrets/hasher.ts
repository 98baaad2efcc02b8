import { currentSecretsReceipt } from '@prow-deploy/secrets';
import { rememberedHash } from '../remembered-hash.ts';

export default rememberedHash(
  async (environment) => (await currentSecretsReceipt(environment))?.hash,
);
