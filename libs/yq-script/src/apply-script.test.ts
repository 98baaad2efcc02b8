import { describe, expect, test } from 'vitest';

import { applyScript } from './apply-script.ts';

/** Title, document, script, and the document after it. */
type Case = readonly [title: string, document: string, script: string, expected: string];

const runs = (cases: readonly Case[]) => {
  test.each(cases)('%s', (_title, document, script, expected) => {
    expect(applyScript(yaml(document), yaml(script)).text).toBe(yaml(expected));
  });
};

/** Takes away the first line break and the indentation of the first line. */
function yaml(text: string): string {
  const indent = /^\n( *)/.exec(text)?.[1];
  if (indent === undefined) return text;
  return text.slice(1).replaceAll(new RegExp(`^ {0,${indent.length}}`, 'gm'), '');
}

const set = (path: string, value = '9') =>
  `- {command: update, path: ${JSON.stringify(path)}, value: ${value}}\n`;
const remove = (path: string) => `- {command: delete, path: ${JSON.stringify(path)}}\n`;

describe('update', () => {
  runs([
    ['sets a key', 'a: 1\nb: 2\n', set('a'), 'a: 9\nb: 2\n'],
    ['sets a key further in', 'a:\n  b: 1\n', set('a.b'), 'a:\n  b: 9\n'],
    ['adds a key at the end of its map', 'a: 1\n', set('b'), 'a: 1\nb: 9\n'],
    ['makes the maps on the way', 'a: 1\n', set('b.c.d'), 'a: 1\nb:\n  c:\n    d: 9\n'],
    ['quotes a new key that looks like a number', 'a: 1\n', set('10'), 'a: 1\n"10": 9\n'],
    ['replaces a scalar on the way', 'a: 1\n', set('a.b'), 'a:\n  b: 9\n'],
    ['replaces a sequence met by a name', 'a: {l: [1, 2]}\n', set('a.l.k'), 'a: {l: {k: 9}}\n'],
    ['walks through a sequence at the root', '- 1\n- 2\n', set('k'), '- 1\n- 2\n'],
    ['sets a scalar at the root, whatever the path', 'text\n', set('a.b'), '9\n'],
    ['sets the whole document without a path', 'a: 1\n', set(''), '9\n'],
    ['sets the first of equal keys', 'a: 1\na: 2\n', set('a'), 'a: 9\na: 2\n'],
    ['takes a key with dots in quotes', 'a.b: 1\n', set('"a.b"'), 'a.b: 9\n'],
    [
      'sees what the commands before did',
      'a: 1\n',
      set('n', '{x: 1}') + set('n.x'),
      'a: 1\nn: {x: 9}\n',
    ],
    ['replaces an alias, not what it stands for', 'a: &x 1\nb: *x\n', set('b'), 'a: &x 1\nb: 9\n'],
    ['does not go through an alias', 'a: &x {k: 1}\nb: *x\n', set('b.k'), 'a: &x {k: 1}\nb: *x\n'],
  ]);
});

describe('an index', () => {
  runs([
    ['counts from the start', 'l: [1, 2, 3]\n', set('l[1]'), 'l: [1, 9, 3]\n'],
    ['counts from the end when negative', 'l: [1, 2, 3]\n', set('l[-1]'), 'l: [1, 2, 9]\n'],
    ['past the end fills the gap', 'l:\n  - 1\n', set('l[3]'), 'l:\n  - 1\n  -\n  -\n  - 9\n'],
    [
      'past the end fills with maps where a key follows',
      'l:\n  - a: 1\n',
      set('l[2].a'),
      'l:\n  - a: 1\n  - {}\n  - a: 9\n',
    ],
    ['makes a sequence', 'a: 1\n', set('l[0].k'), 'a: 1\nl:\n  - k: 9\n'],
    ['replaces a map on the way', 'm: {"0": 1}\n', set('m[0]'), 'm:\n  - 9\n'],
    ['[+] appends', 'l:\n  - 1\n', set('l[+]') + set('l.+', '8'), 'l:\n  - 1\n  - 9\n  - 8\n'],
    ['[+] makes a sequence', 'a: 1\n', set('l[+].k'), 'a: 1\nl:\n  - k: 9\n'],
    [
      'right behind another is misread as in yq',
      'm:\n  - [1, 2]\n',
      set('m[0][1]'),
      'm:\n  - 1]: 9\n',
    ],
    ['behind another takes a dot', 'm:\n  - [1, 2]\n', set('m[0].[1]'), 'm:\n  - [1, 9]\n'],
  ]);
});

