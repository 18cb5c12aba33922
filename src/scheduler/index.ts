/** The face of the scheduler room. */
export { type SchedulerOptions, startScheduler } from './scheduler.ts';
