export { type CopySecretsResult, copySecrets } from './copy-secrets.ts';
export { SECRETS_ERROR_CODES, SecretsError, type SecretsErrorCode } from './errors.ts';
export { BOILERPLATE_MARKER } from './forms/check-value.ts';
export { type Leak, type LeakReport, findLeaks } from './leaks/find-leaks.ts';
export { formatLeaks } from './leaks/format-leaks.ts';
export { learnSecrets } from './mask/learn-secrets.ts';
export { maskProcess, maskStream, maskText } from './mask/process-mask.ts';
export { MASK, type MaskStream, type SecretMask, createMask } from './mask/secret-mask.ts';
export { fillPlaceholders } from './placeholders/fill-placeholders.ts';
export { generatedFrom } from './placeholders/generator-inputs.ts';
export { hasNameSuffix } from './placeholders/name-suffix.ts';
export { placeholderFiles, placeholderOverlay } from './placeholders/placeholder-files.ts';
export {
  type PlaceholderName,
  parsePlaceholder,
  placeholder,
  readsFromGit,
} from './placeholders/placeholder.ts';
export { type ValueInGit, valuesInGit } from './placeholders/values-in-git.ts';
export { type SecretsReceipt, currentSecretsReceipt, writeSecretsReceipt } from './receipt.ts';
export { secretFiles, secretsDirectory } from './secret-files.ts';
export { type SecretValues, readSecretValues, requireSecretsDigest } from './secret-values.ts';
export { isSecretsFolder } from './secrets-folder.ts';
export { boilerplateDirectory, readShape } from './shape/read-shape.ts';
export type { Presence, SecretFileShape, SecretFormat } from './shape/secret-file-shape.ts';
export { generate } from './sources/generate.ts';
export { forgetGenerated } from './sources/generated-source.ts';
export { secretsDigest, secretsState } from './state.ts';
export { formatSecretStates } from './report/format-secret-states.ts';
export {
  type CopyState,
  type ReadSecretStatesOptions,
  SECRET_STATES,
  type SecretState,
  type SecretStateName,
  type SecretsReport,
  readSecretStates,
} from './report/read-secret-states.ts';
export { isGenerated, STANDS_IN_FOR, withoutStandIns } from './stand-ins.ts';