describe('a pattern', () => {
  runs([
    ['* covers the keys of a map', 'm: {a: 1, b: {c: 2}}\n', set('m.*'), 'm: {a: 9, b: 9}\n'],
    [
      '* covers the items of a sequence',
      'l:\n  - k: 1\n  - k: 2\n',
      set('l.*.k'),
      'l:\n  - k: 9\n  - k: 9\n',
    ],
    ['[*] is the same', 'l: [1, 2]\n', set('l[*]'), 'l: [9, 9]\n'],
    ['* makes no element, but the parent', 'a: 1\n', set('m.*'), 'a: 1\nm: {}\n'],
    [
      '** covers all leaves',
      'a: {b: 1, c: [2, {d: 3}]}\n',
      set('**'),
      'a: {b: 9, c: [9, {d: 9}]}\n',
    ],
    [
      '** in the middle finds a key below children, and adds it where it ends in a map',
      'm:\n  k: 1\n  l:\n    - k: 2\n    - j: 3\n',
      set('m.**.k'),
      'm:\n  k: 1\n  l:\n    - k: 9\n    - j: 3\n      k: 9\n',
    ],
    ['foo* covers a beginning', 'ab: 1\nac: 2\nb: 3\n', set('a*'), 'ab: 9\nac: 9\nb: 3\n'],
    ['foo* makes a key of that name when it covers none', 'b: 3\n', set('a*'), 'b: 3\na*: 9\n'],
    ['in quotes is still a pattern', 'ab: 1\n', set('"a*"'), 'ab: 9\n'],
  ]);
});

describe('a filter', () => {
  const items = 'l:\n  - {n: ann, v: 1}\n  - {n: anton, v: 2}\n  - {n: bob, v: 3}\n';
  runs([
    ['finds items by a key', items, set('l.(n==bob).v'), items.replace('v: 3', 'v: 9')],
    ['needs no dot and allows spaces', items, set('l(n == bob).v'), items.replace('v: 3', 'v: 9')],
    [
      'takes a beginning',
      items,
      set('l.(n==an*).v'),
      items.replace('v: 1', 'v: 9').replace('v: 2', 'v: 9'),
    ],
    ['compares text, also of numbers', items, set('l.(v==2).n'), items.replace('anton', '9')],
    [
      'takes a path',
      'l:\n  - a: {b: [x]}\n    v: 1\n',
      set('l.(a.b.*==x).v'),
      'l:\n  - a: {b: [x]}\n    v: 9\n',
    ],
    ['with a dot compares the item itself', 'l: [a, b]\n', set('l.(.==b)'), 'l: [a, 9]\n'],
    [
      'covers the entries of a map',
      'm: {x: {n: 1}, y: {n: 2}}\n',
      set('m.(n==2).n'),
      'm: {x: {n: 1}, y: {n: 9}}\n',
    ],
    [
      'looks through merge keys',
      'b: &b {n: bob}\nl:\n  - <<: *b\n    v: 1\n',
      set('l.(n==bob).v'),
      'b: &b {n: bob}\nl:\n  - !!merge <<: *b\n    v: 9\n',
    ],
    ['that finds nothing makes nothing', items, set('l.(n==zoe).v'), items],
    [
      'with a path into a scalar replaces that scalar, as in yq',
      'l:\n  - {a: 1}\n',
      set('l.(a.b==x).v'),
      'l:\n  - {a: {}}\n',
    ],
  ]);
});

describe('delete', () => {
  runs([
    ['removes a key', 'a: 1\nb: 2\n', remove('a'), 'b: 2\n'],
    ['removes equal keys', 'a: 1\nb: 2\na: 3\n', remove('a'), 'b: 2\n'],
    ['leaves an empty map', 'm: {a: 1}\n', remove('m.a'), 'm: {}\n'],
    ['removes an item by index', 'l: [1, 2, 3]\n', remove('l[1]'), 'l: [1, 3]\n'],
    ['removes an item by its text', 'l: [x, y]\n', remove('l.y'), 'l: [x]\n'],
    ['removes by pattern', 'm: {ab: 1, ac: 2, b: 3}\n', remove('m.a*'), 'm: {b: 3}\n'],
    ['removes items by filter', 'l:\n  - n: a\n  - n: b\n', remove('l.(n==a)'), 'l:\n  - n: b\n'],
    ['removes below a filter', 'l:\n  - {n: a, v: 1}\n', remove('l.(n==a).v'), 'l:\n  - {n: a}\n'],
    [
      'removes a merge key',
      'a: &x {k: 1}\nb:\n  <<: *x\n  c: 1\n',
      remove('b.<<'),
      'a: &x {k: 1}\nb:\n  c: 1\n',
    ],
    [
      'passes over what is not there',
      'a: 1\nl: [1]\n',
      remove('b.c') + remove('l[5]'),
      'a: 1\nl: [1]\n',
    ],
    [
      'does not go through an alias',
      'a: &x {k: 1}\nb: *x\n',
      remove('b.k'),
      'a: &x {k: 1}\nb: *x\n',
    ],
    [
      'replaces a scalar on the way to a parent, as in yq',
      'a: {b: 1}\n',
      remove('a.b.c.d'),
      'a: {b: {}}\n',
    ],
  ]);
});

