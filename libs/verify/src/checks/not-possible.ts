import type { KubernetesObject } from '@prow-deploy/apply';
import type { CheckName, NotPossible } from '../verify-report.ts';

// Checks that need a container; with a component, only where the manifest has its Deployment.
const NEED_CONTAINERS: readonly { check: CheckName; what: string; component?: string }[] = [
  { check: 'containers-run', what: 'images can be pulled, and their containers stay up' },
  { check: 'deck-answers', what: 'deck answers over HTTP', component: 'deck' },
  {
    check: 'hook-accepts-webhook',
    what: 'hook accepts a signed webhook, and refuses another',
    component: 'hook',
  },
  { check: 'logs', what: 'logs are free of errors' },
  { check: 'job-runs', what: 'a job runs from its ProwJob to its result', component: 'horologium' },
];

/** The checks that are not made of these objects, and why. Pure. */
export function notPossible(
  objects: readonly KubernetesObject[],
  simulated: boolean,
): NotPossible[] {
  const deployments = new Set(
    objects.filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => metadata.name),
  );
  const reason = simulated
    ? 'pods are simulated: no container runs'
    : 'this version of verify does not look into pods';
  return NEED_CONTAINERS.filter(
    ({ component }) => component === undefined || deployments.has(component),
  ).map(({ check, what }) => ({ check, what, reason }));
}
