/** The face of flow control. */
export { flowDumpRoutes } from './dump.ts';
export { FlowControl, type FlowRequest } from './flow-control.ts';
export { statusWriter } from './status-writer.ts';
