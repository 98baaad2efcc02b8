import { expect, test } from 'vitest';
import { embeddedFolder } from './embedded-folder.ts';

test.each(['..', '.', '', 'a/b', '-x', 'a b'])(
  '%j is no name for a cluster that is removed with its folder',
  (environment) => {
    expect(() => embeddedFolder({ environment, workspaceRoot: '/root' })).toThrow(
      'is no folder name',
    );
  },
);

test('two clones have clusters of different names', () => {
  const name = (workspaceRoot: string) =>
    embeddedFolder({ environment: 'testing', workspaceRoot }).clusterName;
  expect(name('/a')).not.toBe(name('/b'));
  expect(name('/a')).toBe(name('/a'));
});
