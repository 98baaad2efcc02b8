export { createDependencies } from './graph/create-dependencies.ts';
export { createNodes } from './graph/create-nodes.ts';
export const name = '@prow-deploy/nx-plugin';
