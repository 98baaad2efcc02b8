export { pick, seeded } from './seeded.ts';
export { useTestCluster } from './test-cluster.ts';
