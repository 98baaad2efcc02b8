import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ExaminedEnvironment,
  type KubernetesObject,
  examineEnvironment,
} from '@prow-deploy/audit';
import { findKustomization } from '@prow-deploy/environment';
import { ensureTool } from '@prow-deploy/toolchain';
import { isMap, isSeq, parse, parseDocument, stringify } from 'yaml';
import { nameOf } from '../rehearse/compare-objects.ts';
import { prepareEnvironment, scratchWorkspace } from '../rehearse/scratch-workspace.ts';
import { VendorError } from '../vendor-error.ts';
import { writeFiles } from '../environments/write-files.ts';
import { type PatchOperation, stepsOf, valueAt, withTests } from './positional-tests.ts';

export interface PlanPatchOptions {
  readonly workspaceRoot: string;
  /** Name of the environment. */
  readonly environment: string;
  readonly kind: string;
  /** Name of the object, without the environment's prefix. */
  readonly name: string;
  /** Needed where several objects of that kind and name are in different namespaces. */
  readonly namespace?: string | undefined;
  readonly operation: PatchOperation;
  /** Absolute path of the kustomize executable. Default: the pinned one. */
  readonly kustomize?: string | undefined;
}

/** A patch that is not written yet. */
export interface PlannedPatch {
  /** Path relative to the workspace root → new text: the patch, and the kustomization.yaml that names it. */
  readonly files: ReadonlyMap<string, string>;
  /** The object, as messages name it. */
  readonly object: string;
  readonly operations: readonly PatchOperation[];
}

/** Fields of a kustomization that work on what patches have left. */
const AFTER_PATCHES = [
  'namespace',
  'namePrefix',
  'nameSuffix',
  'labels',
  'commonLabels',
  'commonAnnotations',
  'replicas',
  'images',
  'replacements',
  'transformers',
  'validators',
];

/**
 * Plans a JSON patch (RFC 6902) of one object of an environment, as its last patch, with a `test` for each position that it
 * counts. It is tried in a scratch copy first: kustomize has to take it.
 *
 * @throws {VendorError} `invalid-settings` where there is no such object, or nothing at that path; says what there is.
 * @throws {SyntaxError} where the path is no JSON pointer.
 */
export async function planPatch(options: PlanPatchOptions): Promise<PlannedPatch> {
  const { workspaceRoot, environment: name, operation } = options;
  const steps = stepsOf(operation.path);
  const kustomize = options.kustomize ?? (await ensureTool('kustomize'));
  const scratch = await scratchWorkspace(workspaceRoot, [name]);
  try {
    const folder = `environments/${name}`;
    const own = findKustomization(join(scratch.root, folder));
    if (own === undefined) throw unusable(`${folder} has no kustomization.yaml. Write one.`);
    const text = await readFile(own, 'utf8');
    await writeFile(own, withoutFields(text));
    const objects = (await examine(scratch.root, name, kustomize)).objects;
    const object = findObject(objects, options);
    const there = valueAt(object, operation.op === 'add' ? steps.slice(0, -1) : steps);
    if (there === undefined) throw nothingAt(object, operation.path, steps);
    const operations = withTests(object, operation);
    const files = await patchFiles({ root: scratch.root, own, text, object, objects, operations });
    await writeFiles(
      new Map([...files].map(([path, content]) => [join(scratch.root, path), content])),
    );
    const { refused } = await examine(scratch.root, name, kustomize);
    if (refused !== undefined) throw unusable(`kustomize refuses it: ${refused.message}`);
    return { files, object: nameOf(object), operations };
  } finally {
    await scratch.remove();
  }
}

async function examine(
  root: string,
  name: string,
  kustomize: string,
): Promise<ExaminedEnvironment> {
  return examineEnvironment(await prepareEnvironment(root, name), { kustomize });
}

function unusable(why: string): VendorError {
  return new VendorError('invalid-settings', `Cannot write the patch: ${why}`);
}