describe('merge', () => {
  const merge = '- {command: merge, path: a, value: {n: 1}}\n';
  runs([
    ['replaces a map, it merges nothing', 'a: {k: 1}\n', merge, 'a: {n: 1}\n'],
    ['makes what is missing', 'b: 1\n', merge, 'b: 1\na: {n: 1}\n'],
    ['leaves the comments that update would take away', 'a: 1 # why\n', merge, 'a: {n: 1} # why\n'],
  ]);
});

describe('a value', () => {
  runs([
    ['keeps its quotes', 'a: 1\n', set('a', '"true"'), 'a: "true"\n'],
    ['drops the quotes of the old value', 'a: "x"\n', set('a', 'y'), 'a: y\n'],
    [
      'keeps its spelling',
      'a: 1\n',
      set('a', '0755') + set('b', '1_000') + set('c', '1.50'),
      'a: 0755\nb: 1_000\nc: 1.50\n',
    ],
    [
      'keeps its tag',
      'a: 1\n',
      set('a', '!!str 3') + set('b', '!mine x'),
      'a: !!str 3\nb: !mine x\n',
    ],
    ['left empty is null', 'a: 1\n', '- command: update\n  path: a\n  value:\n', 'a:\n'],
    [
      'of a new key may be missing and is null then',
      'a: 1\n',
      '- {command: update, path: b}\n',
      'a: 1\nb: null\n',
    ],
    [
      'brings its comments and takes away the old ones',
      'a: 1 # old\nb: 2 # old\n',
      '- command: update\n  path: a\n  value: 3 # new\n- command: update\n  path: b\n  value: 4\n',
      'a: 3 # new\nb: 4\n',
    ],
    [
      'in flow style makes what comes into it flow',
      'm: {a: 1}\n',
      '- command: update\n  path: m.a\n  value:\n    b:\n      - 1\n',
      'm: {a: {b: [1]}}\n',
    ],
    [
      'is shared by all that a command matched',
      'a: 1\nb: 2\n',
      set('*', '{x: 1}') + set('a.x'),
      'a: {x: 9}\nb: {x: 9}\n',
    ],
    [
      'is shared, but a new key is not',
      'a: 1\nb: 2\n',
      set('*', '{x: 1}') + set('a.y'),
      'a: {x: 1, y: 9}\nb: {x: 1}\n',
    ],
    [
      'folded comes out on one line',
      'a: 1\n',
      '- command: update\n  path: a\n  value: >-\n    one\n    two\n',
      'a: >-\n  one two\n',
    ],
    [
      'literal stays',
      'a: 1\n',
      '- command: update\n  path: a\n  value: |\n    one\n      two\n',
      'a: |\n  one\n    two\n',
    ],
    [
      'that no other style can carry is double-quoted',
      'a: 1\n',
      set('a', '"one \\n\\ttwo"') + set('b', '"\\U0001F389"'),
      'a: "one \\n\\ttwo"\nb: "\\U0001F389"\n',
    ],
    [
      'with an alias keeps it',
      'a: 1\n',
      '- command: update\n  path: a\n  value: {x: &k 1, y: *k}\n',
      'a: {x: &k 1, y: *k}\n',
    ],
  ]);
});

describe('a script', () => {
  runs([
    ['without commands changes nothing', 'a: 1\n', '# nothing\n', 'a: 1\n'],
    ['may be an empty list', 'a: 1\n', '[]\n', 'a: 1\n'],
    ['may be JSON', 'a: 1\n', '[{"command": "update", "path": "a", "value": 9}]', 'a: 9\n'],
    ['skips empty items', 'a: 1\n', `-\n${set('a')}`, 'a: 9\n'],
    ['ends with its first document', 'a: 1\n', `${set('a')}---\nnonsense\n`, 'a: 9\n'],
    [
      'ignores other fields',
      'a: 1\n',
      '- {command: update, path: a, value: 9, style: double}\n',
      'a: 9\n',
    ],
    [
      'takes a path that is a number or empty',
      'a: 1\n',
      '- {command: update, path: 1, value: 9}\n',
      'a: 1\n"1": 9\n',
    ],
    [
      'takes aliases and merge keys',
      'a: 1\nb: 2\n',
      '- &u {command: update, path: a, value: 9}\n- *u\n- {<<: *u, path: b}\n',
      'a: 9\nb: 9\n',
    ],
    [
      'may have CRLF line ends',
      'a: 1\n',
      '- command: update\r\n  path: a\r\n  value: 9\r\n',
      'a: 9\n',
    ],
  ]);
});

