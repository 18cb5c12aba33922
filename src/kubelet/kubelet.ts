/**
 * The kubelet put together: pods from the API and from files → one worker each; the runtime's changes → the worker they concern.
 * Over 500 lines because this is the one place where everything is wired and every loop is listed.
 */
import { Nodes, Pods, Services } from '../api/core/v1/resources.ts';
import type { Node, Pod, PodStatus } from '../api/core/v1/types.ts';
import { RuntimeClasses } from '../api/node/v1/resources.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { EventRecorder, Informer, InformerFactory } from '../client/cache.ts';
import type { Client } from '../client/client.ts';
import { admit } from './admission/admit.ts';
import { createGate } from './admission/gate.ts';
import { preemptionMessage } from './admission/preemption.ts';
import type { ContainerRuntime } from './cri.ts';
import { createEvictions, type EvictionHard } from './eviction/evictions.ts';
import { collectImages, deadOf, removeDead, removeOldLogs, rotateLog } from './garbage.ts';
import type { Host, MachineFacts } from './host.ts';
import { createImagePuller } from './images/image-puller.ts';
import { startNodeAgent } from './node/node-agent.ts';
import { initialNode, type NodeFacts, type NodeHealth, nodeCapacity } from './node/node-status.ts';
import { createBackoff } from './pod/backoff.ts';
import { resourcesInForce } from './pod/container-statuses.ts';
import type { DownwardFacts } from './pod/env.ts';
import { createExecutor, type PodEvent } from './pod/executor.ts';
import { fieldPathOf, isMirror, isStatic, nameOf, namespaceOf, uidOf } from './pod/identity.ts';
import type { ObservedContainer, ObservedPod } from './pod/observed.ts';
import { fingerprint, listPods, observePod, type RuntimeIndex } from './pod/observe.ts';
import { isTerminal } from './pod/phase.ts';
import type { Ended } from './pod/status.ts';
import { createStatusReporter } from './pod/status-reporter.ts';
import { PodWorker, type WorkerContext } from './pod/worker.ts';
import { createCheck } from './probes/check.ts';
import { createProbes, type Probes } from './probes/probe-worker.ts';
import { createResizes } from './resize/resizes.ts';
import type { KubeletSettings } from './settings.ts';
import { deleteMirror, ensureMirror, watchStaticPods } from './static-pods.ts';
import { createObjectCache } from './volumes/object-cache.ts';
import { createPodVolumes } from './volumes/pod-volumes.ts';
import { createTokenSource } from './volumes/tokens.ts';

export interface KubeletParts {
  readonly client: Client;
  readonly informers: InformerFactory;
  readonly recorder: EventRecorder;
  readonly runtime: ContainerRuntime;
  readonly host: Host;
  readonly machine: MachineFacts;
  readonly settings: KubeletSettings;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly port: number;
  readonly staticPodPath: string | undefined;
  readonly capacity: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly taints: Node['spec']['taints'];
  readonly evictionHard: EvictionHard;
}
/** What the server asks of the kubelet. */
export interface KubeletView {
  pods(): readonly Pod[];
  /** By namespace and name; the pod with its present status. */
  find(namespace: string, name: string, uid?: string): Pod | undefined;
  observe(uid: string): Promise<ObservedPod>;
  readonly runtime: ContainerRuntime;
  readonly host: Host;
  readonly settings: KubeletSettings;
  readonly machine: MachineFacts;
}
export interface StartedKubelet {
  readonly view: KubeletView;
  readonly stopped: Promise<void>;
}

const relistEvery = 1000;
/** With the runtime telling of changes, looking is only for what was missed. */
const relistWithEvents = 5000;

