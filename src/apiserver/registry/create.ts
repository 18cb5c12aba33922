/** Creates an object: metadata, defaults, strategy, admission, validation, one put (upstream: registry/rest/create.go, store.go Create). */
import { rfc3339 } from '../../base/clock.ts';
import { generateName } from '../../machinery/generate-name.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import { isAlreadyExists, StatusError } from '../../machinery/status-error.ts';
import type { Entry } from '../cache/cache.ts';
import { recordUpdate } from '../managed-fields.ts';
import { warn } from '../request.ts';
import { insert } from './storage.ts';
import {
  admit,
  admitValidating,
  inRequestNamespace,
  reserve,
  strategyContext,
  validateForCreate,
  withMetadata,
  withoutDuplicateOwners,
  withReservations,
  type WriteRequest,
} from './write-request.ts';

const attempts = 8;

/** Clears what no client may set (upstream: WipeObjectMetaSystemFields). */
export const withoutSystemFields = (obj: KubeObject): KubeObject => {
  const {
    creationTimestamp: _1,
    uid: _2,
    deletionTimestamp: _3,
    deletionGracePeriodSeconds: _4,
    selfLink: _5,
    ...metadata
  } = obj.metadata;
  return { ...obj, metadata: metadata as KubeObject['metadata'] };
};

/** The part whose changes count as generations; undefined = the kind has none. */
export function generationPart(row: WriteRequest['served']['row'], obj: KubeObject): unknown {
  return row.strategy.generationOf ? row.strategy.generationOf(obj) : (obj as { spec?: unknown }).spec;
}

/**
 * uid, creationTimestamp, strategy and generation of an object that is about to exist; then validation.
 * Used by create and by the updates that create.
 */
export function beforeCreate(w: WriteRequest, obj: KubeObject): KubeObject {
  const { row } = w.served;
  let o = withMetadata(inRequestNamespace(obj, row, w.namespace), {
    uid: w.engine.random.uuid(),
    creationTimestamp: rfc3339(w.engine.clock.now()),
    resourceVersion: undefined,
  });
  if (!o.metadata.name && o.metadata.generateName)
    o = withMetadata(o, { name: generateName(o.metadata.generateName, w.engine.random.float) });
  o = reserve(w, o, undefined);
  o = row.strategy.prepareForCreate?.(o, strategyContext(w)) ?? o;
  if (generationPart(row, o) !== undefined) o = withMetadata(o, { generation: 1 });
  validateForCreate(w, o);
  for (const text of row.strategy.warnings?.(o, undefined) ?? []) warn(w, text);
  return o;
}

/** `obj` is decoded and has its defaults. @throws StatusError */
export const createObject = (w: WriteRequest, obj: KubeObject): Promise<Entry> =>
  withReservations(w, (held) => create(held, obj));

async function create(w: WriteRequest, obj: KubeObject): Promise<Entry> {
  const { engine } = w;
  let o = inRequestNamespace(withoutSystemFields(obj), w.served.row, w.namespace);
  if (o.metadata.resourceVersion)
    throw new StatusError(500, '', 'resourceVersion should not be set on objects to be created');
  o = withoutDuplicateOwners(w, o, false);
  o = recordUpdate(w, undefined, o);
  o = (await admit(w, 'CREATE', o, undefined)) ?? o;
  o = withoutDuplicateOwners(w, o, true);
  const generated = !o.metadata.name && !!o.metadata.generateName;
  for (let attempt = 1; ; attempt++) {
    const ready = beforeCreate(w, o);
    await admitValidating(w, 'CREATE', ready, undefined);
    try {
      return await insert(engine, w.served, ready, w.dryRun);
    } catch (e) {
      if (!generated || !isAlreadyExists(e)) throw e;
      if (attempt < attempts) continue;
      throw new StatusError(
        409,
        'AlreadyExists',
        `${(e as Error).message}, the server was not able to generate a unique name for the object`,
        { ...(e as StatusError).status.details, retryAfterSeconds: 1 },
      );
    }
  }
}
