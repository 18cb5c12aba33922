/** Objects and an in-memory API for the scheduler's tests and its benchmark. */
import type { Node, Pod } from '../api/core/v1/types.ts';
import type { AnyRow, KubeObject, ObjectOf } from '../api/resource-row.ts';
import { type Client, createInformer, type Informer, type InformerFactory, type SeriesEvent } from '../client/index.ts';

let uids = 0;

export interface NodeShape {
  readonly labels?: Readonly<Record<string, string>>;
  readonly allocatable?: Readonly<Record<string, string>>;
  readonly spec?: Partial<Node['spec']>;
  readonly images?: Node['status']['images'];
}

export function nodeNamed(name: string, s: NodeShape = {}): Node {
  const allocatable = { cpu: '4', memory: '8Gi', 'ephemeral-storage': '100Gi', pods: '110', ...s.allocatable };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: `node-${name}`,
      labels: { 'kubernetes.io/hostname': name, ...s.labels },
      resourceVersion: '1',
    },
    spec: { ...s.spec },
    status: { allocatable, capacity: allocatable, images: s.images },
  } as unknown as Node;
}

export interface PodShape {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly requests?: Readonly<Record<string, string>>;
  readonly hostPort?: number;
  readonly spec?: Partial<Pod['spec']>;
  readonly status?: Partial<Pod['status']>;
}

export function podNamed(name: string, s: PodShape = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: s.namespace ?? 'default',
      uid: `uid-${name}-${uids++}`,
      labels: s.labels,
      resourceVersion: '1',
    },
    spec: {
      schedulerName: 'default-scheduler',
      containers: [
        {
          name: 'c',
          image: 'nginx',
          resources: s.requests ? { requests: s.requests } : {},
          ...(s.hostPort && { ports: [{ hostPort: s.hostPort, containerPort: s.hostPort, protocol: 'TCP' }] }),
        },
      ],
      ...s.spec,
    },
    status: { phase: 'Pending', ...s.status },
  } as unknown as Pod;
}

/** An API of maps: informers that follow what is put, and a client that records and performs the scheduler's writes. */
export class TestCluster {
  readonly writes: string[] = [];
  readonly #stores = new Map<string, ReturnType<typeof createInformer<KubeObject>>>();
  failBindings = 0;
  failDeletions = 0;
  /** Names of pods that stay, leaving, when they are deleted. */
  readonly keeps = new Set<string>();

  store(row: AnyRow): ReturnType<typeof createInformer<KubeObject>> {
    let s = this.#stores.get(row.plural);
    if (!s) {
      s = createInformer(row as never, (e) => {
        throw e;
      }) as ReturnType<typeof createInformer<KubeObject>>;
      s.replace([], '1');
      this.#stores.set(row.plural, s);
    }
    return s;
  }
  put(row: AnyRow, object: KubeObject): void {
    this.store(row).apply({ type: 'MODIFIED', object });
  }
  delete(row: AnyRow, object: KubeObject): void {
    this.store(row).apply({ type: 'DELETED', object });
  }
  readonly informers: InformerFactory = {
    informer: <R extends AnyRow>(row: R) => this.store(row) as unknown as Informer<ObjectOf<R>>,
    start() {},
    synced: () => Promise.resolve(),
  };
  readonly client = {
    createSubresource: async (
      row: AnyRow,
      key: { namespace?: string; name: string },
      _sub: string,
      body: { target: { name: string } },
    ) => {
      if (this.failBindings > 0) {
        this.failBindings--;
        throw new Error('the server is away');
      }
      const pod = this.store(row).get(`${key.namespace}/${key.name}`) as Pod;
      this.writes.push(`bind ${key.name} ${body.target.name}`);
      this.put(row, { ...pod, spec: { ...pod.spec, nodeName: body.target.name } } as KubeObject);
    },
    patch: async (
      row: AnyRow,
      key: { namespace?: string; name: string },
      _type: string,
      patch: { status?: Partial<Pod['status']> },
    ) => {
      const old = this.store(row).get(`${key.namespace}/${key.name}`) as Pod;
      const c = patch.status?.conditions?.[0];
      this.writes.push(
        `patch ${key.name} ${c ? `${c.type}=${c.status} ${c.reason}: ${c.message}` : JSON.stringify(patch)}`,
      );
      this.put(row, { ...old, status: { ...old.status, ...patch.status } } as KubeObject);
    },
    delete: async (row: AnyRow, key: { namespace?: string; name: string }) => {
      if (this.failDeletions > 0) {
        this.failDeletions--;
        throw new Error('the server is away');
      }
      this.writes.push(`delete ${key.name}`);
      const old = this.store(row).get(`${key.namespace}/${key.name}`)!;
      if (!this.keeps.has(key.name)) this.delete(row, old);
      else this.put(row, { ...old, metadata: { ...old.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } });
    },
  } as unknown as Client;
  readonly recorder = {
    event: (e: SeriesEvent) => {
      this.writes.push(`event ${e.regarding.metadata.name} ${e.type} ${e.reason}: ${e.note}`);
    },
  };
}
