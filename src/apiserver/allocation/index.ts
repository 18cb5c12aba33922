/** The face of the allocation room. */
export * from './ip-range.ts';
export * from './service-allocation.ts';
