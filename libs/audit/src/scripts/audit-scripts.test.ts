import { applyScript } from '@prow-deploy/yq-script';
import { expect, test } from 'vitest';
import type { Finding } from '../finding.ts';
import { auditScripts, scriptCoverage } from './audit-scripts.ts';

const base = 'namespace: prow\nplank:\n  timeout: 1h\nitems: [a, b]\n';

function rendered(script: string) {
  return [
    {
      path: 'config/config.yaml',
      script: 'yq_scripts/config/config.yaml',
      ...applyScript(base, script),
    },
  ];
}
const audit = (script: string): Finding[] => auditScripts(rendered(script));

test.each([
  ['an update of what is there', '- {command: update, path: namespace, value: staging}'],
  ['a delete of what is there', '- {command: delete, path: plank.timeout}'],
  ['a new item at the end', '- {command: update, path: "items[+]", value: c}'],
])('%s is no finding', (_name, script) => {
  expect(audit(script)).toEqual([]);
});

test.each([
  [
    'a delete of what is not there',
    '- {command: delete, path: plank.timeouts}',
    'yq-matches-nothing',
    'error',
    'Command 1 (delete plank.timeouts) matches nothing in config/config.yaml',
  ],
  [
    'a filter that matches no item',
    '- {command: update, path: "items.(.==z)", value: y}',
    'yq-matches-nothing',
    'error',
    'matches nothing',
  ],
  [
    'an update to the same value',
    '- {command: update, path: namespace, value: prow}',
    'yq-changes-nothing',
    'warning',
    'changes nothing: config/config.yaml says the same already',
  ],
  [
    'an update that makes a key',
    '- {command: update, path: plank.timeuot, value: 2h}',
    'yq-creates-path',
    'warning',
    'there was no plank.timeuot',
  ],
  [
    'an update that makes a branch',
    '- {command: update, path: plnk.timeout, value: 2h}',
    'yq-creates-path',
    'warning',
    'there was not even plnk on the way to plnk.timeout',
  ],
  [
    'an update that goes through a scalar',
    '- {command: update, path: namespace.name, value: x}',
    'yq-creates-path',
    'warning',
    'has another shape there',
  ],
])('%s is found', (_name, script, code, severity, message) => {
  const findings = audit(`# comment\n${script}\n`);
  expect(findings.length).toBeGreaterThan(0);
  expect(findings).toContainEqual(
    expect.objectContaining({ code, severity, file: 'yq_scripts/config/config.yaml', line: 2 }),
  );
  expect(findings.map((found) => found.message).join('\n')).toContain(message);
});

test('coverage counts commands that match and change', () => {
  const script =
    '- {command: update, path: namespace, value: prow}\n- {command: delete, path: gone}\n- {command: delete, path: items}\n';
  expect(scriptCoverage(rendered(script))).toEqual({ commands: 3, matched: 2, changed: 1 });
});
