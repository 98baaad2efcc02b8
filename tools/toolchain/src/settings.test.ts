import { describe, expect, test } from 'vitest';
import { isGoAtLeast } from './go-version.ts';
import { platformOf } from './platform.ts';
import { resolveSettings } from './settings.ts';

describe('the way to get a tool', () => {
  test('is the option, or else the environment, or else a download first', () => {
    expect(resolveSettings({}, {}).source).toBe('download-first');
    expect(resolveSettings({}, { PROW_DEPLOY_TOOLCHAIN: 'build' }).source).toBe('build');
    const environment = { PROW_DEPLOY_TOOLCHAIN: 'build' };
    expect(resolveSettings({ source: 'download' }, environment).source).toBe('download');
  });

  test('that is unknown is refused', () => {
    expect(() => resolveSettings({}, { PROW_DEPLOY_TOOLCHAIN: 'brew' })).toThrow(
      'Cannot use PROW_DEPLOY_TOOLCHAIN=brew: it is none of download-first, build-first, download, build.',
    );
  });
});

describe('the mirror', () => {
  test('loses its last slash', () => {
    const environment = { PROW_DEPLOY_MIRROR: 'http://127.0.0.1:8080/base/' };
    expect(resolveSettings({}, environment).mirror).toBe('http://127.0.0.1:8080/base');
  });

  test.each([
    ['mirror.example.org', 'not an http or https URL'],
    ['ftp://mirror.example.org', 'not an http or https URL'],
    ['https://mirror.example.org/?a=b', 'it has a query'],
  ])('%s is refused', (mirror, reason) => {
    expect(() => resolveSettings({ mirror }, {})).toThrow(reason);
  });

  test('with a password is refused, without showing it', () => {
    const mirror = 'https://me:hunter2@mirror.example.org';
    expect(() => resolveSettings({ mirror }, {})).toThrow(/^((?!hunter2)[\s\S])*$/);
  });
});

test('a platform has the name Go gives it, and others are refused', () => {
  expect(platformOf('linux', 'x64')).toBe('linux-amd64');
  expect(platformOf('darwin', 'arm64')).toBe('darwin-arm64');
  expect(() => platformOf('win32', 'x64')).toThrow('Cannot install tools on win32/x64');
  expect(() => platformOf('linux', 's390x')).toThrow('pinned for linux-amd64, linux-arm64');
});

test.each([
  ['go1.26.8', '1.26.0', true],
  ['go1.26', '1.26.0', true],
  ['go1.27rc1', '1.26.0', true],
  ['go1.9', '1.26.0', false],
  ['go1.25.12', '1.26.0', false],
  ['devel', '1.26.0', false],
])('%s is at least %s: %s', (have, want, answer) => {
  expect(isGoAtLeast(have, want)).toBe(answer);
});
