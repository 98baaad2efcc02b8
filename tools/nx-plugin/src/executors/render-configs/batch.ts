import { batch } from '../run-task.ts';
import { renderConfigsTask } from './task.ts';

export default batch(renderConfigsTask);
