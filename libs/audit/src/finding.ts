/** How much a finding weighs: an error stops apply. */
export const SEVERITIES = ['error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Every code that a finding can have, with its severity. Codes are stable: acceptances name them. */
export const FINDING_CODES = {
  // Patches and their like: src/patches
  'patch-matches-nothing': 'error',
  'patch-changes-nothing': 'warning',
  'patch-creates-path': 'warning',
  'patch-undone': 'warning',
  'patch-positional': 'warning',
  'patch-target-disagrees': 'warning',
  'replacement-matches-nothing': 'error',
  'image-matches-nothing': 'error',
  'replicas-match-nothing': 'error',
  'generator-merge-matches-nothing': 'error',
  'file-unreferenced': 'warning',
  // yq scripts: src/scripts
  'yq-matches-nothing': 'error',
  'yq-creates-path': 'warning',
  'yq-changes-nothing': 'warning',
  // References between objects: src/references
  'absent-service-account': 'error',
  'absent-role': 'error',
  'absent-subject': 'error',
  'absent-config-map': 'error',
  'absent-secret': 'error',
  'absent-key': 'error',
  'absent-claim': 'error',
  'absent-service': 'error',
  'absent-port': 'error',
  'absent-host': 'error',
  'absent-namespace': 'error',
  'service-selects-nothing': 'error',
  'object-unused': 'info',
  'port-without-service': 'info',
  // Objects by themselves: src/objects
  'no-namespace': 'error',
  'duplicate-argument': 'warning',
  'duplicate-object': 'error',
  'unownable-object': 'error',
  'image-untagged': 'warning',
  // Between environments: src/isolation
  'shared-object': 'error',
  'names-other-environment': 'error',
  'ingress-claimed-twice': 'error',
  // What the API server takes: src/limits
  'size-near-limit': 'warning',
  'size-over-limit': 'error',
  'api-not-served': 'error',
  'field-unknown': 'error',
  // Secret files: src/secret-files
  'secret-file-unknown': 'error',
  'secret-in-git': 'warning',
  'secret-name-hashed': 'warning',
  // Acceptances: src/acceptances
  'acceptance-unused': 'warning',
} as const satisfies Record<string, Severity>;
export type FindingCode = keyof typeof FINDING_CODES;

/** One thing that is wrong, or likely so. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** What is wrong and what to do, in a sentence or two. Never holds a secret value. */
  readonly message: string;
  /** File of the patch, script or manifest: relative to the audited root where there is one. */
  readonly file?: string;
  /** Line in that file, from 1. */
  readonly line?: number;
  /** The object, as `Deployment kubevirt-prow/deck`. */
  readonly object?: string;
}

/** Where a finding is, and what it is about. */
export type FindingPlace = Pick<Finding, 'file' | 'line' | 'object'>;

/** Makes a finding; its severity is that of its code. */
export function finding(code: FindingCode, message: string, place: FindingPlace = {}): Finding {
  return { code, severity: FINDING_CODES[code], message, ...place };
}
