import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  type Environment,
  isSameCluster,
  listEnvironments,
  outputFile,
  OUTPUT_FILES,
  readEnvironment,
  readKustomizationTree,
  readYamlFile,
  renderConfigs,
} from '@prow-deploy/environment';
import { readShape, secretsDirectory } from '@prow-deploy/secrets';
import { ensureTool, type OnProgress, toolVersion } from '@prow-deploy/toolchain';
import { applyAcceptances } from './acceptances/apply-acceptances.ts';
import { AuditError } from './audit-error.ts';
import type { Finding } from './finding.ts';
import { auditIngresses } from './isolation/audit-ingresses.ts';
import { auditIsolation } from './isolation/audit-isolation.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { auditApis } from './limits/audit-apis.ts';
import { auditSizes } from './limits/audit-sizes.ts';
import { parseYaml } from './load/parse-yaml.ts';
import { auditObjects } from './objects/audit-objects.ts';
import { type ExaminedPatches, examinePatches } from './patches/audit-patches.ts';
import { auditReferences } from './references/audit-references.ts';
import { auditUse } from './references/audit-use.ts';
import type { AuditReport } from './report/audit-report.ts';
import { sortFindings } from './report/format-audit.ts';
import { auditScripts, scriptCoverage } from './scripts/audit-scripts.ts';
import { auditSecretFiles } from './secret-files/audit-secret-files.ts';
import { auditSecretNames } from './secret-files/audit-secret-names.ts';
import { auditSecretValues } from './secret-files/audit-secret-values.ts';

export interface AuditEnvironmentOptions {
  /** Absolute path of the kustomize executable. Default: the pinned one. */
  readonly kustomize?: string;
  /** Stops the audit. */
  readonly signal?: AbortSignal;
  /** Told of the installation of kustomize, if one is needed. */
  readonly onToolProgress?: OnProgress;
}

/**
 * Audits an environment: its scripts and patches, and what kustomize-build left of it, by itself and against the builds of
 * the protected environments. Needs no cluster, and no secret.
 *
 * @throws {AuditError} where there is nothing to audit, or it cannot be read: never an empty result.
 */
export async function auditEnvironment(
  environment: Environment,
  options: AuditEnvironmentOptions = {},
): Promise<AuditReport> {
  const { workspaceRoot, directory } = environment;
  const { signal } = options;
  const kustomize = await findKustomize(options);
  const [patches, build, others] = await Promise.all([
    examinePatches(directory, { kustomize, root: workspaceRoot, ...(signal ? { signal } : {}) }),
    readBuild(environment),
    readProtected(environment),
  ]);
  return auditBuild(environment, { patches, ...build, others });
}

/** The pinned kustomize, or the one that was given. */
export async function findKustomize({
  kustomize,
  signal,
  onToolProgress,
}: AuditEnvironmentOptions): Promise<string> {
  return (
    kustomize ??
    (await ensureTool('kustomize', {
      ...(signal ? { signal } : {}),
      ...(onToolProgress ? { onProgress: onToolProgress } : {}),
    }))
  );
}

/** A build, and what else is needed to audit it. */
export interface AuditedBuild extends Build {
  readonly patches: ExaminedPatches;
  /** The environments that it may not touch. */
  readonly others: readonly OtherEnvironment[];
}

/** Audits a build of an environment, wherever it was made. */
export async function auditBuild(
  environment: Environment,
  { patches, objects, manifestDigest, others }: AuditedBuild,
): Promise<AuditReport> {
  const { name, workspaceRoot, directory, audit = {} } = environment;
  const [configs, shape, source] = await Promise.all([
    renderConfigs(environment),
    readShape(workspaceRoot),
    readYamlFile(`${directory}/environment.yaml`, workspaceRoot),
  ]);
  const version = environment.kubernetesVersion ?? toolVersion('kube-apiserver');
  const found: Finding[] = [
    ...patches.findings,
    ...auditScripts(configs),
    ...auditSecretFiles({
      kustomizations: readKustomizationTree(directory, workspaceRoot).kustomizations,
      secrets: secretsDirectory(environment),
      boilerplate: [...shape.keys()],
      root: workspaceRoot,
    }),
    ...auditSecretValues(objects),
    ...auditSecretNames(objects),
    ...auditReferences(objects, { external: audit.external ?? [] }),
    ...auditUse(objects),
    ...auditObjects(objects),
    ...auditSizes(objects),
    ...auditApis(objects, { version }),
    ...auditIngresses(objects),
    ...others.flatMap((other) =>
      auditIsolation(objects, other.objects, {
        environment: name,
        from: other.name,
        sameCluster: other.sameCluster,
      }),
    ),
  ];
  const { findings, accepted } = applyAcceptances(found, audit.accepted ?? [], (index) => {
    const [file = '', line = ''] = source.where(['audit', 'accepted', index]).split(/:(?=\d+$)/);
    return { file, line: Number(line) };
  });
  return {
    version: 1,
    environment: name,
    manifestDigest,
    outcome: findings.some(({ severity }) => severity === 'error') ? 'failed' : 'passed',
    findings: sortFindings(findings),
    accepted: sortFindings(accepted),
    coverage: {
      objects: objects.length,
      patches: patches.trace.counts,
      scripts: scriptCoverage(configs),
      isolatedFrom: others.map((other) => other.name),
    },
  };
}

/** Another environment, as far as an isolation check needs it. */
export interface OtherEnvironment {
  readonly name: string;
  readonly objects: readonly KubernetesObject[];
  readonly sameCluster: boolean;
}

// The environments that no other may touch, this one aside.
async function readProtected({
  name,
  workspaceRoot,
  cluster,
}: Environment): Promise<OtherEnvironment[]> {
  const names = (await listEnvironments(workspaceRoot)).filter((other) => other !== name);
  const all = await Promise.all(
    names.map((other) => readEnvironment({ workspaceRoot, name: other })),
  );
  return Promise.all(
    all
      .filter(({ protection }) => protection === 'confirm')
      .map(async (other) => ({
        name: other.name,
        objects: (await readBuild(other)).objects,
        sameCluster: isSameCluster(other.cluster, cluster),
      })),
  );
}

/** The objects of an environment. */
export interface Build {
  readonly objects: readonly KubernetesObject[];
  /** SHA-256 of the bytes that hold them, in hex. */
  readonly manifestDigest: string;
}

async function readBuild(environment: Environment): Promise<Build> {
  const shown = `dist/${environment.name}/${OUTPUT_FILES.manifest}`;
  const bytes = await readFile(outputFile(environment, 'manifest')).catch((cause: unknown) => {
    throw new AuditError(
      'unreadable',
      `Cannot read ${shown}: it is not there. Run nx run ${environment.name}:kustomize-build.`,
      { cause },
    );
  });
  const { documents } = parseYaml(bytes.toString('utf8'), shown);
  return {
    objects: documents.filter((document) => document !== null) as KubernetesObject[],
    manifestDigest: createHash('sha256').update(bytes).digest('hex'),
  };
}
