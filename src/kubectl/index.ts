/** The face of the kubectl room: one function that runs a command line. */
export type { Io } from './io.ts';
export { runKubectl } from './run.ts';
