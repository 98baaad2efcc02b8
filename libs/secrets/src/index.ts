export {
  type CopySecretsResult,
  copySecrets,
  secretsDigest,
  secretsState,
} from './copy-secrets.ts';
export { SECRETS_ERROR_CODES, SecretsError, type SecretsErrorCode } from './errors.ts';
export { fillPlaceholders } from './fill-placeholders.ts';
export { parsePlaceholder, placeholder, placeholderFiles } from './placeholder.ts';
export { type SecretsReceipt, currentSecretsReceipt, writeSecretsReceipt } from './receipt.ts';
export { generatedFrom, secretFiles, secretsDirectory } from './secret-files.ts';
export { BOILERPLATE_MARKER, type SecretValues, readSecretValues } from './secret-values.ts';
export { isGenerated, STANDS_IN_FOR, withoutStandIns } from './stand-ins.ts';
export {
  type SecretFileShape,
  type SecretFormat,
  boilerplateDirectory,
  readShape,
} from './shape.ts';
