import {
  type AuditReport,
  type ExaminedEnvironment,
  type Finding,
  type KubernetesObject,
  auditExamined,
  examineEnvironment,
} from '@prow-deploy/audit';
import { type Environment } from '@prow-deploy/environment';
import { prepareEnvironment } from './scratch-workspace.ts';

/** An environment, built and audited in a scratch workspace; or why it cannot be. */
export interface ExaminedSide {
  readonly name: string;
  /** Absent where even its own files cannot be read. */
  readonly examined?: ExaminedEnvironment;
  /** What the audit finds; of the patches alone where kustomize refuses. */
  readonly findings: readonly Finding[];
  /** Why there is no build. */
  readonly failure?: string;
}

export interface ExamineWorkspaceOptions {
  /** Root of the scratch workspace. */
  readonly root: string;
  readonly names: readonly string[];
  /** Absolute path of the kustomize executable. */
  readonly kustomize: string;
  readonly known: Map<string, KubernetesObject>;
  readonly signal?: AbortSignal | undefined;
}

/** Builds environments of a scratch workspace and follows their patches, all at once. */
export async function examineAll(
  options: ExamineWorkspaceOptions,
): Promise<(Omit<ExaminedSide, 'findings'> & { readonly environment?: Environment })[]> {
  const { root, names, kustomize, known, signal } = options;
  return Promise.all(
    names.map(async (name) => {
      try {
        const environment = await prepareEnvironment(root, name);
        const examined = await examineEnvironment(environment, {
          kustomize,
          known,
          ...(signal ? { signal } : {}),
        });
        const { refused } = examined;
        const failure = refused === undefined ? {} : { failure: said(refused, root) };
        return { name, environment, examined, ...failure };
      } catch (error) {
        signal?.throwIfAborted();
        return { name, failure: said(error, root) };
      }
    }),
  );
}

/** Audits them, each against those of the others that are protected and build. */
export async function auditAll(
  sides: readonly Omit<ExaminedSide, 'findings'>[],
  others: readonly Omit<ExaminedSide, 'findings'>[],
): Promise<ExaminedSide[]> {
  const builds = others.flatMap(({ examined, failure }) =>
    examined === undefined || failure !== undefined ? [] : [examined],
  );
  return Promise.all(
    sides.map(async (side): Promise<ExaminedSide> => {
      const { examined, failure } = side;
      if (examined === undefined) return { ...side, findings: [] };
      if (failure !== undefined) return { ...side, findings: examined.patches.findings };
      const { findings }: AuditReport = await auditExamined(examined, builds);
      return { ...side, findings };
    }),
  );
}

// What an environment's files are guilty of has a code; anything else is our own fault.
function said(error: unknown, root: string): string {
  const isExpected =
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.name !== 'Error';
  if (!isExpected) throw error;
  return error.message.replaceAll(`${root}/`, '').replaceAll(root, '.');
}
