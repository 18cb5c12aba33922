/** The face of the controllers: starts those of the table. */
import type { Running } from '../base/running.ts';
import type { ControllerOptions } from './controller.ts';
import { runControllers } from './runner.ts';
import { controllers } from './table.ts';

export type { Controller, ControllerContext, ControllerOptions, ControllerRow } from './controller.ts';
export { runControllers } from './runner.ts';
export { controllers } from './table.ts';

/**
 * Asks `informers` for what the controllers read and starts their workers, which wait until it is there: call
 * `informers.start(signal)` after. `stopped` resolves when the workers have ended.
 */
export const startControllers = (options: ControllerOptions, signal: AbortSignal): Running =>
  runControllers(controllers, options, signal);
