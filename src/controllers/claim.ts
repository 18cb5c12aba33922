/**
 * Who controls what: objects of a selector that nobody controls are adopted, controlled ones that no longer match are released
 * (upstream: controller_ref_manager.go).
 */
import type { AnyRow, KubeObject } from '../api/resource-row.ts';
import type { Client } from '../client/client.ts';
import type { LabelSelector } from '../machinery/label-selector.ts';
import { getControllerOf, newControllerRef } from '../machinery/owner-references.ts';
import { isNotFound, StatusError } from '../machinery/status-error.ts';
import { keyOf } from './action.ts';

export type Claim = 'keep' | 'adopt' | 'release' | 'ignore';

/** What the controller `owner` does about `obj`. Pure. */
export function claimOf(owner: KubeObject, selector: LabelSelector, obj: KubeObject): Claim {
  const ref = getControllerOf(obj);
  const matches = selector.matches(obj.metadata.labels);
  if (ref) {
    if (ref.uid !== owner.metadata.uid) return 'ignore';
    if (matches) return 'keep';
    return owner.metadata.deletionTimestamp ? 'ignore' : 'release';
  }
  if (owner.metadata.deletionTimestamp || !matches || obj.metadata.deletionTimestamp) return 'ignore';
  return obj.metadata.namespace === owner.metadata.namespace ? 'adopt' : 'ignore';
}

export interface ClaimOptions<T extends KubeObject> {
  readonly client: Client;
  readonly ownerRow: AnyRow;
  readonly owner: KubeObject;
  readonly selector: LabelSelector;
  readonly row: AnyRow;
  readonly candidates: readonly T[];
}

/** Adopts and releases, and answers those that are the owner's afterwards. */
export async function claimObjects<T extends KubeObject>(o: ClaimOptions<T>): Promise<readonly T[]> {
  const mine: T[] = [];
  let checked = false;
  for (const obj of o.candidates) {
    switch (claimOf(o.owner, o.selector, obj)) {
      case 'keep':
        mine.push(obj);
        break;
      case 'adopt': {
        // The cache may not know yet that the owner is going or is another one by now.
        if (!checked) await checkAlive(o.client, o.ownerRow, o.owner);
        checked = true;
        const gvk = { apiVersion: o.owner.apiVersion, kind: o.ownerRow.kind };
        const adopted = await patchRefs(o.client, o.row, obj, [newControllerRef(o.owner, gvk)]);
        if (adopted) mine.push(obj);
        break;
      }
      case 'release':
        await patchRefs(o.client, o.row, obj, [{ $patch: 'delete', uid: o.owner.metadata.uid }]);
        break;
      case 'ignore':
        break;
    }
  }
  return mine;
}

async function checkAlive(client: Client, row: AnyRow, owner: KubeObject): Promise<void> {
  const live: KubeObject = await client.get(row, keyOf(owner));
  if (live.metadata.uid !== owner.metadata.uid)
    throw new Error(
      `original ${row.kind} ${owner.metadata.namespace}/${owner.metadata.name} is gone: got uid ${live.metadata.uid}, wanted ${owner.metadata.uid}`,
    );
  if (live.metadata.deletionTimestamp)
    throw new Error(
      `${live.metadata.namespace}/${live.metadata.name} has just been deleted at ${live.metadata.deletionTimestamp}`,
    );
}

/** False when the object is gone or is another one of the same name. */
async function patchRefs(client: Client, row: AnyRow, obj: KubeObject, refs: readonly unknown[]): Promise<boolean> {
  try {
    await client.patch(row, keyOf(obj), 'application/strategic-merge-patch+json', {
      metadata: { ownerReferences: refs, uid: obj.metadata.uid },
    });
    return true;
  } catch (e) {
    if (isNotFound(e) || (e instanceof StatusError && e.reason === 'Invalid')) return false;
    throw e;
  }
}