function withoutFields(kustomization: string): string {
  const document = parseDocument(kustomization);
  for (const field of AFTER_PATCHES) document.delete(field);
  return document.toString({ lineWidth: 0 });
}

function findObject(
  objects: readonly KubernetesObject[],
  { kind, name, namespace, environment }: PlanPatchOptions,
): KubernetesObject {
  const ofKind = objects.filter((object) => object.kind === kind);
  const found = ofKind.filter(
    ({ metadata }) =>
      metadata.name === name && (namespace === undefined || metadata.namespace === namespace),
  );
  const [object, other] = found;
  if (object === undefined) {
    const known =
      ofKind.length > 0
        ? `There are ${ofKind.map(nameOf).sort().join(', ')}`
        : `Kinds there: ${[...new Set(objects.map((each) => each.kind))].sort().join(', ')}`;
    const wanted = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
    throw unusable(`${environment} has no ${wanted}. ${known}.`);
  }
  if (other !== undefined) {
    throw unusable(`there are ${found.map(nameOf).join(' and ')}. Give --namespace.`);
  }
  return object;
}

function nothingAt(object: KubernetesObject, path: string, steps: readonly string[]): VendorError {
  let known: readonly string[] = [];
  while (
    known.length < steps.length &&
    valueAt(object, steps.slice(0, known.length + 1)) !== undefined
  )
    known = steps.slice(0, known.length + 1);
  const last = valueAt(object, known);
  const fields =
    typeof last === 'object' && last !== null ? Object.keys(last).join(', ') : 'nothing below';
  return unusable(
    `${nameOf(object)} has nothing at ${path}. At /${known.join('/')} there is: ${fields}.`,
  );
}

interface PatchFiles {
  readonly root: string;
  readonly own: string;
  readonly text: string;
  readonly object: KubernetesObject;
  readonly objects: readonly KubernetesObject[];
  readonly operations: readonly PatchOperation[];
}

async function patchFiles(options: PatchFiles): Promise<Map<string, string>> {
  const { root, own, text, object, objects, operations } = options;
  const { kind, metadata } = object;
  const shared = objects.filter(
    (each) => each.kind === kind && each.metadata.name === metadata.name,
  );
  const space = shared.length > 1 ? metadata.namespace : undefined;
  const place = space === undefined ? '' : `${space}_`;
  const path = `patches/json6902/${kind.toLowerCase()}_${place}${metadata.name}.yaml`;
  const target = {
    ...groupVersionOf(object),
    kind,
    name: metadata.name,
    ...(space === undefined ? {} : { namespace: space }),
  };
  const folder = own.slice(root.length + 1, own.lastIndexOf('/'));
  const file = `${folder}/${path}`;
  const before = existsSync(join(root, file)) ? await readFile(join(root, file), 'utf8') : '';
  const document = parseDocument(text);
  if (!isSeq(document.get('patches'))) document.set('patches', document.createNode([]));
  const patches = document.get('patches');
  if (!isSeq(patches)) throw unusable(`${folder}/kustomization.yaml has no list of patches.`);
  const isNamed = patches.items.some((item) => isMap(item) && item.get('path') === path);
  if (before !== '' && (!isNamed || !Array.isArray(parse(before)))) {
    throw unusable(`${file} is there, and is no JSON patch of that object. Rename it.`);
  }
  if (!isNamed) patches.add(document.createNode({ target, path }));
  return new Map([
    [file, `${before}${stringify(operations, { lineWidth: 0 })}`],
    ...(isNamed
      ? []
      : [[own.slice(root.length + 1), document.toString({ lineWidth: 0 })] as [string, string]]),
  ]);
}

function groupVersionOf({ apiVersion }: KubernetesObject): { group?: string; version: string } {
  const [group = '', version] = apiVersion.split('/');
  return version === undefined ? { version: group } : { group, version };
}
