import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePorts } from './free-ports.ts';

test('the same seed gives the same ports, as long as they are free', async () => {
  const [first = 0, ...rest] = await freePorts(3, 4711);
  expect(new Set([first, ...rest]).size).toBe(3);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(first, '127.0.0.1', resolve));
  try {
    expect(await freePorts(2, 4711)).toEqual(rest);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test('all are below the range of outgoing connections', async () => {
  for (const port of await freePorts(4, 12_698)) {
    expect(port).toBeGreaterThanOrEqual(20_000);
    expect(port).toBeLessThan(32_768);
  }
});
