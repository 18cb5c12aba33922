/** Which objects a controller owns: the index by controlling owner, and the decision to adopt or release (controller_ref_manager.go). */
import type { KubeObject } from '../api/resource-row.ts';
import type { Informer } from '../client/cache.ts';
import type { Client } from '../client/client.ts';
import type { AnyRow } from '../api/resource-row.ts';
import { apiVersionOf } from '../api/resource-row.ts';
import { getControllerOf, isNotFound, type LabelSelector, newControllerRef, StatusError } from '../machinery/index.ts';

/** Informer index: the uid of the controlling owner, or `orphans of <namespace>`. */
export const controllerIndex = 'controller';
const orphansOf = (namespace: string | undefined): string => `orphans of ${namespace}`;

export function indexByController<T extends KubeObject>(informer: Informer<T>): void {
  informer.addIndex(controllerIndex, (obj) => [getControllerOf(obj)?.uid ?? orphansOf(obj.metadata.namespace)]);
}

/** What the owner controls and what nobody controls in its namespace: the candidates of `claim`. */
export const ownedAndOrphans = <T extends KubeObject>(informer: Informer<T>, owner: KubeObject): readonly T[] => [
  ...informer.byIndex(controllerIndex, owner.metadata.uid ?? ''),
  ...informer.byIndex(controllerIndex, orphansOf(owner.metadata.namespace)),
];

export const orphans = <T extends KubeObject>(informer: Informer<T>, namespace: string | undefined): readonly T[] =>
  informer.byIndex(controllerIndex, orphansOf(namespace));

export interface Claim<T> {
  readonly owned: readonly T[];
  readonly adopt: readonly T[];
  readonly release: readonly T[];
}

/** Splits candidates: already owned, to be adopted, to be released. An owner that is being deleted changes nothing. */
export function decideClaim<T extends KubeObject>(
  owner: KubeObject,
  matches: (obj: T) => boolean,
  candidates: readonly T[],
): Claim<T> {
  const claim = { owned: [] as T[], adopt: [] as T[], release: [] as T[] };
  const leaving = owner.metadata.deletionTimestamp !== undefined;
  for (const obj of candidates) {
    const ref = getControllerOf(obj);
    if (ref) {
      if (ref.uid !== owner.metadata.uid) continue;
      if (matches(obj)) claim.owned.push(obj);
      else if (!leaving) claim.release.push(obj);
    } else if (!leaving && obj.metadata.deletionTimestamp === undefined && matches(obj)) claim.adopt.push(obj);
  }
  return claim;
}

/** Selector over labels, as `matches` of decideClaim. */
export const labelsMatch =
  (selector: LabelSelector) =>
  (obj: KubeObject): boolean =>
    selector.matches(obj.metadata.labels ?? {});

/**
 * Performs a claim and answers all that is owned afterwards. Before it adopts, it reads the owner live: an owner that is gone or
 * leaving must not adopt (kubernetes #42639).
 */
export async function performClaim<T extends KubeObject>(
  client: Client,
  ownerRow: AnyRow,
  owner: KubeObject,
  row: AnyRow,
  claim: Claim<T>,
): Promise<readonly T[]> {
  const key = (obj: T) => ({ namespace: obj.metadata.namespace, name: obj.metadata.name ?? '' });
  const owned = [...claim.owned];
  if (claim.adopt.length > 0) await mayAdopt(client, ownerRow, owner);
  const ref = newControllerRef(owner, { apiVersion: apiVersionOf(ownerRow), kind: ownerRow.kind });
  for (const obj of claim.adopt) {
    const patch = { metadata: { uid: obj.metadata.uid, ownerReferences: [ref] } };
    try {
      owned.push((await client.patch(row, key(obj), 'application/strategic-merge-patch+json', patch)) as unknown as T);
    } catch (e) {
      if (!isNotFound(e)) throw e;
    }
  }
  for (const obj of claim.release) {
    const patch = {
      metadata: { uid: obj.metadata.uid, ownerReferences: [{ $patch: 'delete', uid: owner.metadata.uid }] },
    };
    try {
      await client.patch(row, key(obj), 'application/strategic-merge-patch+json', patch);
    } catch (e) {
      if (!isNotFound(e) && !(e instanceof StatusError && e.reason === 'Invalid')) throw e;
    }
  }
  return owned;
}

async function mayAdopt(client: Client, row: AnyRow, owner: KubeObject): Promise<void> {
  const { namespace, name = '', uid } = owner.metadata;
  const fresh: KubeObject = await client.get(row, { namespace, name });
  if (fresh.metadata.uid !== uid)
    throw new Error(`original ${row.kind} ${namespace}/${name} is gone: got uid ${fresh.metadata.uid}, wanted ${uid}`);
  if (fresh.metadata.deletionTimestamp)
    throw new Error(`${namespace}/${name} has just been deleted at ${fresh.metadata.deletionTimestamp}`);
}
