import { executor } from '../run-task.ts';
import { renderConfigsTask } from './task.ts';

export default executor(renderConfigsTask);
