const { load } = require('../nx-plugin/load.cjs');

const files = [
  'render-configs/executor',
  'render-configs/batch',
  'copy-secrets/executor',
  'copy-secrets/hasher',
  'secrets/executor',
  'find-leaks/executor',
  'kustomize-build/executor',
  'kustomize-build/batch',
  'check-config/executor',
  'check-config/batch',
  'audit/executor',
  'diff/executor',
  'apply/executor',
  'apply/hasher',
  'history/executor',
  'verify/executor',
  'verify/hasher',
  'cleanup/executor',
  'e2e/executor',
  'pin-cluster/executor',
  'debug/executor',
  'cluster-up/executor',
  'cluster-reset/executor',
  'cluster-down/executor',
  'check-copies/executor',
  'check-copies/hasher',
  'sync/executor',
  'prune-copies/executor',
  'rehearse/executor',
  'promote/executor',
  'status/executor',
];

// Each is loaded when Nx asks for it by its name in executors.json.
for (const file of files) {
  Object.defineProperty(exports, file, { get: () => load(`executors/${file}`).default });
}
