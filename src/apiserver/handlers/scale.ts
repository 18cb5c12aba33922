/** The scale subresource of the kinds that declare one: an autoscaling/v1 Scale read from the object and written to it. */
import type { Scale as ScaleObject } from '../../api/autoscaling/v1/types.ts';
import { Scale } from '../../api/autoscaling/v1/types.ts';
import type { KubeObject, ScaleMapping } from '../../api/resource-row.ts';
import { badRequest, conflict, invalid, notFound } from '../../machinery/status-error.ts';
import { decodeBody, decodeObject, reportStrict, unknownField } from '../codec.ts';
import { readCurrent } from '../engine.ts';
import { recordUpdate } from '../managed-fields.ts';
import { updateObject } from '../registry/update.ts';
import { withMetadata } from '../registry/write-request.ts';
import { mutationOptions } from '../request-options.ts';
import { patched, readPatch } from './patch.ts';
import { type Handler, respondObject, type Scope, writeRequest } from './scope.ts';
import { checkName } from './update.ts';

const scaleKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' };

const mappingOf = (s: Scope): ScaleMapping => {
  const m = s.subresource?.scale;
  if (!m) throw notFound(s.served.resource, s.ctx.info.name);
  return m;
};

export const getScale: Handler = async (s) => {
  const { served, engine, ctx } = s;
  const entry = await readCurrent(engine, served, ctx.info.namespace, ctx.info.name);
  if (!entry) throw notFound(served.resource, ctx.info.name);
  return respondObject(s, 200, mappingOf(s).get(entry.object) as KubeObject, false, Scale);
};

/** `scaleFrom` gets the current Scale and answers the wanted one. */
async function writeScale(
  s: Scope,
  o: ReturnType<typeof mutationOptions>,
  scaleFrom: (current: KubeObject) => KubeObject,
): Promise<KubeObject> {
  const { served, ctx } = s;
  const mapping = mappingOf(s);
  // The parent is what is written: its own strategy applies, under the name of the subresource.
  const w = { ...writeRequest(s, o), subresource: undefined };
  const changed = await updateObject(w, {
    allowCreate: false,
    next: (current) => {
      const parent = current!.object;
      const scale = scaleFrom(mapping.get(parent) as KubeObject) as ScaleObject & KubeObject;
      checkName(scale, ctx.info.name, ctx.info.namespace);
      const errors = mapping.validate(scale);
      if (errors.length) throw invalid(scaleKind, ctx.info.name, errors);
      const uid = scale.metadata.uid;
      if (uid && uid !== parent.metadata.uid)
        throw conflict(
          { group: served.row.group, resource: `${served.row.plural}/scale` },
          ctx.info.name,
          `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${parent.metadata.uid}`,
        );
      const next = withMetadata(mapping.set(parent, scale), { resourceVersion: scale.metadata.resourceVersion });
      return recordUpdate({ ...w, subresource: s.subresource }, parent, next);
    },
  });
  return mapping.get(changed.entry.object) as KubeObject;
}

export const updateScale: Handler = async (s) => {
  const { ctx, engine } = s;
  const body = await ctx.request.body(engine.limits.requestBytes);
  const o = mutationOptions(ctx.query, 'UpdateOptions');
  const scale = decodeBody(s, body, o.fieldValidation, Scale, scaleKind);
  return respondObject(s, 200, await writeScale(s, o, () => scale), false, Scale);
};

export const patchScale: Handler = async (s) => {
  const p = await readPatch(s);
  const { type } = p;
  const result = await writeScale(s, p.options, (current) => {
    // An applied Scale is its replicas, whoever owned them: the parent's managedFields name the owner.
    const json =
      type === 'apply' ? (p.value as Readonly<Record<string, unknown>>) : patched(type, Scale, current, p.value);
    const decoded = decodeObject(Scale, json, 'autoscaling/v1', 'Scale');
    reportStrict(s.ctx, p.options.fieldValidation, decoded.unknownFields.map(unknownField), (t) => badRequest(t));
    return withMetadata(decoded.object, { name: decoded.object.metadata.name ?? s.ctx.info.name });
  });
  return respondObject(s, 200, result, false, Scale);
};
