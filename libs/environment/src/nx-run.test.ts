import { expect, test } from 'vitest';
import { nxRun } from './nx-run.ts';

test('the command names the configuration where there is one', () => {
  expect(nxRun({ name: 'testing' }, 'cluster-up')).toBe('nx run testing:cluster-up');
  expect(nxRun({ name: 'testing', configuration: 'node' }, 'verify')).toBe(
    'nx run testing:verify --configuration=node',
  );
});
