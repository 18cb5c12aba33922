/** PATCH in its four forms (upstream: endpoints/handlers/patch.go). */
import type { KubeObject } from '../../api/resource-row.ts';
import { badRequest, conflict, notFound, requestEntityTooLarge, StatusError } from '../../machinery/status-error.ts';
import {
  jsonMergePatch,
  jsonPatch,
  PatchError,
  strategicMergePatch,
  unprocessableMessage,
} from '../../schema/merge/index.ts';
import { goPrint } from '../../schema/merge/strategic-list.ts';
import type { Entry } from '../cache/cache.ts';
import {
  decodeObject,
  parseJson,
  strictComplaintsOf,
  unknownField,
  parseYaml,
  reportStrict,
  withDefaults,
} from '../codec.ts';
import { applyManaged, recordUpdate } from '../managed-fields.ts';
import { updateObject } from '../registry/update.ts';
import { inRequestNamespace, type WriteRequest } from '../registry/write-request.ts';
import { header } from '../request.ts';
import { type MutationOptions, mutationOptions } from '../request-options.ts';
import { type Handler, respondEntry, type Scope, writeRequest } from './scope.ts';
import { checkName } from './update.ts';

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

const patchTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

/** @throws 415 */
export function patchTypeOf(contentType: string): PatchType {
  const semi = contentType.indexOf(';');
  const type = patchTypes[semi < 0 ? contentType : contentType.slice(0, semi)];
  if (type) return type;
  // Upstream's router filters the type and says no more than this.
  throw new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
}

/** A patch that fails, as the API answers it. */
function refused(e: unknown): unknown {
  if (!(e instanceof PatchError)) return e;
  switch (e.kind) {
    case 'badRequest':
      return badRequest(e.message);
    case 'tooLarge':
      return requestEntityTooLarge(`Request entity too large: ${e.message}`);
    case 'unprocessable':
      return new StatusError(422, 'Invalid', unprocessableMessage, {});
    case 'internal':
      return new StatusError(500, '', e.message);
    default:
      return e.kind satisfies never;
  }
}

/** The JSON a patch makes of `current`. */
export function patched(
  type: Exclude<PatchType, 'apply'>,
  schema: Parameters<typeof strategicMergePatch>[0],
  current: KubeObject,
  patch: unknown,
): Readonly<Record<string, unknown>> {
  const original = current as unknown as Readonly<Record<string, unknown>>;
  try {
    if (type === 'json') return jsonPatch(original, patch);
    if (type === 'merge') return jsonMergePatch(original, patch);
    return strategicMergePatch(schema, original, patch);
  } catch (e) {
    throw refused(e);
  }
}

export interface PatchBody {
  readonly type: PatchType;
  readonly value: unknown;
  readonly options: MutationOptions;
  /** Complaints of strict decoding about the patch itself. */
  readonly strict: readonly string[];
}

/** Reads type, body and options of a PATCH. @throws 400, 413, 415, 422 */
export async function readPatch(s: Scope): Promise<PatchBody> {
  const { ctx, engine } = s;
  const type = patchTypeOf(header(ctx.request.headers, 'content-type'));
  const body = await ctx.request.body(engine.limits.requestBytes);
  const options = mutationOptions(ctx.query, 'PatchOptions', type === 'apply');
  const value =
    type === 'apply'
      ? parseYaml(body, (e) => badRequest(`error decoding YAML: error converting YAML to JSON: ${e}`))
      : parseJson(body, (e) => badRequest(type === 'strategic' ? e : `error decoding patch: ${e}`));
  const strict = options.fieldValidation === 'Ignore' ? [] : strictComplaintsOf(ctx, body, []);
  return { type, value, options, strict: type === 'json' ? strict.map((t) => `json patch ${t}`) : strict };
}

/** The object a patch makes of the current one, decoded, with defaults and managedFields. */
async function next(s: Scope, w: WriteRequest, p: PatchBody, current: Entry | undefined): Promise<KubeObject> {
  const { served, ctx } = s;
  const { row } = served;
  let obj: KubeObject;
  if (p.type === 'apply') {
    const applied = applyManaged(w, current?.object, p.value, p.options.force);
    const decoded = decodeObject(row.schema, applied, served.apiVersion, row.kind);
    obj = withDefaults(served, decoded.object);
    reportStrict(ctx, p.options.fieldValidation, [...p.strict, ...decoded.unknownFields.map(unknownField)], (t) =>
      badRequest(`error strict decoding YAML: ${t}`),
    );
  } else {
    // Even where an update may create: there is nothing that the patch could change.
    if (!current) throw notFound(served.resource, w.name);
    const json = patched(p.type, row.schema, current.object, p.value);
    const decoded = decodeObject(row.schema, json, served.apiVersion, row.kind, (why) => invalidPatch(p, json, why));
    reportStrict(ctx, p.options.fieldValidation, [...p.strict, ...decoded.unknownFields.map(unknownField)], (t) =>
      invalidPatch(p, json, t),
    );
    obj = recordUpdate(w, current.object, withDefaults(served, decoded.object));
  }
  const placed = inRequestNamespace(obj, row, w.namespace);
  checkName(placed, w.name, w.namespace);
  const { uid } = placed.metadata;
  if (uid && !current)
    throw conflict(
      served.resource,
      w.name,
      `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
    );
  return placed;
}

const invalidPatch = (p: PatchBody, json: unknown, why: string): StatusError => {
  const value = p.type === 'strategic' ? goPrint(p.value) : JSON.stringify(json);
  const message = `Invalid value: ${JSON.stringify(value)}: ${why}`;
  return new StatusError(422, 'Invalid', ` "" is invalid: patch: ${message}`, {
    causes: [{ reason: 'FieldValueInvalid', message, field: 'patch' }],
  });
};

export const patch: Handler = async (s) => {
  const p = await readPatch(s);
  const w = writeRequest(s, p.options);
  let warned = false;
  const changed = await updateObject(w, {
    next: (current) => {
      // Warnings of a patch are said once, however often it is tried.
      const first = !warned;
      warned = true;
      return next(first ? s : { ...s, ctx: { ...s.ctx, warnings: [] } }, w, p, current);
    },
    allowCreate: p.type === 'apply' && !s.subresource,
  });
  return respondEntry(s, changed.kind === 'created' ? 201 : 200, changed.entry);
};
