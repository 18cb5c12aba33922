/** What field selectors may ask of resource slices (upstream: registry/resource/resourceslice). */
import type { ResourceSlice } from './types.ts';

export const resourceSliceFields: Readonly<Record<string, (o: ResourceSlice) => string>> = {
  'spec.nodeName': (o) => o.spec.nodeName ?? '',
  'spec.driver': (o) => o.spec.driver,
};
