import type { ScalarStyle } from './yaml-node.ts';

/** Which styles can carry a text. */
export interface ScalarForm {
  readonly multiline: boolean;
  readonly plainInFlow: boolean;
  readonly plainInBlock: boolean;
  readonly single: boolean;
  readonly block: boolean;
}

const emptyForm: ScalarForm = {
  multiline: false,
  plainInFlow: false,
  plainInBlock: true,
  single: true,
  block: false,
};

const lineBreak = /[\n\r\u0085\u2028\u2029]/;

/** Decides which styles can carry a text, as the YAML library inside yq 3.4.1 does. */
export function analyzeScalar(text: string): ScalarForm {
  if (text === '') return emptyForm;
  const multiline = lineBreak.test(text);
  const special = hasSpecialCharacters(text);
  const spaceBeforeBreak = / [\n\r\u0085\u2028\u2029]/.test(text);
  const spaceAfterBreak = /[\n\r\u0085\u2028\u2029] /.test(text);
  const edges = /^[ \n\r\u0085\u2028\u2029]|[ \n\r\u0085\u2028\u2029]$/.test(text);
  const unquotable = spaceBeforeBreak || special;
  const single = !(unquotable || spaceAfterBreak || text.includes('\t'));
  const plain = single && !edges && !multiline;
  const blockIndicator = /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[-?:](?:[\s]|$))|:(?:\s|$)|[\s]#/.test(
    text,
  );
  const flowIndicator = blockIndicator || /^[?:]|[,?[\]{}:]/.test(text);
  return {
    multiline,
    plainInFlow: plain && !flowIndicator,
    plainInBlock: plain && !blockIndicator,
    single,
    block: !unquotable && !text.endsWith(' '),
  };
}

/** The style in which a text is written, given the one it should have. */
export function chooseStyle(
  wanted: ScalarStyle,
  text: string,
  form: ScalarForm,
  where: { readonly inFlow: boolean; readonly simpleKey: boolean },
): ScalarStyle {
  let style = wanted;
  if (where.simpleKey && form.multiline) style = 'double';
  if (style === 'plain') {
    const allowed = where.inFlow ? form.plainInFlow : form.plainInBlock;
    if (!allowed || (text === '' && (where.inFlow || where.simpleKey))) style = 'single';
  }
  if (style === 'single' && !form.single) style = 'double';
  if (style === 'literal' || style === 'folded') {
    if (!form.block || where.inFlow || where.simpleKey) style = 'double';
  }
  return style;
}

function hasSpecialCharacters(text: string): boolean {
  if (/^[\t\n\x20-\x7e]*$/.test(text)) return false;
  for (const character of text) if (character !== '\t' && !isPrintable(character)) return true;
  return false;
}

/** Beyond U+FFFF nothing counts as printable, so that emoji are written as escapes. */
function isPrintable(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0xa0) return code === 0x0a || (code >= 0x20 && code <= 0x7e);
  return code <= 0xfffd && code !== 0xfeff && !(code >= 0xd800 && code <= 0xdfff);
}

const escapes: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

/** A text in double quotes, on one line. */
export function quoteDouble(text: string): string {
  let quoted = '"';
  for (const character of text) {
    const escape = escapes[character];
    if (escape !== undefined) quoted += escape;
    else quoted += isPrintable(character) ? character : escapeCode(character);
  }
  return `${quoted}"`;
}

function escapeCode(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = (length: number) => code.toString(16).toUpperCase().padStart(length, '0');
  if (code <= 0xff) return `\\x${hex(2)}`;
  return code <= 0xffff ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}
