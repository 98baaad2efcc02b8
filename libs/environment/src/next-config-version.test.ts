import { describe, expect, test } from 'vitest';
import { nextConfigVersion } from './next-config-version.ts';

const now = new Date('2026-11-23T14:05:09.123Z');

describe('nextConfigVersion', () => {
  test('is the day', () => {
    expect(nextConfigVersion(['20201021'], now)).toBe('20261123');
  });

  test('gets the time where there is one of that day, and sorts after it', () => {
    expect(nextConfigVersion(['20261123'], now)).toBe('20261123-1405');
    expect(nextConfigVersion(['20261123', '20261123-1405'], now)).toBe('20261123-140509');
    const all = ['20261123', '20261123-1405', '20261123-140509', '20261124'];
    expect([...all].sort()).toEqual(all);
  });
});
