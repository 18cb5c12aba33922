/**
 * A control plane in this process for end-to-end tests: the API server on the memory store, controllers and scheduler over a transport
 * that can be made to fail, nodes whose kubelets are played by the lab. Nothing needs root, a runtime or a network.
 */
import assert from 'node:assert/strict';
import { admissionPlugins } from '../../src/apiserver/admission/index.ts';
import { ServiceAllocation } from '../../src/apiserver/allocation/index.ts';
import { createApiServer } from '../../src/apiserver/index.ts';
import type { AnyRow, KubeObject } from '../../src/api/resource-row.ts';
import { Events, Namespaces, Nodes, Pods, resources, ServiceAccounts } from '../../src/api/resources.ts';
import type { Event, Pod, Service } from '../../src/api/core/v1/types.ts';
import { realClock, rfc3339 } from '../../src/base/clock.ts';
import { silent } from '../../src/base/log.ts';
import {
  type Client,
  createClient,
  createEventRecorder,
  createEventSeriesRecorder,
  createInformerFactory,
  type Transport,
} from '../../src/client/index.ts';
import { startControllers } from '../../src/controllers/index.ts';
import { startScheduler } from '../../src/scheduler/index.ts';
import { createMemoryStore } from '../../src/storage/index.ts';

export interface LabOptions {
  readonly nodes?: number;
  readonly scheduler?: boolean;
  /** Laid over what the controllers and the scheduler send; the test and the kubelets see the server as it is. */
  readonly faults?: (transport: Transport) => Transport;
  /** Whether a pod's containers become ready; default all do. */
  readonly becomesReady?: (pod: Pod) => boolean;
  /** How long a deleted pod takes to go. */
  readonly stopMs?: number;
}

export interface ControllerLab {
  readonly client: Client;
  /** Ends controllers and scheduler where they stand, and starts new ones. */
  restart(): Promise<void>;
  items<T extends KubeObject>(row: AnyRow, namespace?: string): Promise<readonly T[]>;
  get<T extends KubeObject>(row: AnyRow, namespace: string | undefined, name: string): Promise<T>;
  /** Makes a namespace and waits until pods can be made in it. */
  namespace(name: string): Promise<string>;
  /** `reason: message` of the events of an object, oldest first. */
  events(namespace: string, name: string): Promise<readonly string[]>;
  until<T>(what: string, look: () => Promise<T | undefined | false>, ms?: number): Promise<T>;
  close(): Promise<void>;
}

const admin = { name: 'admin', uid: '', groups: ['system:masters'], extra: {} };
const clock = realClock;
const log = silent;

export async function startControllerLab(o: LabOptions = {}): Promise<ControllerLab> {
  const authorizer = { authorize: () => ({ decision: 'allow' as const, reason: '' }) };
  const store = createMemoryStore({ clock });
  const server = await createApiServer({
    rows: resources,
    store,
    clock,
    log,
    freeze: true,
    plugins: (reader) => {
      const allocation = new ServiceAllocation({ clusterIPRanges: ['10.96.0.0/16'], random: Math.random });
      reader.subscribe?.({ group: '', plural: 'services' }, (old, obj) =>
        allocation.changed(old as Service | undefined, obj as Service | undefined),
      );
      return {
        authenticator: { authenticate: async () => admin },
        authorizer,
        admission: admissionPlugins({ authorizer, clock, random: Math.random }),
        hooks: new Map([
          [
            '/services',
            {
              begin: (obj: KubeObject, old: KubeObject | undefined, how: { readonly dryRun: boolean }) =>
                allocation.allocate(obj as Service, old as Service | undefined, how),
            },
          ],
        ]),
      };
    },
  });
  await server.ready();
  const client = createClient(server.transport(admin), { userAgent: 'test/1', clock });

  const start = () => {
    const stop = new AbortController();
    const over = o.faults ?? ((t: Transport) => t);
    const own = createClient(over(server.transport(admin)), { userAgent: 'kube-controller-manager/v1.36', clock });
    const informers = createInformerFactory({ client: own, clock, random: Math.random, log });
    const recorderFor = (component: string) => createEventRecorder({ client: own, component, clock, log });
    const recorder = createEventSeriesRecorder({
      client: own,
      controller: 'default-scheduler',
      host: 'lab',
      clock,
      log,
      signal: stop.signal,
    });
    const running = [
      startControllers(
        { client: own, informers, recorderFor, clock, log, random: Math.random, rootCa: 'the CA' },
        stop.signal,
      ),
    ];
    if (o.scheduler ?? true)
      running.push(startScheduler({ client: own, informers, recorder, clock, log, random: Math.random }, stop.signal));
    informers.start(stop.signal);
    return async () => {
      stop.abort(new Error('stopped by the test'));
      await Promise.all(running.map((r) => r.stopped));
    };
  };

  const kubelets = playKubelets(client, o);
  await client.create(Namespaces, { metadata: { name: 'default' } });
  for (let i = 1; i <= (o.nodes ?? 2); i++) await addNode(client, `n${i}`);
  let stop = start();

  const until: ControllerLab['until'] = async (what, look, ms = 20_000) => {
    const end = clock.monotonic() + ms;
    for (;;) {
      const found = await look();
      if (found) return found;
      if (clock.monotonic() > end) assert.fail(`did not happen in ${ms} ms: ${what}`);
      await clock.sleep(10);
    }
  };
  const accountOf = (namespace: string) =>
    until(`${namespace} has its service account`, () =>
      client.get(ServiceAccounts, { namespace, name: 'default' }).catch(() => undefined),
    );
  await accountOf('default');
  return {
    client,
    until,
    async restart() {
      await stop();
      stop = start();
    },
    items: async <T extends KubeObject>(row: AnyRow, namespace?: string) =>
      (await client.list<T>(row as never, namespace ? { namespace } : {})).items,
    get: <T extends KubeObject>(row: AnyRow, namespace: string | undefined, name: string) =>
      client.get<T>(row as never, { namespace, name }),
    async namespace(name) {
      await client.create(Namespaces, { metadata: { name } });
      await accountOf(name);
      return name;
    },
    async events(namespace, name) {
      const { items } = await client.list(Events, { namespace, fieldSelector: `involvedObject.name=${name}` });
      const time = (e: Event) => e.eventTime ?? e.firstTimestamp ?? '';
      return items.toSorted((a, b) => (time(a) < time(b) ? -1 : 1)).map((e) => `${e.reason}: ${e.message}`);
    },
    async close() {
      await stop();
      await kubelets.stop();
      await client.close();
      await server.close();
      await store.close();
    },
  };
}

