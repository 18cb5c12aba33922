/** The face of the admission room. */
export * from './admission-table.ts';
export { tokenVolume } from './service-account.ts';
