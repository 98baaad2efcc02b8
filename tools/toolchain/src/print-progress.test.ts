import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { printProgress } from './print-progress.ts';
import type { ProgressEvent } from './progress.ts';

const building = (seconds: number, line?: string): ProgressEvent => ({
  type: 'building',
  tools: ['kube-apiserver', 'kubectl'],
  seconds,
  line,
});
const installed: ProgressEvent = {
  type: 'installed',
  tool: 'kubectl',
  version: 'v1.36.3',
  path: '/cache/kubectl',
  source: 'build',
  seconds: 191,
};

function print(
  events: readonly (ProgressEvent | number)[],
  terminal: { isTTY?: boolean; columns?: number } = {},
): string {
  let output = '';
  const onProgress = printProgress({ ...terminal, write: (text: string) => (output += text) });
  for (const event of events)
    if (typeof event === 'number') vi.advanceTimersByTime(event);
    else onProgress(event);
  return output;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubEnv('NO_COLOR', '');
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

describe('in a log', () => {
  test('a long step is one line in a minute', () => {
    const events = [];
    for (let second = 0; second < 125; second++)
      events.push(building(second, `k8s.io/api/${second}`), 1_000);
    expect(print(events)).toBe(
      [
        'kube-apiserver, kubectl: building, 0 s, k8s.io/api/0',
        'kube-apiserver, kubectl: building, 60 s, k8s.io/api/60',
        'kube-apiserver, kubectl: building, 120 s, k8s.io/api/120',
        '',
      ].join('\n'),
    );
  });

  test('another step, a change of way and a result are told at once', () => {
    const url = 'https://dl.k8s.io/release/v1.36.3/bin/linux/amd64/kubectl';
    expect(
      print([
        { type: 'downloading', tool: 'kubectl', url, bytes: 0, total: 59_600_000 },
        { type: 'downloading', tool: 'kubectl', url, bytes: 1, total: 59_600_000 },
        {
          type: 'falling-back',
          tools: ['kubectl'],
          reason: `${url} answers with status 404`,
          next: 'build',
        },
        building(0),
        installed,
      ]),
    ).toBe(
      `kubectl: downloading 0.0 MB of 59.6 MB (0 %) from dl.k8s.io
kubectl: ${url} answers with status 404; building from source instead
kube-apiserver, kubectl: building, 0 s
kubectl v1.36.3: built in 191 s
`,
    );
  });

  test('waiting says for whom and since when', () => {
    const since = new Date(2026, 10, 23, 16, 5, 9);
    expect(print([{ type: 'waiting', tools: ['kwok'], pid: 42, since, seconds: 3 }])).toBe(
      'kwok: waiting for another run (process 42, since 16:05:09), 3 s\n',
    );
  });
});

describe('on a terminal', () => {
  test('one line is redrawn, cut to the width, and replaced by the result', () => {
    const output = print([building(0, 'a/very/long/package'), 1_000, building(1), installed], {
      isTTY: true,
      columns: 30,
    });
    expect(output).toBe(
      '\r\u001b[2K\u001b[2mkube-apiserver, kubectl: buil\u001b[22m' +
        '\r\u001b[2K\u001b[2mkube-apiserver, kubectl: buil\u001b[22m' +
        '\r\u001b[2Kkubectl v1.36.3: built in 191 s\n',
    );
  });

  test('NO_COLOR leaves the text alone', () => {
    vi.stubEnv('NO_COLOR', '1');
    expect(print([building(0)], { isTTY: true, columns: 80 })).toBe(
      '\r\u001b[2Kkube-apiserver, kubectl: building, 0 s',
    );
  });
});
