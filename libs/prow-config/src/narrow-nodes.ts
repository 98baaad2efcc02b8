import type { PathElement } from '@prow-deploy/yq-script';
import type { ConfigNode } from './config-node.ts';

/**
 * The places that a message can be about by what it says for certain: a field that Prow does not know, a value of another type
 * than Prow takes, or the part of the configuration that it speaks of. All of them where it says nothing of the kind.
 */
export function narrowNodes(message: string, nodes: readonly ConfigNode[]): readonly ConfigNode[] {
  const unknown = /unknown field "([^"]+)"/.exec(message)?.[1]?.split('.').at(-1);
  const [, type, field] =
    /cannot unmarshal (\w+).* into Go (?:struct field (?:\S+\.)?(\w+) )?/.exec(message) ?? [];
  const key = unknown ?? field;
  const scope = scopeOf(message);
  // What lacks an entry is itself the place, not what else it has.
  const isLack = /do not enable the /.test(message);
  const fitting = nodes.filter(
    ({ path, type: its, deletedBy }) =>
      (key === undefined || path.findLast((step) => typeof step === 'string') === key) &&
      (unknown === undefined || path.at(-1) === unknown) &&
      (type === undefined || its === type) &&
      (deletedBy === undefined || key === undefined) &&
      scope.every((step, depth) => path[depth] === step) &&
      (!isLack || path.length === scope.length),
  );
  return fitting.length > 0 ? fitting : nodes;
}

function scopeOf(message: string): readonly PathElement[] {
  for (const [pattern, scope] of SCOPES) {
    const [found, detail = ''] = pattern.exec(message) ?? [];
    if (found !== undefined) return scope(/^\d+$/.test(detail) ? Number(detail) : detail);
  }
  return [];
}

// Parts of the configuration that Prow has other words for, most of them lists and maps of which it names one entry.
// Source: cmd/checkconfig/main.go, pkg/config/config.go and pkg/plugins/config.go of Prow.
const SCOPES: readonly (readonly [RegExp, (detail: PathElement) => readonly PathElement[]])[] = [
  [/tide query \(index (\d+)\)/, (at) => ['tide', 'queries', at]],
  [/default_rerun_auth_configs\[(\d+)\]/, (at) => ['deck', 'default_rerun_auth_configs', at]],
  [/slackreporter config/, () => ['slack_reporter_configs']],
  [/require_matching_label config #(\d+)/, (at) => ['require_matching_label', at]],
  [/invalid size plugin configuration/, () => ['size']],
  [/configuration of label plugin/, () => ['label']],
  [/do not enable the \S+ plugin.*: \[(?:repo|org): ([^\s\]]+)/, (name) => ['plugins', name]],
];
