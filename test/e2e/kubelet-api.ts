/** A small scripted API for the kubelet's end-to-end tests: objects in a map, watches, events written down. No rules of its own. */
import type { KubeObject, ResourceRow } from '../../src/api/resource-row.ts';
import type { EventHandler, EventRecorder, Informer, InformerFactory } from '../../src/client/cache.ts';
import type { Client, WatchEvent } from '../../src/client/client.ts';
import { alreadyExists, conflict, notFound } from '../../src/machinery/status-error.ts';

type Obj = KubeObject & { status?: Record<string, unknown> };
type Listener = (plural: string, e: WatchEvent<Obj>) => void;
const mergeKeys: Record<string, string> = { conditions: 'type', podIPs: 'ip', hostIPs: 'ip', addresses: 'type' };

/** Strategic merge as far as the kubelet's patches need it. */
function merge(target: unknown, patch: unknown, field = ''): unknown {
  if (Array.isArray(patch)) {
    const key = mergeKeys[field];
    if (!key || !Array.isArray(target)) return patch.filter((p) => !p?.$patch);
    let out = [...(target as Record<string, unknown>[])];
    if (patch.some((p) => p.$patch === 'replace')) return patch.filter((p) => !p.$patch);
    for (const p of patch as Record<string, unknown>[]) {
      const at = out.findIndex((o) => o[key] === p[key]);
      if (p['$patch'] === 'delete') out = out.filter((o) => o[key] !== p[key]);
      else if (at < 0) out.push(p);
      else out[at] = merge(out[at], p) as Record<string, unknown>;
    }
    return out;
  }
  if (typeof patch !== 'object' || patch === null) return patch;
  const out: Record<string, unknown> = { ...(target as Record<string, unknown>) };
  for (const [k, v] of Object.entries(patch))
    if (k.startsWith('$')) continue;
    else if (v === null) delete out[k];
    else out[k] = merge(out[k], v, k);
  return out;
}

export class ScriptedApi {
  readonly objects = new Map<string, Obj>();
  readonly events: { name: string; type: string; reason: string; message: string; fieldPath: string | undefined }[] =
    [];
  #revision = 1;
  #listeners = new Set<Listener>();
  #uid = 0;

