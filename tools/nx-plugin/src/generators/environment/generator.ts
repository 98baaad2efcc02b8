import { type Tree, visitNotIgnoredFiles } from '@nx/devkit';
import {
  type EnvironmentNames,
  checkEnvironment,
  domainOf,
  parseYamlFile,
  readEnvironment,
  renameEnvironment,
} from '@prow-deploy/environment';

interface EnvironmentGeneratorOptions {
  readonly name: string;
  readonly from: string;
  readonly prow?: string;
  readonly jobs?: string;
  readonly domain?: string;
}

/** Makes an environment in the shape of another one, with names, namespaces, buckets and hosts of its own. */
export default async function environment(
  tree: Tree,
  options: EnvironmentGeneratorOptions,
): Promise<void> {
  const { name, from } = options;
  const folder = `environments/${name}`;
  if (tree.exists(folder)) throw new Error(`Cannot make ${folder}: it is there already.`);
  const template = await readEnvironment({ workspaceRoot: tree.root, name: from });
  if (template.cluster.provider === 'kubeconfig') {
    throw new Error(
      `Cannot make ${name} from ${from}: that shares a cluster with others, where its names would clash. Give --from an environment with a cluster of its own, such as kubevirtci-testing, then change what differs.`,
    );
  }
  const files = new Map<string, string>();
  visitNotIgnoredFiles(tree, `environments/${from}`, (file) => {
    files.set(file, tree.read(file, 'utf8') ?? '');
  });
  const hosts = [...files.values()].flatMap((text) =>
    [...text.matchAll(/^\s*-? *host: *([\w.-]+)$/gm)].map(([, host = '']) => host),
  );
  const domain = domainOf(hosts);
  const prow = options.prow ?? name;
  const to: EnvironmentNames = {
    name,
    namespaces: { prow, jobs: options.jobs ?? `${prow}-jobs` },
    domain: options.domain ?? (domain === undefined ? undefined : `${name}.${domain}`),
  };
  const renamed = [...files].map(([file, text]): [string, string] => [
    file.replace(`environments/${from}/`, `${folder}/`),
    renameEnvironment(text, { ...template, domain }, to),
  ]);
  // Before anything is written: are these names that Kubernetes takes?
  for (const [file, text] of renamed) {
    if (file === `${folder}/environment.yaml`) checkEnvironment(parseYamlFile(text, file));
  }
  for (const [file, text] of renamed) tree.write(file, text);
}
