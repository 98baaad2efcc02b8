import { finding, type Finding } from '../finding.ts';
import { describeObject, type KubernetesObject } from '../kubernetes-object.ts';
import type { ContainerArgument } from './container-arguments.ts';
import { podTemplates } from './pod-templates.ts';

/**
 * Flags that one container has twice with the same value, or as true and as false. A flag that is repeated with different
 * values is a list (`--github-endpoint`).
 */
export function* auditArguments(objects: readonly KubernetesObject[]): Generator<Finding> {
  for (const template of objects.flatMap(podTemplates)) {
    const object = describeObject(template.object);
    for (const container of template.containers) {
      const where = `${object} gives container ${container.name}`;
      for (const { written, values } of repeatedFlags(container.arguments)) {
        for (const value of repeated(values)) {
          const shown = value === undefined ? written : `${written}=${visible(written, value)}`;
          const message = `${where} the argument ${shown} twice. Remove one of them.`;
          yield finding('duplicate-argument', message, { object });
        }
        const isTrue = values.includes('true') || values.includes(undefined);
        if (isTrue && values.includes('false')) {
          const message = `${where} ${written} as true and as false: the last one holds. Remove the other.`;
          yield finding('duplicate-argument', message, { object });
        }
      }
    }
  }
}

interface RepeatedFlag {
  /** As it is written first. */
  readonly written: string;
  readonly values: (string | undefined)[];
}

// By the flag as most programs read it, with one dash or two; what follows `--` is read by another program.
function repeatedFlags(words: readonly ContainerArgument[]): Iterable<RepeatedFlag> {
  const found = new Map<string, RepeatedFlag>();
  let program = 0;
  for (const { flag, written = '', value } of words) {
    if (value === '--') program++;
    // A short flag alone may be repeated for more of it: -v -v.
    if (flag === undefined || (value === undefined && !written.startsWith('--'))) continue;
    const key = `${String(program)} ${flag}`;
    const entry = found.get(key);
    if (entry === undefined) found.set(key, { written, values: [value] });
    else entry.values.push(value);
  }
  return found.values();
}

function repeated(values: readonly (string | undefined)[]): Set<string | undefined> {
  return new Set(values.filter((value, index) => values.indexOf(value) !== index));
}

// A value that may be a secret is not shown; the path of one is.
function visible(flag: string, value: string): string {
  return /token|password|secret|key|credential|auth/i.test(flag) && !value.startsWith('/')
    ? '…'
    : value;
}