export async function addNode(client: Client, name: string, shape: object = {}): Promise<void> {
  const allocatable = { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '50Gi' };
  await client.create(Nodes, { metadata: { name, labels: { 'kubernetes.io/hostname': name } }, ...shape });
  const conditions = [
    { type: 'Ready', status: 'True', reason: 'KubeletReady', lastHeartbeatTime: rfc3339(clock.now()) },
  ];
  const status = { allocatable, capacity: allocatable, conditions };
  await client.patch(Nodes, { name }, 'application/merge-patch+json', { status }, { subresource: 'status' });
}

/** Pods on a node run and become ready at once, and go when they are deleted. */
function playKubelets(client: Client, o: LabOptions): { stop(): Promise<void> } {
  const end = new AbortController();
  const informers = createInformerFactory({ client, clock, random: Math.random, log });
  const pods = informers.informer(Pods);
  const busy = new Set<Promise<unknown>>();
  let lastIp = 0;
  const act = (work: () => Promise<unknown>): void => {
    const p = work()
      .catch(() => {})
      .finally(() => busy.delete(p));
    busy.add(p);
  };
  const look = (pod: Pod): void => {
    const key = { namespace: pod.metadata.namespace, name: pod.metadata.name ?? '' };
    if (!pod.spec.nodeName) return;
    const { uid } = pod.metadata;
    if (pod.metadata.deletionTimestamp) {
      act(async () => {
        if (o.stopMs) await clock.sleep(o.stopMs, end.signal);
        await client.delete(Pods, key, { gracePeriodSeconds: 0, ...(uid && { preconditions: { uid } }) });
      });
      return;
    }
    if (pod.status.phase !== 'Pending') return;
    const n = ++lastIp;
    const podIP = `10.1.${n >> 8}.${n & 255}`;
    const ready = o.becomesReady?.(pod) ?? true;
    const lastTransitionTime = rfc3339(clock.now());
    const conditions = ['Ready', 'ContainersReady'].map((type) => ({
      type,
      status: ready ? 'True' : 'False',
      lastTransitionTime,
    }));
    const status = { phase: 'Running', podIP, podIPs: [{ ip: podIP }], conditions, startTime: lastTransitionTime };
    act(() =>
      client.patch(
        Pods,
        key,
        'application/strategic-merge-patch+json',
        { metadata: { uid }, status },
        { subresource: 'status' },
      ),
    );
  };
  pods.addHandler({ onAdd: look, onUpdate: (_, p) => look(p) });
  informers.start(end.signal);
  return {
    async stop() {
      end.abort(new Error('the kubelets stop'));
      await Promise.all(busy);
    },
  };
}
