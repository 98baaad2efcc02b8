// What is asked before each task: a narrow door, because each module that is loaded there costs every Nx command.
export { checkRecord, type CheckRecordOptions, type RecordCheck } from './check-record.ts';
export { checkEnvironment } from './environment/check-environment.ts';
