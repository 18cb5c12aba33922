/**
 * The row of an API resource: everything generic code (handlers, discovery, OpenAPI, tables, clients) needs to know of a kind.
 * A kind's deviations from the common path are properties and pure functions of its row, never branches in generic code.
 */
import type { FieldError } from '../schema/field-error.ts';
import type { AnyStruct, Infer, Struct } from '../schema/dsl.ts';
import type { Scale } from './autoscaling/v1/types.ts';
import type { ObjectMeta } from './meta/v1/types.ts';

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

export type Verb = 'create' | 'get' | 'list' | 'watch' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** What a strategy function may ask of the request. Times come from here, so that strategies stay pure. */
export interface StrategyContext {
  readonly now: number;
  readonly user: { readonly name: string; readonly groups: readonly string[] };
  readonly dryRun: boolean;
}

/**
 * How a kind differs on write (upstream: rest.RESTCreateStrategy and friends). All functions are pure: object in, object or errors out.
 * Schema defaults (`+default`) and structural validation run before these.
 */
export interface Strategy<T extends KubeObject = KubeObject> {
  /** Conditional defaults (upstream: SetDefaults_*), on every write and read of old data. */
  readonly defaults?: (obj: T) => T;
  /** Clears what a creator may not set (status), sets what the server owns (generation is generic). */
  readonly prepareForCreate?: (obj: T, ctx: StrategyContext) => T;
  readonly prepareForUpdate?: (obj: T, old: T, ctx: StrategyContext) => T;
  /** What holds for an object at any time: on create and on update of the main endpoint. Metadata and name are judged by the server. */
  readonly validate?: (obj: T) => readonly FieldError[];
  /** What only a new object must satisfy, beside `validate`. */
  readonly validateCreate?: (obj: T) => readonly FieldError[];
  readonly validateUpdate?: (obj: T, old: T) => readonly FieldError[];
  /** Texts for the Warning header. */
  readonly warnings?: (obj: T, old: T | undefined) => readonly string[];
  /** Which metadata.name is valid; default: DNS-1123 subdomain. Returns messages. */
  readonly validateName?: (name: string, isPrefix: boolean) => readonly string[];
  /** PUT to a missing name creates it. */
  readonly allowCreateOnUpdate?: boolean;
  /** PUT without resourceVersion is refused when false (default true). */
  readonly allowUnconditionalUpdate?: boolean;
  /**
   * metadata.generation starts at 1 and grows when this part changes; default `spec`. A kind without generations (ConfigMap, Node,
   * Service, …) answers undefined: its metadata.generation is left as it is.
   */
  readonly generationOf?: (obj: T) => unknown;
  /** Grace period of a delete in seconds, given the one asked for (undefined = not given); pods. 0 = at once. Absent = no graceful delete. */
  readonly gracePeriod?: (obj: T, asked: number | undefined) => number;
  /** DELETE without propagationPolicy: `background` (default) or `orphan`. */
  readonly defaultPropagation?: 'Background' | 'Orphan';
  /** Removal is decided by this instead of metadata.finalizers alone (Namespace: spec.finalizers). */
  readonly hasFinalizers?: (obj: T) => boolean;
  /** Marks the object as being deleted, beyond deletionTimestamp (Namespace: status.phase = Terminating). */
  readonly onDeleting?: (obj: T) => T;
}

/** A subresource of a row. */
export interface Subresource {
  /** Path element: `status`, `scale`, `binding`, `log`, … */
  readonly name: string;
  /** What its requests and answers carry; default: the parent's kind. */
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly verbs: readonly ('create' | 'get' | 'update' | 'patch' | 'delete')[];
  /**
   * A part of the object under its own write rules (`status`, `resize`, `ephemeralcontainers`, `finalize`, `approval`). Generic:
   * `prepareForUpdate` keeps all but the part; fields this endpoint does not own for managedFields are in `resetFields`.
   */
  readonly strategy?: AnyStrategy;
  readonly schema?: AnyStruct;
  /** Paths this endpoint does not own for managedFields (`['spec']` for status). */
  readonly resetFields?: readonly (readonly string[])[];
  /** `scale`: how an autoscaling/v1 Scale is read from the object and written to it. */
  readonly scale?: ScaleMapping;
  /** A stream to the kubelet (pods) or a proxied request (pods, services, nodes). */
  readonly connect?: 'log' | 'exec' | 'attach' | 'portforward' | 'proxy';
  /** A create with an effect of its own. */
  readonly action?: 'binding' | 'eviction' | 'token';
}