export async function runKubelet(parts: KubeletParts, signal: AbortSignal): Promise<StartedKubelet> {
  const { client, runtime, host, settings, clock, log, recorder, machine } = parts;
  const userAgent = (what: string) => `kube-${what}/${settings.version.replace(/^v(\d+\.\d+).*/, '$1')}`;
  const pods: Informer<Pod> = parts.informers.informer(Pods, { fieldSelector: `spec.nodeName=${settings.nodeName}` });
  const services = parts.informers.informer(Services);
  const nodes: Informer<Node> = parts.informers.informer(Nodes, {
    fieldSelector: `metadata.name=${settings.nodeName}`,
  });
  parts.informers.start(signal);

  const workers = new Map<string, PodWorker>();
  const seen = new Map<string, string>();
  const known = new Map<string, Map<string, ObservedContainer>>();
  const staticPods = new Map<string, Pod>();
  let staticKnown = parts.staticPodPath === undefined;
  let network: string | undefined = 'the container runtime has not answered yet';
  let runtimeProblem: string | undefined = network;
  let probes: Probes;
  let health: NodeHealth = { memoryPressure: false, diskPressure: false, pidPressure: false, notReady: undefined };

  const keyOf = (pod: Pod) => `${namespaceOf(pod)}/${nameOf(pod)}`;
  const mirrorOf = (pod: Pod): Pod | undefined => {
    const mirror = pods.get(keyOf(pod));
    return mirror && isMirror(mirror) ? mirror : undefined;
  };

  const event: PodEvent = (pod, type, reason, message, container) =>
    recorder.event(pod, type, reason, message, container === undefined ? undefined : fieldPathOf(pod, container));

  const objects = createObjectCache(client, clock, log.child('objects'), (uids) => {
    for (const uid of uids) workers.get(uid)?.trigger();
  });
  const tokens = createTokenSource(client, clock, parts.random);
  const volumes = createPodVolumes(host, client, clock, settings, runtime.images, () => thisNode(false));
  const puller = createImagePuller(runtime.images, clock);
  const backoff = createBackoff(() => clock.now());
  const reporter = createStatusReporter(client, clock, log.child('status'), signal);

  const { name: runtimeName, version: runtimeVersion } = await untilAnswered(
    () => runtime.version(),
    clock,
    log,
    signal,
  );
  const facts = async (): Promise<NodeFacts> => ({
    name: settings.nodeName,
    hostname: settings.hostname,
    addresses: settings.nodeIPs,
    machine,
    runtime: { name: runtimeName, version: runtimeVersion },
    kubeletVersion: settings.version,
    port: parts.port,
    maxPods: settings.maxPods,
    storageBytes: (await host.diskUsage(settings.rootDir)).totalBytes,
    capacity: parts.capacity,
    images: await runtime.images.list().catch(() => []),
  });
  const { allocatable } = nodeCapacity(await facts());
  const downward = (podIPs: readonly string[]): DownwardFacts => ({
    nodeName: settings.nodeName,
    hostIPs: settings.nodeIPs,
    podIPs,
    allocatable,
  });

  const allocationsFile = `${settings.rootDir}/pod-allocations.json`;
  const resizes = createResizes(
    {
      async judge(pod) {
        const others = active().filter((p) => uidOf(p) !== uidOf(pod));
        const verdict = admit({ ...(await premises()), pod, others });
        return verdict.admit ? undefined : verdict.refusal;
      },
      event,
      changed: (uid) => workers.get(uid)?.trigger(),
      async save(text) {
        await host.fs.writeFile(`${allocationsFile}.new`, text);
        await host.fs.rename(`${allocationsFile}.new`, allocationsFile);
      },
    },
    await host.fs.readFile(allocationsFile, 'utf8').catch(() => ''),
  );
  const actuated = resizes.actuated((c, spec) => resourcesInForce(spec, c.resources) ?? {});

  const executor = createExecutor({
    runtime,
    host,
    facts: machine,
    clock,
    random: parts.random,
    log: log.child('pod'),
    settings,
    objects,
    puller,
    backoff,
    event,
    async services() {
      await services.synced(signal);
      return services.list();
    },
    downward,
    userAgent: userAgent('lifecycle'),
    runtimeHandler: async (name) => (await client.get(RuntimeClasses, { name })).handler,
    actuated,
    gave: resizes.gave,
  });

  const observe = async (uid: string): Promise<ObservedPod> => {
    const index = await listPods(runtime);
    const entry = index.get(uid);
    seen.set(uid, fingerprint(entry));
    let cache = known.get(uid);
    if (!cache) {
      cache = new Map();
      known.set(uid, cache);
    }
    return observePod(runtime, host, entry, cache);
  };

  const context: WorkerContext = {
    clock,
    log: log.child('pod'),
    executor,
    get probes() {
      return probes;
    },
    event,
    hostIPs: settings.nodeIPs,
    runtimeName,
    observe,
    setUpVolumes: (pod, podIPs) =>
      volumes.setUp(pod, {
        configMap: (ns, name) => objects.configMap(uidOf(pod), ns, name),
        secret: (ns, name) => objects.secret(uidOf(pod), ns, name),
        token: tokens.token,
        facts: downward(podIPs),
      }),
    tearDownVolumes: volumes.tearDown,
    report(pod, status, mayRun) {
      const shown = isStatic(pod) ? mirrorOf(pod) : pod;
      if (shown) reporter.report(shown, status, mayRun);
    },
    finished(pod, status) {
      objects.release(uidOf(pod));
      tokens.forget(uidOf(pod));
      if (!isStatic(pod)) reporter.finished(pod, status);
      else if (!staticPods.has(uidOf(pod))) void forget(uidOf(pod));
    },
    networkProblem: () => network,
    resizes: { ...resizes, actuated },
    nextVolumeRefresh: tokens.nextRefresh,
  };
  probes = createProbes({
    clock,
    random: parts.random,
    check: createCheck(runtime, userAgent('probe'), clock),
    look(uid) {
      const w = workers.get(uid);
      return w?.status ? { pod: w.pod, status: w.status, live: (id) => w.reaches(id) } : undefined;
    },
    changed: (uid) => workers.get(uid)?.probed(),
    event: (pod, container, reason, message) => event(pod, 'Warning', reason, message, container),
  });

  /** Everything of a pod that is gone from the API (or its file) is gone from the node, and the worker with it. */
  const forget = async (uid: string): Promise<void> => {
    const worker = workers.get(uid);
    if (worker && worker.state.phase !== 'terminated') return;
    workers.delete(uid);
    reporter.forget(uid);
    objects.release(uid);
    tokens.forget(uid);
    puller.forget(uid);
    backoff.reset(`${uid}/`);
    await worker?.close();
    resizes.forget(uid, [...(known.get(uid)?.keys() ?? [])]);
    void retryResizes().catch(complain);
    const entry = (await listPods(runtime)).get(uid);
    if (entry) await removeDead(runtime, deadOf(entry, true));
    seen.delete(uid);
    known.delete(uid);
    await removeOldLogs(host, settings, (x) => workers.has(x) || x !== uid);
  };

  /** The node itself as the API has it, or as it will be registered: static pods start without the API. */
  const thisNode = async (fresh: boolean): Promise<Node> => {
    if (fresh) return client.get(Nodes, { name: settings.nodeName });
    return nodes.get(settings.nodeName) ?? agent.node() ?? initialNode(await facts(), health, parts, clock.now());
  };
  const premises = async (fresh = false) => ({
    node: await thisNode(fresh),
    apparmor: machine.apparmor,
    pressures: [...evictions.pressures(), ...(health.pidPressure ? ['PIDPressure'] : [])],
  });
  /** Pods that were let in and have not ended, with what they have been given. */
  const active = (): readonly Pod[] =>
    [...workers.values()].flatMap((w) => {
      const s = w.state;
      const inside =
        (s.phase === 'terminating' && s.ended?.refused !== true) ||
        (s.phase === 'syncing' && !isTerminal(w.pod.status.phase));
      return inside ? [resizes.allocated(w.pod)] : [];
    });
  /** Ends a pod for the node's or another pod's sake; resolves when it has ended. */
  const end = async (uid: string, grace: number | undefined, ended: Ended): Promise<void> => {
    const worker = workers.get(uid);
    worker?.terminate(grace, ended);
    await worker?.ended;
  };
  const evictions = createEvictions({
    host,
    runtime,
    clock,
    log: log.child('eviction'),
    settings,
    hard: parts.evictionHard,
    active: () => active().filter((p) => workers.get(uidOf(p))?.state.phase === 'syncing'),
    nodeEvent(reason, message) {
      const node = agent.node();
      if (node) recorder.event(node, 'Warning', reason, message);
    },
    event,
    evict: (pod, message, disruption) =>
      end(uidOf(pod), 1, { reason: 'Evicted', message, ...(disruption && { disruption: message }) }),
    async reclaimDisk() {
      await collect();
      await collectImages(runtime, host, log, lastUsed, clock.now(), { high: 0, low: 0, minAge: 0 });
    },
  });
  const gate = createGate({
    judge: async (pod, fresh) => admit({ ...(await premises(fresh)), pod: resizes.allocated(pod), others: active() }),
    preempt: (uid) =>
      end(uid, undefined, {
        reason: 'Preempting',
        message: preemptionMessage,
        disruption: 'Pod was preempted by Kubelet to accommodate a critical pod.',
      }),
    event,
    log: log.child('admission'),
  });
  const start = (uid: string, pod: Pod): void => {
    const worker = new PodWorker(uid, pod, context);
    workers.set(uid, worker);
    // what has ended needs no leave; it is only to be cleaned up
    if (isTerminal(pod.status.phase)) worker.admit();
    worker.update(pod);
    if (worker.isWaiting) gate.enter(worker);
  };
  const put = (pod: Pod): void => {
    const uid = uidOf(pod);
    if (isMirror(pod)) {
      for (const s of staticPods.values()) if (keyOf(s) === keyOf(pod)) workers.get(uidOf(s))?.trigger();
      if (pod.metadata.deletionTimestamp) void mirrors();
      return;
    }
    const worker = workers.get(uid);
    if (!worker) {
      start(uid, pod);
      return;
    }
    const wasWaiting = worker.isWaiting;
    worker.update(pod);
    if (!wasWaiting) void resizes.consider(pod).catch(complain);
  };
  const removed = (pod: Pod): void => {
    if (isMirror(pod)) {
      void mirrors();
      return;
    }
    const worker = workers.get(uidOf(pod));
    if (!worker) return;
    gone.add(uidOf(pod));
    if (worker.state.phase === 'terminated') void forget(uidOf(pod)).catch(complain);
    else worker.terminate(pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30);
  };
  /** Gone from the API while still running here. */
  const gone = new Set<string>();
  const complain = (e: unknown) => {
    if (!signal.aborted) log.warn('clean-up failed, will be tried again', { error: e as Error });
  };

  pods.addHandler({ onAdd: put, onUpdate: (_, pod) => put(pod), onDelete: removed });

  const setStatic = (list: readonly Pod[]): void => {
    const now = new Map(list.map((p) => [uidOf(p), p]));
    for (const uid of [...staticPods.keys()])
      if (!now.has(uid)) {
        staticPods.delete(uid);
        gone.add(uid);
        workers.get(uid)?.terminate(undefined);
      }
    for (const [uid, pod] of now)
      if (!staticPods.has(uid)) {
        staticPods.set(uid, pod);
        start(uid, pod);
      }
    staticKnown = true;
    relistSoon();
    void mirrors();
  };

  const agent = startNodeAgent(
    {
      client,
      clock,
      log: log.child('node'),
      facts,
      labels: parts.labels,
      taints: parts.taints,
      event: (node, type, reason, message) => recorder.event(node, type, reason, message),
      async health() {
        await checkRuntime();
        const [count] = await Promise.all([host.processCount(), evictions.observe()]);
        const pressures = evictions.pressures();
        health = {
          memoryPressure: pressures.includes('MemoryPressure'),
          diskPressure: pressures.includes('DiskPressure'),
          pidPressure: machine.pidMax - count < machine.pidMax * 0.02,
          notReady: runtimeProblem ?? network,
        };
        return health;
      },
    },
    signal,
  );
  async function checkRuntime(): Promise<void> {
    const before = network;
    try {
      const s = await runtime.status();
      runtimeProblem = s.runtimeReady ? undefined : `container runtime is not ready: ${s.message}`;
      network = s.networkReady ? undefined : s.message;
    } catch (e) {
      runtimeProblem = `container runtime is down: ${(e as Error).message}`;
    }
    if (before !== undefined && network === undefined) for (const w of workers.values()) w.trigger();
  }

  let mirroring = false;
  async function mirrors(): Promise<void> {
    if (mirroring || !staticKnown || !pods.hasSynced) return;
    mirroring = true;
    try {
      const node = await agent.registered;
      const shown = new Set([...staticPods.values()].map(keyOf));
      for (const pod of pods.list()) if (isMirror(pod) && !shown.has(keyOf(pod))) await deleteMirror(client, pod);
      for (const pod of staticPods.values())
        await ensureMirror(client, pod, mirrorOf(pod), { name: settings.nodeName, uid: node.metadata.uid ?? '' });
    } catch (e) {
      if (!signal.aborted) log.warn('mirror pods could not be brought up to date', { error: e as Error });
    } finally {
      mirroring = false;
    }
  }

  // what the runtime has and nobody asked for
  const strange = new Set<string>();
  const sweep = async (index: RuntimeIndex): Promise<void> => {
    if (!pods.hasSynced || !staticKnown) return;
    for (const [uid, entry] of index) {
      if (workers.has(uid) || strange.has(uid)) continue;
      strange.add(uid);
      log.info('stopping what is left of a pod that is gone', { uid });
      const stop = async () => {
        await Promise.all(
          entry.containers
            .filter((c) => c.state === 'running')
            .map((c) =>
              runtime.stopContainer(c.id, Number(c.annotations['io.kubernetes.pod.terminationGracePeriod'] ?? 30)),
            ),
        );
        await Promise.all(entry.sandboxes.map((s) => runtime.stopSandbox(s.id)));
        await removeDead(runtime, {
          containers: entry.containers.map((c) => c.id),
          sandboxes: entry.sandboxes.map((s) => s.id),
        });
      };
      stop().then(
        () => void strange.delete(uid),
        (e) => {
          strange.delete(uid);
          complain(e);
        },
      );
    }
    for (const uid of gone)
      if (!workers.has(uid)) gone.delete(uid);
      else if (workers.get(uid)!.state.phase === 'terminated') await forget(uid);
  };

  /** Directories, cgroups and logs of pods that are gone. */
  const sweepFiles = async (index: RuntimeIndex): Promise<void> => {
    if (!pods.hasSynced || !staticKnown) return;
    const keeps = (uid: string) => workers.has(uid) || index.has(uid) || strange.has(uid);
    for (const uid of await host.fs.readdir(`${settings.rootDir}/pods`).catch(() => [] as string[]))
      if (!keeps(uid)) await volumes.tearDown(uid);
    for (const parent of ['', '/burstable', '/besteffort']) {
      const path = `${settings.cgroupRoot}/kubepods${parent}`;
      for (const child of await host.cgroups.children(path)) {
        const uid = /^pod(.+)$/.exec(child)?.[1];
        if (uid && !keeps(uid)) await host.cgroups.remove(`${path}/${child}`);
      }
    }
    await removeOldLogs(host, settings, keeps);
  };

  let wakeRelist: () => void = () => undefined;
  let relistAgain = false;
  const relistSoon = () => {
    relistAgain = true;
    wakeRelist();
  };
  let listening = false;
  const relistLoop = async () => {
    let ticks = 0;
    while (!signal.aborted) {
      try {
        const index = await listPods(runtime);
        for (const [uid, worker] of workers) {
          const print = fingerprint(index.get(uid));
          if (seen.get(uid) === print) continue;
          seen.set(uid, print);
          worker.trigger();
        }
        await sweep(index);
        if (ticks++ % 12 === 0) await sweepFiles(index);
      } catch (e) {
        complain(e);
      }
      await pause(listening ? relistWithEvents : relistEvery);
    }
  };
  const pause = async (ms: number): Promise<void> => {
    if (!relistAgain)
      await new Promise<void>((resolve) => {
        const timer = clock.after(ms, done);
        function done() {
          timer.cancel();
          signal.removeEventListener('abort', done);
          resolve();
        }
        wakeRelist = done;
        signal.addEventListener('abort', done, { once: true });
      });
    relistAgain = false;
  };
  // the runtime's list may lag behind its events a little
  let later: readonly { cancel(): void }[] = [];
  const somethingChanged = () => {
    relistSoon();
    for (const t of later) t.cancel();
    later = [60, 400].map((ms) => clock.after(ms, relistSoon));
  };
  const listenLoop = async () => {
    while (!signal.aborted) {
      try {
        listening = true;
        for await (const _id of runtime.changes(signal)) somethingChanged();
      } catch (e) {
        if (!signal.aborted) log.debug('the runtime tells of no changes', { error: e as Error });
      }
      listening = false;
      await clock.sleep(5000, signal).catch(() => undefined);
    }
  };

  const every = async (ms: number, what: string, work: () => Promise<void>) => {
    for (;;) {
      try {
        await clock.sleep(ms, signal);
      } catch {
        return;
      }
      await work().catch((e: Error) => {
        if (!signal.aborted) log.warn(`${what} failed`, { error: e });
      });
    }
  };
  const rotate = async () => {
    for (const uid of workers.keys())
      for (const c of known.get(uid)?.values() ?? [])
        if (c.state === 'running' && c.logPath)
          await rotateLog(host, runtime, clock, c.id, c.logPath, {
            maxBytes: settings.containerLogMaxBytes,
            maxFiles: settings.containerLogMaxFiles,
          });
  };
  const collect = async () => {
    const index = await listPods(runtime);
    for (const [uid, entry] of index) if (workers.has(uid)) await removeDead(runtime, deadOf(entry, false));
  };
  const retryResizes = async () => {
    if (resizes.hasPending()) await resizes.retry([...workers.values()].map((w) => w.pod));
  };
  const lastUsed = new Map<string, number>();

  const loops = [
    agent.stopped,
    relistLoop(),
    listenLoop(),
    every(10_000, 'log rotation', rotate),
    every(60_000, 'container garbage collection', collect),
    every(30_000, 'pending resizes', retryResizes),
    every(300_000, 'image garbage collection', () => collectImages(runtime, host, log, lastUsed, clock.now())),
    every(30_000, 'mirror pods', mirrors),
    evictions.run(signal),
  ];
  if (parts.staticPodPath !== undefined)
    loops.push(
      watchStaticPods(
        parts.staticPodPath,
        settings.nodeName,
        { host, clock, log: log.child('static') },
        setStatic,
        signal,
      ),
    );
  void pods.synced(signal).then(
    () => {
      void mirrors();
      relistSoon();
    },
    () => undefined,
  );

  const withStatus = (w: PodWorker): Pod => ({ ...w.pod, status: (w.status ?? w.pod.status) as PodStatus });
  return {
    view: {
      pods: () => [...workers.values()].map(withStatus),
      find(namespace, name, uid) {
        for (const w of workers.values())
          if (namespaceOf(w.pod) === namespace && nameOf(w.pod) === name)
            if (!uid || uid === w.uid || uid === mirrorOf(w.pod)?.metadata.uid) return withStatus(w);
        return undefined;
      },
      observe,
      runtime,
      host,
      settings,
      machine,
    },
    stopped: Promise.allSettled(loops).then(async (results) => {
      for (const t of later) t.cancel();
      probes.close();
      objects.close();
      await Promise.all([...workers.values()].map((w) => w.close()));
      await Promise.all([reporter.idle(), resizes.idle()]);
      const failed = results.find((r) => r.status === 'rejected');
      if (failed && !signal.aborted) throw failed.reason;
    }),
  };
}

/** The runtime may come up after the kubelet: asks until it answers. */
async function untilAnswered<T>(ask: () => Promise<T>, clock: Clock, log: Logger, signal: AbortSignal): Promise<T> {
  for (let tries = 0; ; tries++)
    try {
      return await ask();
    } catch (e) {
      signal.throwIfAborted();
      if (tries % 50 === 0) log.warn('waiting for the container runtime', { error: e as Error });
      await clock.sleep(100, signal);
    }
}
