import { expect, test } from 'vitest';
import { conflictsOf, mayTakeOver } from './conflict.ts';
import { explainRejection } from './rejection.ts';
import { refusal } from './testing/refusal.ts';

const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'deck' } };
const real = { simulated: false };

test('an immutable field comes without its value, and with the remedy', () => {
  const error = refusal(422, 'Deployment.apps "deck" is invalid', [
    {
      reason: 'FieldValueInvalid',
      field: 'spec.selector',
      message: 'Invalid value: {"matchLabels":{"app":"desk"}}: field is immutable',
    },
  ]);
  expect(explainRejection(error, deployment, real)).toEqual({
    message: 'spec.selector: field is immutable',
    remedy: 'It cannot be changed in place: delete this Deployment by hand, then apply again',
  });
});

test('a webhook that does not answer is explained, also where pods are simulated', () => {
  const error = refusal(
    500,
    'Internal error occurred: failed calling webhook "x.example.org": refused',
  );
  expect(explainRejection(error, deployment, real).remedy).toBe(
    'The webhook does not answer: look at its pods, then apply again',
  );
  expect(explainRejection(error, deployment, { simulated: true }).remedy).toBe(
    'Pods are simulated here, so no webhook answers: leave its configuration out of this environment',
  );
});

test('a namespace that does not exist is to be added', () => {
  const error = refusal(404, 'namespaces "prow" not found');
  expect(explainRejection(error, deployment, real)).toEqual({
    message: 'namespaces "prow" not found',
    remedy: 'Add the Namespace to the manifest, or make it',
  });
});

test('a long refusal is cut', () => {
  const { message } = explainRejection(refusal(400, 'x '.repeat(1000)), deployment, real);
  expect(message).toHaveLength(400);
});

test('conflicts are read from the causes, and taken over according to who holds them', () => {
  const cause = (manager: string, field: string) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with "${manager}" using apps/v1`,
    field,
  });
  const byHand = conflictsOf(refusal(409, 'conflicts', [cause('kubectl-edit', '.spec.replicas')]));
  const byOthers = conflictsOf(
    refusal(409, 'conflicts', [cause('kubectl-edit', '.a'), cause('helm', '.b')]),
  );
  expect(byOthers).toEqual([
    { manager: 'kubectl-edit', field: '.a' },
    { manager: 'helm', field: '.b' },
  ]);
  expect([mayTakeOver(byHand, 'nothing'), mayTakeOver(byOthers, 'nothing')]).toEqual([
    false,
    false,
  ]);
  expect([mayTakeOver(byHand, 'edits'), mayTakeOver(byOthers, 'edits')]).toEqual([true, false]);
  expect(mayTakeOver(byOthers, 'everything')).toBe(true);
  expect(conflictsOf(refusal(409, 'the object has been modified'))).toEqual([]);
});
