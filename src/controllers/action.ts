/** What decisions are made of: writes as data, and the one function that performs them in order. */
import type { AnyRow, KubeObject } from '../api/resource-row.ts';
import type { EventRecorder } from '../client/cache.ts';
import type { Client, DeleteOptions, Key, PatchType } from '../client/client.ts';
import { isNotFound } from '../machinery/status-error.ts';
import { objectKey } from '../machinery/object-key.ts';

export type Action =
  | { readonly do: 'create'; readonly row: AnyRow; readonly object: object }
  /** A PUT of the whole object; its resourceVersion guards against writing over what was not seen. */
  | { readonly do: 'update'; readonly row: AnyRow; readonly object: KubeObject; readonly subresource?: string }
  | {
      readonly do: 'patch';
      readonly row: AnyRow;
      readonly key: Key;
      readonly type: PatchType;
      readonly patch: unknown;
      readonly subresource?: string;
    }
  | { readonly do: 'delete'; readonly row: AnyRow; readonly key: Key; readonly options?: DeleteOptions }
  | {
      readonly do: 'event';
      readonly about: KubeObject;
      readonly type: 'Normal' | 'Warning';
      readonly reason: string;
      readonly message: string;
    };

/**
 * Performs the actions one after the other and stops at the first that fails (StatusError, TransportError). A second update of one
 * object goes on from the revision the first one made. What is to be deleted and is gone is no failure.
 */
export async function perform(client: Client, recorder: EventRecorder, actions: readonly Action[]): Promise<void> {
  const revisions = new Map<string, string>();
  for (const a of actions) {
    switch (a.do) {
      case 'create':
        await client.create(a.row, a.object);
        break;
      case 'update': {
        const id = `${a.row.group}/${a.row.plural}/${objectKey(a.object)}`;
        const resourceVersion = revisions.get(id);
        const object = resourceVersion
          ? { ...a.object, metadata: { ...a.object.metadata, resourceVersion } }
          : a.object;
        const written: KubeObject = await client.update(
          a.row,
          object,
          a.subresource ? { subresource: a.subresource } : {},
        );
        if (written.metadata.resourceVersion) revisions.set(id, written.metadata.resourceVersion);
        break;
      }
      case 'patch':
        await client.patch(a.row, a.key, a.type, a.patch, a.subresource ? { subresource: a.subresource } : {});
        break;
      case 'delete':
        await client.delete(a.row, a.key, a.options).catch((e: unknown) => {
          if (!isNotFound(e)) throw e;
        });
        break;
      case 'event':
        recorder.event(a.about, a.type, a.reason, a.message);
        break;
      default:
        a satisfies never;
    }
  }
}

/** Name and namespace of an object, as the client wants them. */
export const keyOf = (obj: KubeObject): Key => ({
  namespace: obj.metadata.namespace,
  name: obj.metadata.name ?? '',
});
