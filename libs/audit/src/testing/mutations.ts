import { pick } from '@prow-deploy/testing';

/** A change of one file that could have been made by mistake. */
export interface Mutation {
  readonly kind: string;
  readonly file: string;
  /** The line before and after, for people. */
  readonly change: string;
  readonly text: string;
  /** A line that the mutation puts into the build by itself; whatever else differs matters. */
  readonly adds?: string;
}

/** Texts of the workspace: path → text. */
export type Files = ReadonlyMap<string, string>;

interface Mutator {
  readonly kind: string;
  readonly files: RegExp;
  /** Lines that can be mutated; the first group stays, the second is mutated. */
  readonly line: RegExp;
  /** Only below a line that matches this, as long as the indentation is deeper. Default: anywhere. */
  readonly below?: RegExp;
  readonly mutate: (value: string, random: () => number) => string;
}

const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyz');

/** Another letter in place of one. */
function misspell(value: string, random: () => number): string {
  const letters = Array.from(value).flatMap((character, index) =>
    /[a-z]/i.test(character) ? [index] : [],
  );
  const at = pick(random, letters);
  const others = LETTERS.filter((letter) => letter !== value[at]?.toLowerCase());
  return value.slice(0, at) + pick(random, others) + value.slice(at + 1);
}

const KUSTOMIZATION = /^environments\/[^/]+\/kustomization\.yaml$/;
const MANIFEST = /^(kustom-base\/manifests|vendor\/[^/]+\/[^/]+\/manifests)\/.*\.yaml$/;

const MUTATORS: readonly Mutator[] = [
  {
    kind: 'a letter of a target',
    files: KUSTOMIZATION,
    below: /^\s*(- )?(target|select|source):/,
    line: /^(\s+(?:kind|name|group|namespace|labelSelector): )([a-zA-Z][\w.-]*)/,
    mutate: misspell,
  },
  {
    kind: 'a letter of a patched object',
    files: /^environments\/[^/]+\/patches\/strategic-merge\//,
    line: /^((?:kind|\s+name): )([a-zA-Z][\w.-]*)$/,
    mutate: misspell,
  },
  {
    kind: 'a letter of a field path',
    files: KUSTOMIZATION,
    below: /^\s*fieldPaths:/,
    line: /^(\s+- )([a-zA-Z].*)$/,
    mutate: misspell,
  },
  {
    kind: 'a subject renamed',
    files: MANIFEST,
    below: /^subjects:/,
    line: /^(\s*-? *name: )(\S+)$/,
    mutate: misspell,
  },
  {
    kind: 'a role renamed',
    files: MANIFEST,
    below: /^roleRef:/,
    line: /^(\s*name: )(\S+)$/,
    mutate: misspell,
  },
  {
    kind: 'a ServiceAccount renamed',
    files: MANIFEST,
    line: /^(\s*serviceAccountName: )(\S+)$/,
    mutate: misspell,
  },
  { kind: 'a Secret renamed', files: MANIFEST, line: /^(\s*secretName: )(\S+)$/, mutate: misspell },
  {
    kind: 'a ConfigMap renamed',
    files: MANIFEST,
    below: /^\s*(- )?configMap:/,
    line: /^(\s*name: )(\S+)$/,
    mutate: misspell,
  },
  { kind: 'a claim renamed', files: MANIFEST, line: /^(\s*claimName: )(\S+)$/, mutate: misspell },
  {
    kind: 'a generated object renamed',
    files: KUSTOMIZATION,
    below: /^(configMap|secret)Generator:/,
    line: /^(\s+- name: )(\S+)$/,
    mutate: misspell,
  },
  {
    kind: 'a host of an argument',
    files: MANIFEST,
    line: /^(\s*- --[\w-]+=https?:\/\/)([a-z]+)(?=[:/]|$)/,
    mutate: misspell,
  },
  {
    kind: 'a backend renamed',
    files: /^environments\/[^/]+\/resources\/ingresses\.yaml$/,
    below: /^\s*service:/,
    line: /^(\s*name: )(\S+)$/,
    mutate: misspell,
  },
  {
    kind: 'a letter of a yq path',
    files: /\/yq_scripts\//,
    line: /^(\s*(?:- )?path: )(.*[a-z].*)$/,
    mutate: misspell,
  },
  {
    kind: "production's value in another environment",
    files: /^environments\/(?!ibmcloud-production)[^/]+\/yq_scripts\//,
    line: /^(.*?)((?:staging-kubevirt|kubernetes)-prow(?:-jobs)?)/,
    mutate: (value) => (value.endsWith('-jobs') ? 'kubevirt-prow-jobs' : 'kubevirt-prow'),
  },
  {
    kind: 'another namespace for everything',
    files: /^environments\/[^/]+\/patches\/json6902\/any_/,
    line: /^(\s*value: )(\S+)$/,
    mutate: misspell,
  },
  {
    kind: 'a namespace renamed',
    files: /^environments\/[^/]+\/resources\/namespaces\.yaml$/,
    line: /^(\s+name: )(\S+)$/,
    mutate: misspell,
  },
  {
    kind: 'a port of a Service',
    files: MANIFEST,
    line: /^(\s*targetPort: )([a-z]\S*)$/,
    mutate: misspell,
  },
  {
    kind: 'a selector of a Service',
    files: /_service\.yaml$|-service\.yaml$/,
    below: /^\s*selector:/,
    line: /^(\s+app: )(\S+)$/,
    mutate: misspell,
  },
];

