/** The bridge from client-side apply: kubectl's last-applied annotation lets its server-side apply take over, and is kept up to date. */
import type { AnyStruct } from '../dsl.ts';
import { isObject, type JsonObject } from '../merge/patch-error.ts';
import { compare, fieldSetOfConfig } from './compare.ts';
import { difference, type FieldSet } from './field-set.ts';
import { mergeTypeOf } from './merge-type.ts';
import { goJson } from './path-element.ts';

export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';
/** The manager these rules are for. */
export const kubectlManager = 'kubectl';
const maxAnnotationsBytes = 256 * 1024;

function annotationsOf(obj: JsonObject): JsonObject {
  const meta = obj['metadata'];
  const a = isObject(meta) ? meta['annotations'] : undefined;
  return isObject(a) ? a : {};
}

/** The fields that the annotation says kubectl applied and that still have that value; undefined when it says nothing usable. */
export function fieldsOfLastApplied(
  struct: AnyStruct | undefined,
  live: JsonObject,
  apiVersion: string,
): FieldSet | undefined {
  const text = annotationsOf(live)[lastAppliedAnnotation];
  if (typeof text !== 'string' || text === '') return undefined;
  let last: unknown;
  try {
    last = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(last) || last['apiVersion'] !== apiVersion) return undefined;
  const t = mergeTypeOf(struct);
  try {
    const c = compare(t, last, live);
    return difference(difference(fieldSetOfConfig(t, last), c.changed), c.removed);
  } catch {
    return undefined;
  }
}

/** The object with the annotation set to the configuration just applied, if it has the annotation; without it when it grows too large. */
export function withLastApplied(obj: JsonObject, config: JsonObject): JsonObject {
  const annotations = annotationsOf(obj);
  const was = annotations[lastAppliedAnnotation];
  if (typeof was !== 'string' || was === '') return obj;
  const next: Record<string, unknown> = { ...annotations, [lastAppliedAnnotation]: configText(config) };
  let size = 0;
  for (const [k, v] of Object.entries(next)) size += Buffer.byteLength(k) + Buffer.byteLength(String(v));
  if (size > maxAnnotationsBytes) delete next[lastAppliedAnnotation];
  return { ...obj, metadata: { ...(obj['metadata'] as JsonObject), annotations: next } };
}

/** The configuration as Go's encoder writes it: keys sorted, one line, without the annotation itself. */
function configText(config: JsonObject): string {
  const meta = config['metadata'];
  let plain = config;
  if (isObject(meta) && isObject(meta['annotations'])) {
    const { [lastAppliedAnnotation]: _, ...annotations } = meta['annotations'];
    const { annotations: __, ...rest } = meta;
    plain = { ...config, metadata: Object.keys(annotations).length > 0 ? { ...rest, annotations } : rest };
  }
  return `${goJson(sortKeys(plain))}\n`;
}

function sortKeys(v: unknown): unknown {
  if (Array.isArray(v)) return v.map(sortKeys);
  if (!isObject(v)) return v;
  return Object.fromEntries(
    Object.keys(v)
      .sort()
      .map((k) => [k, sortKeys(v[k])]),
  );
}