describe('the text', () => {
  runs([
    [
      'is indented anew, without blank lines, with comments and key order kept',
      `
        # top
        b:

        - x: 1 # one
          y: "2"
        # between
        - z: 3
        a:
            c: {d: [1,  2]}


        # last
        e: 'f'
      `,
      set('new'),
      `
        # top
        b:
          - x: 1 # one
            y: "2"
          # between
          - z: 3
        a:
          c: {d: [1, 2]}
        # last
        e: 'f'
        new: 9
      `,
    ],
    ['has no markers', '%YAML 1.1\n---\na: 1\n...\n', set('a'), 'a: 9\n'],
    [
      'marks merge keys',
      'a: &x {k: 1}\nb:\n  <<: *x\n',
      set('c'),
      'a: &x {k: 1}\nb:\n  !!merge <<: *x\nc: 9\n',
    ],
    ['sets off a foot comment', 'a: 1\n# foot\n', set('b'), 'a: 1\n# foot\n\nb: 9\n'],
    ['keeps a comment behind a key', 'a: # why\n  b: 1\n', set('c'), 'a: # why\n  b: 1\nc: 9\n'],
    [
      'keeps long lines',
      `a: ${'word '.repeat(40)}end\n`,
      set('b'),
      `a: ${'word '.repeat(40)}end\nb: 9\n`,
    ],
    ['ends with a line break', 'a: 1', set('b'), 'a: 1\nb: 9\n'],
    ['has no CRLF', 'a: 1\r\nb: 2\r\n', set('b'), 'a: 1\nb: 9\n'],
    [
      'writes what folds and stays',
      'a: >\n  one\n  two\n\n  three\nb: |\n  x\n\n  y\n',
      '',
      'a: >\n  one two\n\n  three\n\nb: |\n  x\n\n  y\n',
    ],
  ]);

  test('is indented as asked for', () => {
    expect(applyScript('a:\n- b: 1\n', '', { indent: 4 }).text).toBe('a:\n    - b: 1\n');
  });

  test('loses its styles when pretty print is asked for', () => {
    const { text } = applyScript('a: {b: ["1", \'x\']}\n', '', { prettyPrint: true });
    expect(text).toBe('a:\n  b:\n    - "1"\n    - x\n');
  });

  test('is valid YAML where yq indents too far behind a comment on a key', () => {
    const { text } = applyScript('a: # why\n  x: 1\nb: 2\n', set('a', 'flat'));
    expect(text).toBe('a: # why\n  flat\nb: 2\n');
  });
});

describe('documents', () => {
  const three = 'a: 1\n---\na: 2\n---\na: 3\n';

  test('only the first is changed by default', () => {
    expect(applyScript(three, set('a')).text).toBe('a: 9\n---\na: 2\n---\na: 3\n');
  });

  test('one is chosen by index', () => {
    expect(applyScript(three, set('a'), { document: 2 }).text).toBe('a: 1\n---\na: 2\n---\na: 9\n');
  });

  test('all can be changed, and share the value', () => {
    const script = set('b', '{x: 1}') + set('b.x', '2');
    expect(applyScript('a: 1\n---\na: 2\n', script, { document: 'all' }).text).toBe(
      'a: 1\nb: {x: 2}\n---\na: 2\nb: {x: 2}\n',
    );
  });

  test.each(['', '\n', '# only a comment\n', 'null\n', '~\n', '---\n'])(
    'without content (%j) becomes a map',
    (document) => {
      expect(applyScript(document, set('a.b')).text).toBe('a:\n  b: 9\n');
      expect(applyScript(document, '').text).toBe('{}\n');
    },
  );

  test('that do not exist are not made when all are chosen', () => {
    expect(applyScript('', set('a'), { document: 'all' }).text).toBe('');
  });
});

test('a script of nine commands takes milliseconds on a document of 12 kB', () => {
  const entry = 'key: {name: x, list: [1, 2, 3]} # comment\n';
  const document = Array.from({ length: 280 }, (_, index) => `k${index}_${entry}`).join('');
  const script = set('k1_key.name') + remove('k2_key') + set('k3_key.list[+]').repeat(7);
  applyScript(document, script);
  const start = performance.now();
  applyScript(document, script);
  expect(document.length).toBeGreaterThan(12_000);
  // Ten times what it takes, for a busy machine.
  expect(performance.now() - start).toBeLessThan(500);
});
