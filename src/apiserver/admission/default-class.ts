/** Which class is the default one: annotated so; of several the newest, then the first by name. */
import type { KubeObject } from '../../api/resource-row.ts';

export function newestMarked<T extends KubeObject>(classes: readonly T[], isDefault: (c: T) => boolean): T | undefined {
  const time = (c: T) => Date.parse(c.metadata.creationTimestamp ?? '') || 0;
  return classes
    .filter(isDefault)
    .sort((a, b) => time(b) - time(a) || ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1))[0];
}
