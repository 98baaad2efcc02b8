/** What a secret file must look like; `forms/` has a check for each. */
export const SECRET_FORMATS = [
  'text',
  'binary',
  'token',
  'base64',
  'hmac',
  'env',
  'service-account',
  'oauth-config',
  'kubeconfig',
  'dockerconfigjson',
] as const;
export type SecretFormat = (typeof SECRET_FORMATS)[number];

/**
 * `required`: it must be there, with a value. `may-be-empty`: it must be there, so that somebody has decided, and may be
 * empty. `optional`: where it is not there, an empty file takes its place.
 */
export const PRESENCES = ['required', 'may-be-empty', 'optional'] as const;
export type Presence = (typeof PRESENCES)[number];

/** How a throw-away value is made, see `generate`. */
export type Recipe = string;

/** One secret file as `kustom-base/secrets-boilerplate/shape.yaml` describes it. */
export interface SecretFileShape {
  /** Path below `secrets/`, such as `hmac-token/hmac`. */
  readonly path: string;
  /** What the value is and where it comes from. */
  readonly description: string;
  /** The programs that read it. */
  readonly readBy: readonly string[];
  /** The least that whoever has the value must be allowed to do, and the most that it may be. */
  readonly permission?: string;
  readonly format: SecretFormat;
  /** How many bytes the base64 must hold. Default: any number. */
  readonly bytes?: number;
  /** Its readers take it as it is: a line break at its end would be part of the value. */
  readonly exact: boolean;
  readonly presence: Presence;
  readonly generate: Recipe;
  /** Keys of an env file: those of the boilerplate, in its order. */
  readonly keys?: readonly string[];
}