  #key = (plural: string, namespace: string | undefined, name: string) => `${plural}/${namespace ?? ''}/${name}`;
  #emit(row: { plural: string }, type: 'ADDED' | 'MODIFIED' | 'DELETED', object: Obj): void {
    for (const l of this.#listeners) l(row.plural, { type, object });
  }
  put(row: ResourceRow<never> | { plural: string }, obj: object): Obj {
    const o = obj as Obj;
    const key = this.#key(row.plural, o.metadata.namespace, o.metadata.name!);
    const before = this.objects.get(key);
    const stored = {
      ...o,
      metadata: {
        uid: before?.metadata.uid ?? `uid-${++this.#uid}-${process.pid}`,
        generation: 1,
        ...o.metadata,
        resourceVersion: String(++this.#revision),
      },
    } as Obj;
    this.objects.set(key, stored);
    this.#emit(row, before ? 'MODIFIED' : 'ADDED', stored);
    return stored;
  }
  get<T = Obj>(plural: string, namespace: string | undefined, name: string): T | undefined {
    return this.objects.get(this.#key(plural, namespace, name)) as T | undefined;
  }
  /** As DELETE with a grace period: marks, or removes at once for 0. */
  remove(row: { plural: string }, namespace: string | undefined, name: string, grace = 0): void {
    const o = this.get(row.plural, namespace, name);
    if (!o) return;
    if (grace > 0)
      this.put(row, {
        ...o,
        metadata: { ...o.metadata, deletionTimestamp: new Date().toISOString(), deletionGracePeriodSeconds: grace },
      });
    else {
      this.objects.delete(this.#key(row.plural, namespace, name));
      this.#emit(row, 'DELETED', o);
    }
  }
  #list(plural: string, p: { namespace?: string | undefined; fieldSelector?: string | undefined }): Obj[] {
    return [...this.objects].filter(([k, o]) => k.startsWith(`${plural}/`) && this.#matches(o, p)).map(([, o]) => o);
  }
  #matches(o: Obj, p: { namespace?: string | undefined; fieldSelector?: string | undefined }): boolean {
    if (p.namespace && o.metadata.namespace !== p.namespace) return false;
    const [field, value] = p.fieldSelector?.split('=') ?? [];
    if (!field) return true;
    const found = field.split('.').reduce<unknown>((x, k) => (x as Record<string, unknown> | undefined)?.[k], o);
    return found === value;
  }

  readonly client: Client = {
    get: async (row, { namespace, name }) => {
      const o = this.get(row.plural, namespace, name);
      if (!o) throw notFound({ group: row.group, resource: row.plural }, name);
      return o as never;
    },
    list: async (row, p = {}) => ({
      apiVersion: 'v1',
      kind: 'List',
      metadata: { resourceVersion: String(this.#revision) },
      items: this.#list(row.plural, p) as never,
    }),
    watch: (row, p) => this.#watch(row, p) as never,
    create: async (row, obj) => {
      const o = obj as unknown as Obj;
      if (this.get(row.plural, o.metadata.namespace, o.metadata.name!))
        throw alreadyExists({ group: row.group, resource: row.plural }, o.metadata.name!);
      return this.put(row, row.plural === 'pods' ? { ...o, status: { phase: 'Pending' } } : o) as never;
    },
    update: async (row, obj) => this.put(row, obj) as never,
    patch: async (row, { namespace, name }, _type, patch) => {
      const o = this.get(row.plural, namespace, name);
      if (!o) throw notFound({ group: row.group, resource: row.plural }, name);
      const uid = (patch as Partial<Obj>).metadata?.uid;
      if (uid && uid !== o.metadata.uid) throw conflict({ group: '', resource: row.plural }, name, 'uid');
      return this.put(row, merge(o, patch) as Obj) as never;
    },
    delete: async (row, { namespace, name }, options) => {
      const o = this.get(row.plural, namespace, name);
      if (!o) throw notFound({ group: row.group, resource: row.plural }, name);
      const uid = options?.preconditions?.uid;
      if (uid && uid !== o.metadata.uid) throw conflict({ group: '', resource: row.plural }, name, 'uid');
      this.remove(row, namespace, name, options?.gracePeriodSeconds ?? 0);
    },
    deleteCollection: async () => undefined,
    createSubresource: async (_row, _key, subresource, body) => {
      if (subresource !== 'token') throw new Error(`no ${subresource} here`);
      const expirationTimestamp = new Date(Date.now() + 3600_000).toISOString();
      return { ...(body as object), status: { token: `token-${++this.#uid}`, expirationTimestamp } } as never;
    },
    raw: async (_method, path) => {
      if (path.includes('subjectaccessreviews')) return { status: { allowed: true } };
      if (path.includes('tokenreviews')) return { status: { authenticated: false } };
      throw new Error(`no ${path} here`);
    },
    close: async () => undefined,
  };

  async *#watch(
    row: { plural: string },
    p: { namespace?: string; fieldSelector?: string; signal?: AbortSignal },
  ): AsyncGenerator<WatchEvent<Obj>> {
    const queue: WatchEvent<Obj>[] = [];
    let wake: () => void = () => undefined;
    const listener: Listener = (plural, e) => {
      if (plural !== row.plural || !this.#matches(e.object as Obj, p)) return;
      queue.push(e);
      wake();
    };
    this.#listeners.add(listener);
    p.signal?.addEventListener('abort', () => wake(), { once: true });
    try {
      while (!p.signal?.aborted) {
        const next = queue.shift();
        if (next) yield next;
        else
          await new Promise<void>((r) => {
            wake = r;
          });
      }
    } finally {
      this.#listeners.delete(listener);
    }
  }

  readonly informers: InformerFactory = {
    informer: (row, options = {}) => this.#informer(row as { plural: string }, options) as never,
    start: () => undefined,
    synced: async () => undefined,
  };
  #informer(row: { plural: string }, p: { namespace?: string; fieldSelector?: string }): Informer {
    const handlers = new Set<EventHandler<Obj>>();
    const cache = new Map(
      this.#list(row.plural, p).map((o) => [`${o.metadata.namespace ?? ''}/${o.metadata.name}`, o]),
    );
    this.#listeners.add((plural, e) => {
      const o = e.object as Obj;
      if (plural !== row.plural || !this.#matches(o, p)) return;
      const key = `${o.metadata.namespace ?? ''}/${o.metadata.name}`;
      const old = cache.get(key);
      if (e.type === 'DELETED') cache.delete(key);
      else cache.set(key, o);
      setImmediate(() => {
        for (const h of handlers)
          if (e.type === 'DELETED') h.onDelete?.(o);
          else if (old) h.onUpdate?.(old, o);
          else h.onAdd?.(o, false);
      });
    });
    return {
      row: row as never,
      get: (key) => cache.get(key),
      list: () => [...cache.values()],
      byIndex: () => [],
      addIndex: () => undefined,
      addHandler: (h) => {
        handlers.add(h as EventHandler<Obj>);
        for (const o of cache.values()) h.onAdd?.(o, true);
        return () => void handlers.delete(h as EventHandler<Obj>);
      },
      hasSynced: true,
      synced: async () => undefined,
    };
  }

  readonly recorder: EventRecorder = {
    event: (involved, type, reason, message, fieldPath) => {
      this.events.push({ name: involved.metadata.name ?? '', type, reason, message, fieldPath });
    },
  };
}