/** Every mutation that a mutator can make of these files, as a place to be mutated. */
function places({ files, line, below }: Mutator, texts: Files): { file: string; index: number }[] {
  return [...texts].flatMap(([file, text]) => {
    if (!files.test(file)) return [];
    let depth = below ? -1 : 0;
    return text.split('\n').flatMap((content, index) => {
      const indentation = content.search(/[^\s-]/);
      if (below && indentation >= 0 && depth >= 0 && indentation <= depth) depth = -1;
      const isMatch = depth >= 0 && line.test(content);
      if (below?.test(content)) depth = indentation;
      return isMatch ? [{ file, index }] : [];
    });
  });
}

/** Makes one mutation: of a kind that a random number chooses, at a place that another chooses. */
export function mutate(texts: Files, random: () => number): Mutation {
  const kinds = [
    ...MUTATORS.map(({ kind }) => kind),
    'an argument inserted upstream',
    'a Service removed',
  ];
  const kind = pick(random, kinds);
  if (kind === 'an argument inserted upstream') return insertArgument(texts, random);
  if (kind === 'a Service removed') return removeService(texts, random);
  const mutator = MUTATORS.find((candidate) => candidate.kind === kind);
  const found = mutator ? places(mutator, texts) : [];
  if (!mutator || found.length === 0) return mutate(texts, random);
  const { file, index } = pick(random, found);
  const lines = (texts.get(file) ?? '').split('\n');
  const before = lines[index] ?? '';
  const after = before.replace(
    mutator.line,
    (_match, start: string, value: string) => start + mutator.mutate(value, random),
  );
  lines[index] = after;
  return { kind, file, change: `${before.trim()} → ${after.trim()}`, text: lines.join('\n') };
}

function insertArgument(texts: Files, random: () => number): Mutation {
  const found = places(
    { kind: '', files: MANIFEST, line: /^\s*args:$/, mutate: (value) => value },
    texts,
  );
  const { file, index } = pick(random, found);
  const lines = (texts.get(file) ?? '').split('\n');
  const indentation = /^\s*(?:- )?/.exec(lines[index + 1] ?? '')?.[0] ?? '        - ';
  const adds = '--inserted-upstream=true';
  lines.splice(index + 1, 0, `${indentation}${adds}`);
  return {
    kind: 'an argument inserted upstream',
    file,
    change: `+ ${adds}`,
    text: lines.join('\n'),
    adds,
  };
}

function removeService(texts: Files, random: () => number): Mutation {
  const files = [...texts].filter(
    ([file, text]) => MANIFEST.test(file) && /^kind: Service$/m.test(text),
  );
  const [file, text] = pick(random, files);
  const documents = text.split(/^---$/m);
  const services = documents.filter((document) => /^kind: Service$/m.test(document));
  const removed = pick(random, services);
  const left = documents.filter((document) => document !== removed);
  const name = /^\s+name: (\S+)/m.exec(removed)?.[1] ?? '';
  return {
    kind: 'a Service removed',
    file,
    change: `- Service ${name}`,
    text: left.length > 0 ? left.join('---') : '# nothing\n',
  };
}
