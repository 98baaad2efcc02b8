import { type Document, parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { type Fields, fields, text } from '../objects/fields.ts';
import type { RenderedObjects } from './rendered-objects.ts';

/** A value of a ConfigMap, read. */
export interface ConfigFile {
  readonly configMap: KubernetesObject;
  readonly key: string;
  /** The mappings and lists in it; none where it is another sort of text. */
  readonly documents: readonly unknown[];
  /** The text where it is neither YAML nor JSON with a mapping or list at its top. */
  readonly text?: string;
  /**
   * Namespace in which Prow starts the pods of jobs, by the config that is beside this file; absent where none says so,
   * or where there is no such namespace.
   */
  readonly podNamespace?: string;
}

/**
 * Reads the values of all ConfigMaps. Only those are parsed in which a reference can be: most of the time goes
 * into parsing YAML.
 */
export function readConfigFiles(objects: RenderedObjects): ConfigFile[] {
  const files = objects
    .ofKind('ConfigMap')
    .flatMap((configMap) =>
      Object.entries(fields(configMap['data'])).flatMap(([key, value]) =>
        typeof value === 'string' && MAY_REFER.test(value)
          ? [{ configMap, key, ...readTextOnce(value) }]
          : [],
      ),
    );
  const podNamespaces = new Map<string | undefined, string>();
  for (const { configMap, documents } of files) {
    for (const document of documents) {
      const namespace = text(fields(document)['pod_namespace']);
      if (namespace === undefined || !objects.hasNamespace(namespace)) continue;
      podNamespaces.set(configMap.metadata.namespace, namespace);
    }
  }
  return files.map((file) => {
    const podNamespace = podNamespaces.get(file.configMap.metadata.namespace);
    return podNamespace === undefined ? file : { ...file, podNamespace };
  });
}

// A URL, a host of the cluster, or the end of a key whose value names a host, a namespace, a ConfigMap or a Secret.
const MAY_REFER =
  /:\/\/|\.svc\b|(?:namespaces?|gateway|endpoint|upstream|host|addr|address|server|secrets?|secretName|configMap|_plugins|_updater)["']?\s*[:=]/i;

// The environments share most of their configuration, and an audit reads two of them: each text is parsed once.
const read = new Map<string, ReturnType<typeof readText>>();
const READ_AT_MOST = 64;

function readTextOnce(value: string): ReturnType<typeof readText> {
  const known = read.get(value);
  if (known !== undefined) return known;
  if (read.size >= READ_AT_MOST) read.clear();
  const result = readText(value);
  read.set(value, result);
  return result;
}

function readText(value: string): Pick<ConfigFile, 'documents' | 'text'> {
  const documents = parse(value);
  const isStructured =
    documents.length > 0 &&
    documents.every((document) => typeof document === 'object' && document !== null);
  return isStructured ? { documents } : { documents: [], text: value };
}

function parse(value: string): unknown[] {
  try {
    if (/^\s*[[{]/.test(value)) return [JSON.parse(value) as unknown];
  } catch {
    // Not JSON: it may be YAML in JSON's style.
  }
  try {
    const documents: unknown = parseAllDocuments(value, { prettyErrors: false, uniqueKeys: false });
    if (!Array.isArray(documents)) return [];
    const values = (documents as Document[]).map((document): unknown => {
      if (document.errors[0] !== undefined) throw document.errors[0];
      return document.toJS({ maxAliasCount: 100 });
    });
    // Written out, what an anchor holds itself in has no end: JSON refuses it.
    if (/(^|\s)&\w/.test(value)) JSON.stringify(values);
    return values.filter((document) => document !== null);
  } catch {
    // Another sort of text, a template, or one nested or aliased without end: it is looked at line by line.
    return [];
  }
}

/** Whether a mapping says that it is about another cluster than the one it is applied to. */
export function isAboutOtherCluster(mapping: Fields): boolean {
  const { cluster, clusters } = mapping;
  if (typeof cluster === 'string') return !isThisCluster(cluster);
  return (
    Array.isArray(clusters) &&
    clusters.length > 0 &&
    clusters.every((name) => typeof name === 'string' && !isThisCluster(name))
  );
}

function isThisCluster(name: string): boolean {
  return ['', 'default', 'in-cluster'].includes(name);
}
