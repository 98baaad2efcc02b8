import { clusterUp } from '@prow-deploy/cluster';
import { startCluster } from '../start-cluster.ts';

export default startCluster(clusterUp);