/** A strategy of any kind. */
// biome-ignore lint/suspicious/noExplicitAny: a row of any kind, for tables of rows
export type AnyStrategy = Strategy<any>;

/** The scale subresource of a kind (upstream: registry/apps/<kind>/storage scaleFrom…). */
export interface ScaleMapping {
  /** The Scale of the object: its metadata's name, namespace, uid, resourceVersion and creationTimestamp, replicas, selector text. */
  get(obj: KubeObject): Scale;
  /** The object with `spec.replicas` of the Scale. */
  set(obj: KubeObject, scale: Scale): KubeObject;
  /** `status.selector` of the Scale: the selector as a query text. */
  selectorText(obj: KubeObject): string;
  /** Problems of a Scale that is sent (spec.replicas < 0). */
  validate(scale: Scale): readonly FieldError[];
}

/** A kind that is stored in another version's form, under the same key (HPA v1 as v2, events.k8s.io as core events). */
export interface StoredAs<T extends KubeObject> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The plural of the row whose form it is: `${group}/${version}/${plural}` finds it. */
  readonly plural: string;
  readonly toStored: (obj: T) => KubeObject;
  readonly fromStored: (stored: KubeObject) => T;
}

export interface Column<T extends KubeObject = KubeObject> {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format?: string;
  readonly description?: string;
  /** 1 = only with -o wide. */
  readonly priority?: number;
  /** The cell. `now` is the server's clock in ms, for ages. */
  readonly cell: (obj: T, now: number) => string | number | boolean | null;
}

export interface ResourceRow<T extends KubeObject = KubeObject> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly schema: Struct;
  readonly verbs: readonly Verb[];
  readonly subresources: readonly Subresource[];
  /** Key below `/registry/`: `pods`, `services/specs`, `minions`: upstream's etcd layout. */
  readonly registryPath: string;
  readonly strategy: Strategy<T>;
  /** Table columns; absent = Name and Created At. */
  readonly columns?: readonly Column<T>[];
  /** Fields a field selector may use beside metadata.name and metadata.namespace. */
  readonly selectableFields?: Readonly<Record<string, (obj: T) => string>>;
  /** discovery's storageVersionHash. */
  readonly storageVersionHash?: string;
  /** Said in a Warning header on every request: `v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice`. */
  readonly deprecated?: string;
  /** Lifetime in the store in seconds (events). */
  readonly ttlSeconds?: (obj: T) => number | undefined;
  /** Stored in another row's form; absent = in its own. */
  readonly storage?: StoredAs<T>;
  /** DELETE answers with the object as it last was, not with a Status (upstream: ReturnDeletedObject). Graceful kinds always do. */
  readonly returnsDeleted?: boolean;
  /** Not stored: create answers (TokenReview, SubjectAccessReview, …). */
  readonly virtual?: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: a row of any kind, for tables of rows
export type AnyRow = ResourceRow<any>;
/** The object type of a row. */
export type ObjectOf<R> = R extends ResourceRow<infer T> ? T : never;

/** `v1`, `apps/v1`. */
export const apiVersionOf = (r: { readonly group: string; readonly version: string }): string =>
  r.group ? `${r.group}/${r.version}` : r.version;

/** The object type comes from the schema alone, never from a strategy that works on any kind. */
type RowObject<S> = Infer<S> & KubeObject;

/** Declares a row; what is left out takes the common value. */
export function resource<const S extends Struct>(
  row: Pick<ResourceRow<RowObject<S>>, 'group' | 'version' | 'kind' | 'plural' | 'namespaced'> & {
    readonly schema: S;
  } & Partial<Omit<ResourceRow<RowObject<S>>, 'schema'>>,
): ResourceRow<RowObject<S>> {
  return {
    singular: row.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
    subresources: [],
    registryPath: row.plural,
    strategy: {},
    ...row,
    schema: row.schema as unknown as Struct,
  };
}
