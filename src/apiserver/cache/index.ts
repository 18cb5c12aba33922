/** The face of the watch cache. */
export type { Cache, CacheEvent, CacheWatch, Entry } from './cache.ts';
export { frame, frameOf, shownAs } from './frame.ts';
export { createCache } from './watch-cache.ts';
export type { CacheOptions } from './watch-cache.ts';
