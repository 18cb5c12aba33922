/** ConfigMaps and Secrets of the pods on this node: one list and watch per object, kept while a pod refers to it, so that changes are seen at once. */
import { ConfigMaps, Secrets } from '../../api/core/v1/resources.ts';
import type { ConfigMap, Secret } from '../../api/core/v1/types.ts';
import type { KubeObject, ResourceRow } from '../../api/resource-row.ts';
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import type { Client } from '../../client/client.ts';
import { notFound } from '../../machinery/status-error.ts';

interface Entry {
  object: KubeObject | undefined;
  readonly users: Set<string>;
  readonly first: Promise<void>;
  readonly abort: AbortController;
}

export interface ObjectCache {
  /** `uid`: the pod that asks; it is told of changes until released. Throws StatusError. */
  configMap(uid: string, namespace: string, name: string): Promise<ConfigMap>;
  secret(uid: string, namespace: string, name: string): Promise<Secret>;
  release(uid: string): void;
  close(): void;
}

export function createObjectCache(
  client: Client,
  clock: Clock,
  log: Logger,
  onChange: (uids: readonly string[]) => void,
): ObjectCache {
  const entries = new Map<string, Entry>();

  const open = <T extends KubeObject>(row: ResourceRow<T>, namespace: string, name: string): Entry => {
    const abort = new AbortController();
    const { signal } = abort;
    const params = { namespace, fieldSelector: `metadata.name=${name}`, signal };
    const users = new Set<string>();
    const list = async (): Promise<string> => {
      const found = await client.list(row, params);
      entry.object = found.items[0];
      return found.metadata.resourceVersion;
    };
    let version = '';
    const first = list().then((v) => {
      version = v;
    });
    const follow = async () => {
      await first;
      while (!signal.aborted)
        try {
          if (version === '') {
            version = await list();
            onChange([...users]);
          }
          for await (const e of client.watch(row, { ...params, resourceVersion: version, allowWatchBookmarks: true })) {
            if (e.type === 'ERROR') {
              version = '';
              break;
            }
            version = e.object.metadata.resourceVersion ?? version;
            if (e.type === 'BOOKMARK') continue;
            entry.object = e.type === 'DELETED' ? undefined : e.object;
            onChange([...users]);
          }
        } catch (e) {
          if (signal.aborted) return;
          log.debug('watch of an object ended', { kind: row.kind, namespace, name, error: e as Error });
          version = '';
          await clock.sleep(1000, signal).catch(() => undefined);
        }
    };
    const entry: Entry = { object: undefined, users, first, abort };
    follow().catch(() => undefined); // the first list's fault is thrown to who asked
    return entry;
  };

  const get = async <T extends KubeObject>(
    row: ResourceRow<T>,
    uid: string,
    namespace: string,
    name: string,
  ): Promise<T> => {
    const key = `${row.plural}/${namespace}/${name}`;
    let entry = entries.get(key);
    if (!entry) {
      entry = open(row, namespace, name);
      entries.set(key, entry);
    }
    entry.users.add(uid);
    try {
      await entry.first;
    } catch (e) {
      entry.abort.abort();
      if (entries.get(key) === entry) entries.delete(key);
      throw e;
    }
    if (!entry.object) throw notFound({ group: '', resource: row.singular }, name);
    return entry.object as T;
  };

  return {
    configMap: (uid, namespace, name) => get(ConfigMaps, uid, namespace, name),
    secret: (uid, namespace, name) => get(Secrets, uid, namespace, name),
    release(uid) {
      for (const [key, entry] of entries) {
        entry.users.delete(uid);
        if (entry.users.size === 0) {
          entry.abort.abort();
          entries.delete(key);
        }
      }
    },
    close() {
      for (const entry of entries.values()) entry.abort.abort();
      entries.clear();
    },
  };
}
