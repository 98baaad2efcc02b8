import { describe, expect, test } from 'vitest';
import { parseChecksum } from './checksum.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

describe('parseChecksum', () => {
  test('finds a file in a list as sha256sum prints it, in either mode, with or without folder', () => {
    const name = 'etcd-v3.6.14-linux-amd64.tar.gz';
    const format = 'list' as const;
    expect(parseChecksum(`${B}  other\n${A}  ${name}\n`, { format, name })).toBe(A);
    expect(parseChecksum(`${A} *${name}\r\n`, { format, name })).toBe(A);
    expect(parseChecksum(`${A}  ./release/${name}`, { format, name })).toBe(A);
  });

  test('does not take one file for another whose name it ends with', () => {
    const options = { format: 'list', name: 'kwok' } as const;
    expect(parseChecksum(`${A}  my-kwok\n${B}  kwok.sig\n`, options)).toBeUndefined();
  });

  test('reads a file that is one digest', () => {
    const options = { format: 'digest', name: 'kubectl' } as const;
    expect(parseChecksum(`${A.toUpperCase()}\n`, options)).toBe(A);
    expect(parseChecksum(`${A}  kubectl\n`, options)).toBe(A);
  });

  test('finds the digest of an asset in a GitHub release', () => {
    const assets = [
      { name: 'kwok-linux-amd64', digest: `sha256:${A}` },
      { name: 'kwok-darwin-amd64', digest: null },
    ];
    const find = (name: string) =>
      parseChecksum(JSON.stringify({ assets }), { format: 'github-release', name });
    expect(find('kwok-linux-amd64')).toBe(A);
    expect(find('kwok-darwin-amd64')).toBeUndefined();
    expect(find('absent')).toBeUndefined();
  });

  test.each(['', '<html>Please log in</html>', `${'a'.repeat(63)}  kubectl`, `sha512:${A}`])(
    'finds nothing in %j',
    (text) => {
      for (const format of ['list', 'digest', 'github-release'] as const)
        expect(parseChecksum(text, { format, name: 'kubectl' })).toBeUndefined();
    },
  );
});
