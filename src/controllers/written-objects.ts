/**
 * A cache that knows the controller's own writes before the informer shows them, so that a reconcile right after a write does not
 * act on old state (upstream idea: client-go tools/cache MutationCache).
 */
import type { KubeObject } from '../api/resource-row.ts';
import type { Clock } from '../base/clock.ts';
import type { Informer } from '../client/cache.ts';
import { objectKey } from '../machinery/index.ts';

/** A write that the informer never shows (deleted before it was seen) is forgotten after this long. */
const keepMs = 60_000;

export interface WrittenObjects<T extends KubeObject> {
  /** After a create or an update: what the server answered. */
  wrote(obj: T): void;
  /** After a delete. */
  deleted(obj: T): void;
  /** The newest known state of the given objects of the informer, with own creations for which `belongs` holds. */
  overlay(fromInformer: readonly T[], belongs: (obj: T) => boolean): readonly T[];
}

/** Whether resource version `a` is older than `b`; both are decimal numbers. */
export const isOlder = (a: string | undefined, b: string | undefined): boolean =>
  (a ?? '').length === (b ?? '').length ? (a ?? '') < (b ?? '') : (a ?? '').length < (b ?? '').length;

export function createWrittenObjects<T extends KubeObject>(informer: Informer<T>, clock: Clock): WrittenObjects<T> {
  const own = new Map<string, { readonly obj: T; readonly gone: boolean; readonly at: number }>();
  const seen = (obj: T) => {
    const mine = own.get(objectKey(obj));
    if (!mine) return;
    const other = mine.obj.metadata.uid !== obj.metadata.uid;
    if (other ? mine.gone : !mine.gone && !isOlder(obj.metadata.resourceVersion, mine.obj.metadata.resourceVersion))
      own.delete(objectKey(obj));
  };
  informer.addHandler({
    onAdd: seen,
    onUpdate: (_, obj) => seen(obj),
    onDelete(obj) {
      if (own.get(objectKey(obj))?.obj.metadata.uid === obj.metadata.uid) own.delete(objectKey(obj));
    },
  });
  const put = (obj: T, gone: boolean) => {
    const cached = informer.get(objectKey(obj));
    if (
      !gone &&
      cached?.metadata.uid === obj.metadata.uid &&
      !isOlder(cached?.metadata.resourceVersion, obj.metadata.resourceVersion)
    )
      return;
    if (gone && cached?.metadata.uid !== obj.metadata.uid) {
      own.delete(objectKey(obj));
      return;
    }
    own.set(objectKey(obj), { obj, gone, at: clock.monotonic() });
  };
  return {
    wrote: (obj) => put(obj, false),
    deleted: (obj) => put(obj, true),
    overlay(fromInformer, belongs) {
      if (own.size === 0) return fromInformer;
      const out = new Map(fromInformer.map((obj) => [objectKey(obj), obj]));
      for (const [key, mine] of own) {
        if (clock.monotonic() - mine.at > keepMs) own.delete(key);
        else if (mine.gone) {
          if (out.get(key)?.metadata.uid === mine.obj.metadata.uid) out.delete(key);
        } else if (belongs(mine.obj)) out.set(key, mine.obj);
        else out.delete(key);
      }
      return [...out.values()];
    },
  };
}
