/** An entry of the watch cache: the stored bytes, and lazily what selectors and handlers want of them. */
import type { AnyRow, KubeObject } from '../../api/resource-row.ts';
import type { Entry } from './cache.ts';
import {
  canonical,
  canonicalHead,
  encodeCanonical,
  memberRange,
  resourceVersionText,
  splicePoint,
} from './encoding.ts';
import { deepFreeze } from './freeze.ts';

type Labels = Readonly<Record<string, string>>;
type FieldOf = (obj: KubeObject) => string;

/** So many parsed objects are kept per generation (two generations) and row; the rest are parsed again when asked for. */
const objectsKept = 256;
/** Label sets shared by the entries that have them. */
const labelSetsKept = 8192;
const noLabels: Labels = Object.freeze({});

/** What all entries of one row share. */
export class EntryShape {
  readonly row: AnyRow;
  /** `/registry/pods/`; after it stands `namespace/name` or `name`. */
  readonly keyPrefix: string;
  readonly head: Buffer;
  readonly fieldNames: readonly string[];
  readonly fieldsOf: readonly FieldOf[];
  readonly freeze: boolean;
  #labelSets = new Map<string, Labels>();
  #young: StoredEntry[] = [];
  #old: StoredEntry[] = [];

  constructor(row: AnyRow, keyPrefix: string, freeze: boolean) {
    this.row = row;
    this.keyPrefix = keyPrefix;
    this.head = canonicalHead(row);
    this.fieldNames = Object.keys(row.selectableFields ?? {});
    this.fieldsOf = Object.values((row.selectableFields ?? {}) as Record<string, FieldOf>);
    this.freeze = freeze;
  }

  /** One object for equal label sets, from their JSON. */
  labelSet(json: string): Labels {
    const known = this.#labelSets.get(json);
    if (known) return known;
    const labels: Labels = Object.freeze((JSON.parse(json) as Labels | null) ?? {});
    if (this.#labelSets.size >= labelSetsKept) this.#labelSets.clear();
    this.#labelSets.set(json, labels);
    return labels;
  }

  /** Notes that an entry holds a parsed object; lets go of the ones noted long ago. */
  keepObject(entry: StoredEntry): void {
    this.#young.push(entry);
    if (this.#young.length < objectsKept) return;
    for (const e of this.#old) e.dropObject();
    this.#old = this.#young;
    this.#young = [];
  }
}

export interface EntryInit {
  readonly key: string;
  readonly namespace: string;
  readonly revision: number;
  readonly createRevision: number;
  readonly stored: Buffer;
  /** The object that `stored` was encoded from, if it is at hand. */
  readonly source?: KubeObject | undefined;
}

export class StoredEntry implements Entry {
  readonly key: string;
  readonly namespace: string;
  readonly revision: number;
  readonly createRevision: number;
  /** The store's own buffer, unless that was not canonical. */
  readonly stored: Buffer;
  readonly #shape: EntryShape;
  readonly #at: number;
  /** Without the right resourceVersion. */
  #source: KubeObject | undefined;
  #object: KubeObject | undefined;
  #labels: Labels | undefined;
  #fields: readonly string[] | undefined;

  constructor(shape: EntryShape, init: EntryInit) {
    this.#shape = shape;
    this.key = init.key;
    this.namespace = init.namespace;
    this.revision = init.revision;
    this.createRevision = init.createRevision;
    let stored = init.stored;
    let at = splicePoint(stored, shape.head);
    if (at < 0) {
      // Somebody else wrote it in another order.
      stored = encodeCanonical(canonical(shape.row, JSON.parse(stored.toString('utf8')) as KubeObject));
      at = splicePoint(stored, shape.head);
    }
    this.stored = stored;
    this.#at = at;
    this.#source = init.source;
    if (init.source) {
      if (shape.fieldsOf.length > 0) this.#fields = shape.fieldsOf.map((f) => f(init.source!));
      shape.keepObject(this);
    }
  }

  get name(): string {
    const start = this.#shape.keyPrefix.length;
    return this.key.slice(this.namespace ? start + this.namespace.length + 1 : start);
  }

  get byteLength(): number {
    return this.stored.length + resourceVersionText(this.stored, this.#at, this.revision).length;
  }

  /** Made anew on each use: whoever sends many entries uses copyTo. */
  get bytes(): Buffer {
    const text = resourceVersionText(this.stored, this.#at, this.revision);
    const out = Buffer.allocUnsafe(this.stored.length + text.length);
    this.#write(out, 0, text);
    return out;
  }

  copyTo(target: Buffer, at: number): number {
    return this.#write(target, at, resourceVersionText(this.stored, this.#at, this.revision));
  }

  #write(target: Buffer, at: number, text: string): number {
    this.stored.copy(target, at, 0, this.#at);
    target.write(text, at + this.#at, 'latin1');
    this.stored.copy(target, at + this.#at + text.length, this.#at);
    return this.stored.length + text.length;
  }

  get labels(): Labels {
    if (this.#labels) return this.#labels;
    const atHand = this.#object ?? this.#source;
    if (atHand) return atHand.metadata.labels ?? noLabels;
    const range = memberRange(this.stored, this.#at, 'labels');
    if (range === undefined) this.#labels = noLabels;
    else if (range === 'unclear') this.#labels = this.object.metadata.labels ?? noLabels;
    else this.#labels = this.#shape.labelSet(this.stored.toString('utf8', range[0], range[1]));
    return this.#labels;
  }

  field(name: string): string | undefined {
    if (name === 'metadata.name') return this.name;
    if (name === 'metadata.namespace') return this.#shape.row.namespaced ? this.namespace : undefined;
    const i = this.#shape.fieldNames.indexOf(name);
    if (i < 0) return undefined;
    this.#fields ??= this.#shape.fieldsOf.map((f) => f(this.object));
    return this.#fields[i];
  }

  get object(): KubeObject {
    if (this.#object) return this.#object;
    const source = this.#source;
    const parsed = source ?? (JSON.parse(this.stored.toString('utf8')) as KubeObject);
    const metadata = this.revision ? { ...parsed.metadata, resourceVersion: String(this.revision) } : parsed.metadata;
    const object = { ...parsed, metadata };
    if (this.#shape.freeze) deepFreeze(object);
    this.#object = object;
    this.#source = undefined;
    if (!source) this.#shape.keepObject(this);
    return object;
  }

  /** The same state at another revision (that of its removal). */
  at(revision: number): StoredEntry {
    return new StoredEntry(this.#shape, {
      key: this.key,
      namespace: this.namespace,
      revision,
      createRevision: this.createRevision,
      stored: this.stored,
      source: this.#object ?? this.#source,
    });
  }

  /** Frees the parsed object; what selectors need of it was taken when it came in. */
  dropObject(): void {
    this.#object = undefined;
    this.#source = undefined;
  }
}
