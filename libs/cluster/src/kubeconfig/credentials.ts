import type { Agent } from 'node:https';

/** What a request carries to be trusted, and to trust. */
export interface Credentials {
  readonly ca?: Buffer | undefined;
  readonly cert?: Buffer | string | undefined;
  readonly key?: Buffer | string | undefined;
  readonly servername?: string | undefined;
  readonly rejectUnauthorized?: boolean | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Used instead of our own: a proxy. */
  readonly agent?: Agent | undefined;
}

/** Obtains credentials; called again when they are old, or were refused. */
export type CredentialsSource = () => Promise<Credentials>;
