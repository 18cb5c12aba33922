/** What strategic merge asks of the schema: the type behind a member, its patch strategy and merge key (upstream: strategicpatch/meta.go). */
import { type AnyStruct, type Field, type FieldType, isScalar, structOf } from '../dsl.ts';
import { PatchError } from './patch-error.ts';

/** Where a walk stands: in a struct, in a map with string keys, or in a scalar that has no members. */
export type PatchType =
  | { readonly kind: 'struct'; readonly struct: AnyStruct }
  | { readonly kind: 'map'; readonly element: PatchType }
  | { readonly kind: 'scalar'; readonly name: string };

export interface PatchMeta {
  /** The member's own type; for a list the type of its elements. */
  readonly type: PatchType;
  readonly strategy: '' | 'merge' | 'replace';
  readonly retainKeys: boolean;
  readonly mergeKey: string;
}

const metas = new WeakMap<AnyStruct, Map<string, PatchMeta>>();
const structTypes = new WeakMap<AnyStruct, PatchType>();

export function patchTypeOf(struct: AnyStruct): PatchType {
  let t = structTypes.get(struct);
  if (!t) {
    t = { kind: 'struct', struct };
    structTypes.set(struct, t);
  }
  return t;
}

const elementType = (t: FieldType): PatchType => {
  const s = structOf(t);
  return s ? patchTypeOf(s) : { kind: 'scalar', name: isScalar(t) ? t.scalar : 'string' };
};

function metaOf(f: Field): PatchMeta {
  const parts = f.markers.patchStrategy?.split(',') ?? [];
  const element = elementType(f.type);
  return {
    type: f.shape === 'map' ? { kind: 'map', element } : element,
    strategy: parts.includes('merge') ? 'merge' : parts.includes('replace') ? 'replace' : '',
    retainKeys: parts.includes('retainKeys'),
    mergeKey: f.markers.patchMergeKey ?? '',
  };
}

function metasOf(s: AnyStruct): Map<string, PatchMeta> {
  let found = metas.get(s);
  if (found) return found;
  found = new Map();
  if (!s.markers.jsonForm) {
    for (const [name, f] of Object.entries(s.fields as Readonly<Record<string, Field>>)) {
      const inner = f.markers.inline ? structOf(f.type) : undefined;
      if (inner) for (const [k, m] of metasOf(inner)) found.set(k, m);
      else if (!f.markers.noJson) found.set(name, metaOf(f));
    }
  }
  metas.set(s, found);
  return found;
}

/** Looks a member up; throws `PatchError` (internal) with upstream's wording for what the type does not have. */
export function lookupPatchMeta(t: PatchType, key: string): PatchMeta {
  if (t.kind === 'map') return { type: t.element, strategy: '', retainKeys: false, mergeKey: '' };
  if (t.kind === 'scalar') {
    throw new PatchError('internal', `merging an object in json but data type is not struct, instead is: ${t.name}`);
  }
  const m = metasOf(t.struct).get(key);
  if (m) return m;
  const short = t.struct.name.slice(t.struct.name.lastIndexOf('.') + 1);
  throw new PatchError(
    'internal',
    `unable to find api field in struct ${short} for the json field ${JSON.stringify(key)}`,
  );
}
