import { batch } from '../run-task.ts';
import { checkConfigTask } from './task.ts';

export default batch(checkConfigTask);
