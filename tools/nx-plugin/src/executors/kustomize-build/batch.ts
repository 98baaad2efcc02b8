import { batch } from '../run-task.ts';
import { kustomizeBuildTask } from './task.ts';

export default batch(kustomizeBuildTask);
