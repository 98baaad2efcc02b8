export {
  type CopySecretsResult,
  copySecrets,
  secretsDigest,
  secretsState,
} from './copy-secrets.ts';
export { SECRETS_ERROR_CODES, SecretsError, type SecretsErrorCode } from './errors.ts';
export { fillPlaceholders } from './fill-placeholders.ts';
export { parsePlaceholder, placeholder, placeholderFiles } from './placeholder.ts';
export { type Leak, type LeakReport, findLeaks } from './leaks/find-leaks.ts';
export { formatLeaks } from './leaks/format-leaks.ts';
export { learnSecrets, learnValues } from './mask/learn-secrets.ts';
export { maskProcess, maskStream, maskText } from './mask/process-mask.ts';
export { MASK, type MaskStream, type SecretMask, createMask } from './mask/secret-mask.ts';
export { type SecretsReceipt, currentSecretsReceipt, writeSecretsReceipt } from './receipt.ts';
export { generatedFrom, secretFiles, secretsDirectory } from './secret-files.ts';
export { BOILERPLATE_MARKER, type SecretValues, readSecretValues } from './secret-values.ts';
export {
  type SecretFileShape,
  type SecretFormat,
  boilerplateDirectory,
  readShape,
} from './shape.ts';
