import { executor } from '../run-task.ts';
import { checkConfigTask } from './task.ts';

export default executor(checkConfigTask);
