import { PLACEHOLDER_START } from '../placeholders/placeholder.ts';
import type { SecretFileShape, SecretFormat } from '../shape/secret-file-shape.ts';
import { checkBase64 } from './check-base64.ts';
import { checkDockerConfig } from './check-docker-config.ts';
import { checkEnv } from './check-env.ts';
import { checkHmac } from './check-hmac.ts';
import { checkKubeconfig } from './check-kubeconfig.ts';
import { checkOAuthConfig } from './check-oauth-config.ts';
import { checkServiceAccount } from './check-service-account.ts';
import { checkToken } from './check-token.ts';

/** What marks a value of the boilerplate that nobody has filled in yet. */
export const BOILERPLATE_MARKER = '<<FILL';

/** What can be wrong with a value: `empty`, `boilerplate` where nobody filled it in, `invalid` for anything else. */
export type ValueFault = 'empty' | 'boilerplate' | 'invalid';

export interface ValueProblem {
  readonly fault: ValueFault;
  /** Follows the name of the file: "is empty". Never holds anything of the value. */
  readonly says: string;
}

/** Checks the form of a value, and says what is wrong; `undefined` where nothing is. */
type FormCheck = (text: string, shape: SecretFileShape) => string | undefined;

const FORMS: Readonly<Record<SecretFormat, FormCheck>> = {
  text: () => undefined,
  binary: () => undefined,
  token: checkToken,
  base64: checkBase64,
  hmac: checkHmac,
  env: checkEnv,
  'service-account': checkServiceAccount,
  'oauth-config': checkOAuthConfig,
  kubeconfig: checkKubeconfig,
  dockerconfigjson: checkDockerConfig,
};

/** Why a value cannot be used; `undefined` where it can. */
export function checkValue(shape: SecretFileShape, bytes: Buffer): ValueProblem | undefined {
  const { format, exact, presence } = shape;
  const invalid = (says: string): ValueProblem => ({ fault: 'invalid', says });
  const text = bytes.toString('utf8');
  if (text.includes(BOILERPLATE_MARKER)) {
    return { fault: 'boilerplate', says: "still holds the boilerplate's text" };
  }
  if (text.includes(PLACEHOLDER_START)) return invalid('holds a placeholder of a render');
  const isEmpty = format === 'binary' ? bytes.length === 0 : text.trim() === '';
  if (isEmpty && (bytes.length === 0 || !exact)) {
    if (presence === 'required') return { fault: 'empty', says: 'is empty' };
    if (format !== 'env') return undefined;
  }
  if (format !== 'binary') {
    if (!Buffer.from(text, 'utf8').equals(bytes)) return invalid('is no UTF-8 text');
    if (text.startsWith('\uFEFF')) return invalid('begins with a byte order mark: remove it');
    if (text.includes('\r')) {
      return invalid("has Windows line ends (CRLF): remove them with sed -i 's/\\r$//'");
    }
  }
  if (exact && text !== text.trim()) {
    return invalid(
      text.endsWith('\n')
        ? 'ends with a line break, which its readers take for a part of the value: write it with printf %s'
        : 'has white space around the value, which its readers take for a part of it',
    );
  }
  const says = FORMS[format](text, shape);
  return says === undefined ? undefined : invalid(says);
}
