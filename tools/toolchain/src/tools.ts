/** The tools that are pinned here, by the name of their executable; `versions.json` has an entry for each. */
export const TOOLS = [
  'kustomize',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'etcd',
  'kwok',
  'kwokctl',
  'kubelet',
  'kube-proxy',
  'containerd',
  'containerd-shim-runc-v2',
  'ctr',
  'coredns',
  'pause',
  'egress',
  'github-stand-in',
  'pushgateway',
  'registry',
  'gcsweb',
  'checkconfig',
  'branchprotector',
  'cherrypicker',
  'config-bootstrapper',
  'crier',
  'deck',
  'exporter',
  'fakeghserver',
  'ghproxy',
  'hook',
  'horologium',
  'needs-rebase',
  'clonerefs',
  'entrypoint',
  'initupload',
  'sidecar',
  'phony',
  'prow-controller-manager',
  'sinker',
  'status-reconciler',
  'tide',
  'sops',
  'age',
  'age-keygen',
] as const;

export type ToolName = (typeof TOOLS)[number];

/** Whether a word names one of the tools. */
export function isToolName(word: string): word is ToolName {
  return (TOOLS as readonly string[]).includes(word);
}
