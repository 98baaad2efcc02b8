const { load } = require('../nx-plugin/load.cjs');

const files = [
  'render-configs/executor',
  'render-configs/batch',
  'copy-secrets/executor',
  'copy-secrets/hasher',
  'kustomize-build/executor',
  'kustomize-build/batch',
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
  'cluster-up/executor',
  'cluster-reset/executor',
  'cluster-down/executor',
];

// Each is loaded when Nx asks for it by its name in executors.json.
for (const file of files) {
  Object.defineProperty(exports, file, { get: () => load(`executors/${file}`).default });
}
