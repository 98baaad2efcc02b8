import type { Reference } from './reference.ts';
import type { Setting } from './settings.ts';

/**
 * The namespaces that a setting names: a flag, variable or key that ends in `namespace` or `namespaces`, such as
 * `--jobs-namespace`, `pod_namespace`. Not what other systems call so: registries, metrics, containerd.
 */
export function* namespaceReferences(setting: Setting): Generator<Reference> {
  const { from, by, name, path, value } = setting;
  const isNamed = NAMESPACE.test(name) || (name === 'names' && NAMESPACE.test(path.at(-1) ?? ''));
  if (!isNamed || NO_NAME.test(name) || OTHER_SYSTEM.test([...path, name].join('-'))) return;
  for (const part of value.split(',')) {
    const namespace = part.trim();
    if (!LABEL.test(namespace) || NO_VALUE.test(namespace)) continue;
    const to = { kind: 'Namespace', name: namespace };
    yield { from, by, code: 'absent-namespace', to };
  }
}

const NAMESPACE = /(^|-)namespaces?$/;
const OTHER_SYSTEM =
  /(^|-)(registry|registries|image|images|metric|metrics|prometheus|statsd|quay|docker|dockerhub|vault|containerd|redis|cloudwatch|xml)(-|$)/;
// Flags that are on or off, and lists of what is left out.
const NO_NAME =
  /^(all|any|create|enable|disable|use|skip|ignore|ignored|exclude|excluded|per|single)-/;
const NO_VALUE = /^(true|false|all|any|none)$/;
const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
