import { executor } from '../run-task.ts';
import { kustomizeBuildTask } from './task.ts';

export default executor(kustomizeBuildTask);
