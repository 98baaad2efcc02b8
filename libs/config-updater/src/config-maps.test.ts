import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { MAX_CONFIG_MAP_BYTES, toConfigMaps } from './config-maps.ts';
import { readUpdaterMaps } from './updater-map.ts';

const maps = (entries: object) => readUpdaterMaps({ config_updater: { maps: entries } });
const JOBS = maps({ 'jobs/**/*.yaml': { name: 'job-config' } });

describe('files become the keys of a ConfigMap', () => {
  test('each by its name, sorted, whatever the order of the files', () => {
    const files = [
      { path: 'jobs/kubevirt/b.yaml', content: 'b: 1\n' },
      { path: 'jobs/a.yaml', content: 'a: 1\n' },
      { path: 'other.yaml', content: 'c: 1\n' },
    ];
    const expected = {
      configMaps: [
        {
          name: 'job-config',
          data: { 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' },
          binaryData: {},
          bytes: 10,
        },
      ],
      problems: [],
    };
    expect(toConfigMaps(files, JOBS)).toEqual(expected);
    expect(toConfigMaps([...files].reverse(), JOBS)).toEqual(expected);
  });

  test('by their full path, or by the key that the entry gives', () => {
    const { configMaps } = toConfigMaps(
      [
        { path: 'jobs/kubevirt/b.yaml', content: 'b' },
        { path: 'config.yaml', content: 'c' },
      ],
      maps({
        'jobs/**/*.yaml': { name: 'jobs', use_full_path_as_key: true },
        'config.yaml': { name: 'config', key: 'prow.yaml' },
      }),
    );
    expect(configMaps.map(({ data }) => data)).toEqual([
      { 'prow.yaml': 'c' },
      { 'jobs-kubevirt-b.yaml': 'b' },
    ]);
  });

  test('compressed where the entry says so, to the same bytes everywhere', () => {
    const files = [{ path: 'jobs/a.yaml', content: 'periodics: []\n'.repeat(100) }];
    const { configMaps } = toConfigMaps(
      files,
      maps({ 'jobs/*.yaml': { name: 'jobs', gzip: true } }),
    );
    expect(configMaps).toMatchObject([{ data: {} }]);
    const value = configMaps[0]?.binaryData['a.yaml'] ?? '';
    const bytes = Buffer.from(value, 'base64');
    expect(bytes.length).toBe(configMaps[0]?.bytes);
    expect(gunzipSync(bytes).toString()).toBe(files[0]?.content);
    expect(value).toBe('H4sIAAAAAAACAytILcrMT8lMLrZSiI7lGuWN8kZ5o7xRHq15ADKOPzt4BQAA');
  });

  test.each([
    ['no UTF-8', Uint8Array.of(0xff, 0x00), '/wA='],
    ['nothing that kustomize keeps', 'a\u2028', 'YeKAqA=='],
  ])('in base64 where it is %s', (_title, content, value) => {
    expect(toConfigMaps([{ path: 'jobs/a.yaml', content }], JOBS).configMaps).toMatchObject([
      { data: {}, binaryData: { 'a.yaml': value } },
    ]);
  });

  test('spread over the partitions as Prow spreads them, empty ones included', () => {
    const names = ['jobs-0', 'jobs-1', 'jobs-2', 'jobs-3'];
    const files = ['a', 'b'].map((name) => ({ path: `jobs/${name}.yaml`, content: name }));
    const { configMaps } = toConfigMaps(files, maps({ 'jobs/*': { partitioned_names: names } }));
    expect(configMaps.map(({ name }) => name)).toEqual(names);
    expect(configMaps.map(({ data }) => Object.keys(data))).toEqual([
      ['a.yaml'],
      [],
      [],
      ['b.yaml'],
    ]);
  });
});

describe('what chance or the API server would decide is an error', () => {
  test('two files with one key', () => {
    const files = ['jobs/a/x.yaml', 'jobs/b/x.yaml'].map((path) => ({ path, content: path }));
    const { configMaps, problems } = toConfigMaps(files, JOBS);
    expect(configMaps[0]?.data).toEqual({ 'x.yaml': 'jobs/a/x.yaml' });
    expect(problems).toEqual([
      {
        severity: 'error',
        path: 'jobs/b/x.yaml',
        message:
          'It and jobs/a/x.yaml have the same key, x.yaml, in ConfigMap job-config, which holds one of them. Give one another name.',
      },
    ]);
  });

  test('two entries that write one key of one ConfigMap', () => {
    const { problems } = toConfigMaps(
      ['a/x.yaml', 'b/x.yaml'].map((path) => ({ path, content: '' })),
      maps({ 'a/*': { name: 'same' }, 'b/*': { name: 'same' } }),
    );
    expect(problems).toMatchObject([{ path: 'b/x.yaml', severity: 'error' }]);
  });

  test('two entries that match one file', () => {
    const { problems } = toConfigMaps(
      [{ path: 'jobs/a.yaml', content: '' }],
      maps({ 'jobs/*': { name: 'one' }, '**/a.yaml': { name: 'two' } }),
    );
    expect(problems).toMatchObject([
      { path: 'jobs/a.yaml', message: expect.stringContaining('jobs/* and **/a.yaml') as string },
    ]);
  });

  test.each(['jobs/a b.yaml', 'jobs/ä.yaml', `jobs/${'a'.repeat(260)}.yaml`, 'jobs/..a.yaml'])(
    'a name that no key can have: %s',
    (path) => {
      const { configMaps, problems } = toConfigMaps([{ path, content: '' }], JOBS);
      expect(configMaps).toMatchObject([{ data: {} }]);
      expect(problems).toMatchObject([{ path, severity: 'error' }]);
    },
  );

  test('an entry without a ConfigMap', () => {
    const { configMaps, problems } = toConfigMaps(
      [{ path: 'a.yaml', content: '' }],
      maps({ 'a.yaml': {} }),
    );
    expect(configMaps).toEqual([]);
    expect(problems).toMatchObject([{ severity: 'error', path: 'a.yaml' }]);
  });
});

describe('the budget of one ConfigMap', () => {
  const sized = (...sizes: number[]) =>
    sizes.map((size, index) => ({ path: `jobs/${index}.yaml`, content: 'x'.repeat(size) }));

  test('is not spoken of below 80 %', () => {
    expect(toConfigMaps(sized(MAX_CONFIG_MAP_BYTES * 0.79), JOBS).problems).toEqual([]);
  });

  test('warns from 80 % on, and names the largest file', () => {
    const { problems } = toConfigMaps(sized(10, 850_000, 20), JOBS);
    expect(problems).toEqual([
      {
        severity: 'warning',
        path: 'jobs/1.yaml',
        message:
          'ConfigMap job-config holds 850030 of 1048576 bytes (81 %), and this is its largest file with 850000. Set gzip: true for its entry of config_updater.maps, spread the entry over partitioned_names, or take jobs out.',
      },
    ]);
  });

  test('takes exactly 1 MiB', () => {
    const { problems } = toConfigMaps(sized(1_000_000, 48_576), JOBS);
    expect(problems).toMatchObject([{ severity: 'warning' }]);
  });

  test('is an error at the file that does not fit any more', () => {
    const { problems } = toConfigMaps(sized(600_000, 448_576, 1), JOBS);
    expect(problems).toMatchObject([{ severity: 'error', path: 'jobs/2.yaml' }]);
    expect(problems[0]?.message).toContain(
      'its 3 files take 1048577 of 1048576 bytes (100 %), this one 1, and jobs/0.yaml, the largest, 600000.',
    );
  });

  test('is of the compressed values, where they are compressed', () => {
    const entry = { 'jobs/*.yaml': { name: 'job-config', gzip: true } };
    expect(toConfigMaps(sized(5_000_000), maps(entry)).problems).toEqual([]);
  });

  test('is of each partition', () => {
    const entry = { 'jobs/*.yaml': { partitioned_names: ['a', 'b', 'c', 'd'] } };
    const files = sized(...Array.from({ length: 12 }, () => 120_000));
    expect(toConfigMaps(files, maps(entry)).problems).toEqual([]);
    expect(toConfigMaps(files, JOBS).problems).toMatchObject([{ severity: 'error' }]);
  });
});
