import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AuditError } from '../audit-error.ts';

/** What an API server of one Kubernetes version serves, from its own OpenAPI documents. See {@link compactOpenApi}. */
export interface ApiData {
  /** Minor version, such as `v1.36`. */
  readonly version: string;
  /** API version → kind → what is known of it. Kinds that can be created, subresources left out. */
  readonly kinds: Readonly<Record<string, Readonly<Record<string, ServedKind>>>>;
  /** Type → field → {@link FieldType}. */
  readonly types: Readonly<Record<string, FieldTypes>>;
}

export interface ServedKind {
  readonly scope: 'Namespaced' | 'Cluster';
  /** Key into {@link ApiData.types}. */
  readonly type: string;
}

/**
 * The fields of a type. The value says what is below a field: a type's name; that name behind `[]` for a list of it or
 * behind `{}` for a map to it (these nest); or nothing, where there is nothing to look into.
 */
export type FieldTypes = Readonly<Record<string, FieldType>>;
export type FieldType = string;

const FILE = /^kubernetes-(v\d+\.\d+)\.json$/;
const loaded = new Map<string, ApiData>();

/** The file of a minor version, whether or not it is there. */
export function apiDataFile(minor: string): string {
  return `${directory()}kubernetes-${minor}.json`;
}

/** Minor versions that there is data of, oldest first. */
export function knownVersions(): string[] {
  return readdirSync(directory())
    .flatMap((file) => FILE.exec(file)?.[1] ?? [])
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** `v1.36`, `1.36`, `v1.36.3` and `v1.36.3+k3s1` are all `v1.36`. */
export function minorVersion(version: string): string {
  const [, minor] = /^v?(\d+\.\d+)(?![\d])/.exec(version) ?? [];
  return minor === undefined ? version : `v${minor}`;
}

/**
 * Reads the data of a Kubernetes version, once per process; patch versions do not differ in what they serve.
 *
 * @throws {AuditError} `unreadable` for a version without data: lists those that have some, and says how to make it.
 */
export function readApiData(version: string): ApiData {
  const minor = minorVersion(version);
  const known = loaded.get(minor);
  if (known) return known;
  const versions = knownVersions();
  if (!versions.includes(minor)) {
    throw new AuditError(
      'unreadable',
      `Cannot audit API versions: there is no data of Kubernetes ${version}; known: ${versions.join(', ')}. ` +
        `Give one of these, or pin that version in tools/toolchain/versions.json and run ` +
        `"npx vitest run libs/audit/src/limits/api-data.test.ts --update", which asks an API server of it.`,
    );
  }
  const data = JSON.parse(readFileSync(apiDataFile(minor), 'utf8')) as ApiData;
  loaded.set(minor, data);
  return data;
}

// As far from src/limits as from dist/limits.
function directory(): string {
  return fileURLToPath(new URL('../../data/', import.meta.url));
}
