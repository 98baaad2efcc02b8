import { expect, test } from 'vitest';
import { matchesPattern } from './match-pattern.ts';

test.each([
  ['without a star, the path itself', 'config/config.yaml', 'config/config.yaml'],
  ['a star within a name', 'jobs/*.yaml', 'jobs/a.yaml'],
  ['a star for no text', 'jobs/a*.yaml', 'jobs/a.yaml'],
  ['two stars for folders', 'jobs/**/*.yaml', 'jobs/kubevirt/kubevirt/a.yaml'],
  ['two stars for no folder', 'jobs/**/*.yaml', 'jobs/a.yaml'],
  ['two stars at the start', '**/a.yaml', 'jobs/deep/a.yaml'],
  ['alternatives', 'jobs/*.{yaml,yml}', 'jobs/a.yml'],
  ['a dot at the start of a name', 'jobs/*.yaml', 'jobs/.a.yaml'],
  ['a pattern that leads back', 'jobs/x/../*.yaml', 'jobs/a.yaml'],
  ['what is special in an expression', 'jobs/a+(b)/*.yaml', 'jobs/a+(b)/c.yaml'],
])('matches %s', (_title, pattern, path) => {
  expect(matchesPattern(pattern, path)).toBe(true);
});

test.each([
  ['another path', 'config/config.yaml', 'config/config.yml'],
  ['alternatives without a star', 'config/{a,b}.yaml', 'config/a.yaml'],
  ['a folder for a star', 'jobs/*.yaml', 'jobs/kubevirt/a.yaml'],
  ['the beginning of a path', 'jobs/**/*.yaml', 'jobs/a.yaml.orig'],
  ['the end of a path', 'jobs/*.yaml', 'old/jobs/a.yaml'],
  ['any character for a dot', 'jobs/*.yaml', 'jobs/a-yaml'],
  ['the folder itself', 'jobs/**', 'jobs'],
])('does not match %s', (_title, pattern, path) => {
  expect(matchesPattern(pattern, path)).toBe(false);
});
