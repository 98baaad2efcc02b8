import { createHash } from 'node:crypto';
import { type Environment, isSameCluster } from '@prow-deploy/environment';
import {
  type AuditEnvironmentOptions,
  type Build,
  auditBuild,
  findKustomize,
} from './audit-environment.ts';
import type { AuditError } from './audit-error.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { parseYaml } from './load/parse-yaml.ts';
import { type ExaminedPatches, examinePatches } from './patches/audit-patches.ts';
import { type OperationEffects, operationEffects } from './patches/effects.ts';
import type { AuditReport } from './report/audit-report.ts';

/** An environment that was built and followed, without anything of `dist`. */
export interface ExaminedEnvironment extends Build {
  readonly environment: Environment;
  readonly patches: ExaminedPatches;
  /** What each of its operations did to each object. */
  readonly effects: readonly OperationEffects[];
  /** kustomize's refusal; there are no objects then. */
  readonly refused?: AuditError;
}

export interface ExamineEnvironmentOptions extends AuditEnvironmentOptions {
  /** Objects by their text, shared between builds that have most of them in common. Default: none. */
  readonly known?: Map<string, KubernetesObject>;
}

/**
 * Builds an environment from its files, one run of kustomize, and tells what each patch operation did. Its `configs/` and
 * `secrets/` have to be there, if need be with placeholders.
 *
 * @throws {AuditError} where there is no answer; a refusal of kustomize that an operation explains is in the result.
 */
export async function examineEnvironment(
  environment: Environment,
  options: ExamineEnvironmentOptions = {},
): Promise<ExaminedEnvironment> {
  const { directory, workspaceRoot, name } = environment;
  const { signal, known = new Map<string, KubernetesObject>() } = options;
  const patches = await examinePatches(directory, {
    kustomize: await findKustomize(options),
    root: workspaceRoot,
    ...(signal ? { signal } : {}),
  });
  const { manifest = '', operations, refused } = patches;
  return {
    environment,
    patches,
    objects: readObjects(manifest, name, known),
    manifestDigest: createHash('sha256').update(manifest).digest('hex'),
    effects: operationEffects(operations),
    ...(refused ? { refused } : {}),
  };
}

/** Audits an examined environment, and that it names nothing of those that are protected among `others`. */
export async function auditExamined(
  examined: ExaminedEnvironment,
  others: readonly ExaminedEnvironment[],
): Promise<AuditReport> {
  const { environment } = examined;
  const isolatedFrom = others
    .filter((other) => other.environment.name !== environment.name)
    .filter((other) => other.environment.protection === 'confirm');
  return auditBuild(environment, {
    ...examined,
    others: isolatedFrom.map(({ environment: { name, cluster }, objects }) => ({
      name,
      objects,
      sameCluster: isSameCluster(cluster, environment.cluster),
    })),
  });
}

// kustomize separates objects by a line of three dashes; block scalars are indented, so they cannot hold one.
function readObjects(
  manifest: string,
  name: string,
  known: Map<string, KubernetesObject>,
): KubernetesObject[] {
  if (manifest === '') return [];
  return manifest.split(/^---$/m).map((text) => {
    const found = known.get(text);
    if (found) return found;
    const [document] = parseYaml(text, `the build of ${name}`).documents;
    const object = document as KubernetesObject;
    known.set(text, object);
    return object;
  });
}
