import { type Fields, fields, items, text } from '../fields.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { identify, type ObjectReference, referenceKey } from '../object-reference.ts';
import { type ContainerProgram, containerProgram } from './container-program.ts';
import { type KeyVerdict, mountedKeys } from './mounted-keys.ts';
import { podTemplateOf, type Rollout } from './pod-template.ts';
import type { Reader, ReadsVia } from './reader.ts';
import { isSource, keysOf } from './source-content.ts';
import { mountSecrets, type VolumeSource, volumeSources } from './volume-sources.ts';

/**
 * Which workloads read which ConfigMaps and Secrets, and what happens to each when those change.
 *
 * Only what is in a pod template counts: what a program asks the API server for by itself is not seen. Secrets for
 * pulling images are no content of a running pod, and are left out.
 */
export function readersOf(objects: readonly KubernetesObject[]): Reader[] {
  const known = new Map(
    objects
      .filter(isSource)
      .map((object) => [referenceKey(identify(object)), keysOf(object)] as const),
  );
  return objects.flatMap((object) => {
    const template = podTemplateOf(object);
    if (template === undefined) return [];
    const workload = identify(object);
    const reads = [...readsOf(template.spec, (source) => known.get(keyIn(workload, source)))];
    return withoutRepeats(
      reads.map(({ source, ...read }) => ({
        workload,
        source: sourceReference(workload, source),
        ...afterRollout(read, template.rollout),
      })),
    );
  });
}

type Source = Pick<VolumeSource, 'kind' | 'name'>;

interface Read extends KeyVerdict {
  readonly source: Source;
  readonly via: ReadsVia;
}

type KeysOf = (source: Source) => readonly string[] | undefined;

function* readsOf(spec: Fields, keysOf: KeysOf): Generator<Read> {
  const volumes = new Map(items(spec['volumes']).map((volume) => [volume['name'], volume]));
  for (const [field, isInit] of CONTAINER_FIELDS) {
    for (const container of items(spec[field])) {
      yield* variables(container);
      // An init container that is always restarted runs beside the others.
      const isOver = isInit && container['restartPolicy'] !== 'Always';
      const name = text(container['name']) ?? '';
      const program = isOver
        ? `init container ${name} reads it at start only`
        : containerProgram(container);
      for (const mount of items(container['volumeMounts'])) {
        const volume = volumes.get(mount['name']);
        if (volume !== undefined) yield* mounted(program, mount, volume, keysOf);
      }
    }
  }
  for (const volume of volumes.values()) {
    for (const name of mountSecrets(volume)) {
      const because = `volume ${text(volume['name']) ?? ''} is mounted with it at start`;
      yield { source: { kind: 'Secret', name }, via: 'volume', onChange: 'restarts', because };
    }
  }
}

const CONTAINER_FIELDS = [
  ['initContainers', true],
  ['containers', false],
  ['ephemeralContainers', false],
] as const;

function* variables(container: Fields): Generator<Read> {
  const because = 'variables are set at start only';
  const read = { via: 'env', onChange: 'restarts', because } as const;
  for (const { configMapRef, secretRef } of items(container['envFrom'])) {
    const named = { ConfigMap: fields(configMapRef)['name'], Secret: fields(secretRef)['name'] };
    for (const source of sourcesNamed(named)) yield { source, ...read };
  }
  for (const { valueFrom } of items(container['env'])) {
    const { configMapKeyRef, secretKeyRef } = fields(valueFrom);
    const reference = fields(configMapKeyRef ?? secretKeyRef);
    const kind = configMapKeyRef === undefined ? 'Secret' : 'ConfigMap';
    const keys = [text(reference['key']) ?? ''];
    for (const source of sourcesNamed({ [kind]: reference['name'] })) {
      yield { source, keys, ...read };
    }
  }
}

function sourcesNamed(names: Readonly<Partial<Record<Source['kind'], unknown>>>): Source[] {
  return (['ConfigMap', 'Secret'] as const).flatMap((kind) => {
    const name = text(names[kind]);
    return name === undefined ? [] : [{ kind, name }];
  });
}

function* mounted(
  program: ContainerProgram | string,
  mount: Fields,
  volume: Fields,
  keysOf: KeysOf,
): Generator<Read> {
  const subPath = text(mount['subPath']) ?? text(mount['subPathExpr']);
  for (const source of volumeSources(volume)) {
    const { kind, name } = source;
    if (subPath !== undefined) {
      const keys = keysBelow(subPath, source);
      if (keys?.length === 0) continue;
      const because = 'what is mounted by subPath is never updated';
      const read = { source: { kind, name }, via: 'subPath', onChange: 'restarts' } as const;
      yield { ...read, because, ...(keys === undefined ? {} : { keys }) };
    } else if (typeof program === 'string') {
      const keys = source.paths === undefined ? {} : { keys: [...source.paths.keys()] };
      const read = { source: { kind, name }, via: 'volume', onChange: 'restarts' } as const;
      yield { ...read, because: program, ...keys };
    } else {
      const seen = {
        mountPath: text(mount['mountPath']) ?? '/',
        source,
        known: keysOf(source),
      };
      for (const verdict of mountedKeys(program, seen)) {
        yield { source: { kind, name }, via: 'volume', ...verdict };
      }
    }
  }
}

// The keys of a source that a subPath shows; absent for all, which an expression may stand for.
function keysBelow(subPath: string, { paths }: VolumeSource): string[] | undefined {
  const path = subPath.replace(/^\.?\/+|\/+$/g, '');
  if (path.includes('$(') || path === '' || path === '.') {
    return paths === undefined ? undefined : [...paths.keys()];
  }
  if (paths === undefined) return path.includes('/') ? [] : [path];
  return [...paths].flatMap(([key, file]) =>
    file === path || file.startsWith(`${path}/`) ? [key] : [],
  );
}

// What a restart would be for, where none comes.
function afterRollout(
  read: Omit<Read, 'source'>,
  rollout: Rollout,
): Omit<Reader, 'workload' | 'source'> {
  if (rollout.outcome === 'made anew') {
    return { ...read, onChange: 'reloads', because: rollout.because };
  }
  return read.onChange === 'restarts' && rollout.outcome === 'kept'
    ? { ...read, onChange: 'stale', because: `${read.because}, and ${rollout.because}` }
    : read;
}

function sourceReference({ namespace }: ObjectReference, { kind, name }: Source): ObjectReference {
  return { apiVersion: 'v1', kind, ...(namespace === undefined ? {} : { namespace }), name };
}

function keyIn(workload: ObjectReference, source: Source): string {
  return referenceKey(sourceReference(workload, source));
}

// Two containers, or two mounts, may read the same in the same way.
function withoutRepeats(readers: readonly Reader[]): Reader[] {
  return [...new Map(readers.map((reader) => [JSON.stringify(reader), reader])).values()];
}
