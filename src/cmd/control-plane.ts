/** The control plane in one process: store, API server, controllers, scheduler; the last two talk to the first in memory. */
import { readFile } from 'node:fs/promises';
import { ensureBootstrapObjects } from '../apiserver/bootstrap/index.ts';
import { apiServerUser, authenticated, serviceAccountUser } from '../apiserver/auth/index.ts';
import { type Backends, createBackends } from '../apiserver/index.ts';
import { type Clock, realClock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import {
  createClient,
  createEventRecorder,
  createEventSeriesRecorder,
  createInformerFactory,
  type Transport,
} from '../client/index.ts';
import { startControllers } from '../controllers/index.ts';
import { startScheduler } from '../scheduler/index.ts';
import { createMemoryStore, openDiskStore, startCompaction, type Store } from '../storage/index.ts';
import { assembleApiServer, tokenIssuerOf } from './api-server.ts';
import { type ClusterSettings, paths } from './cluster-settings.ts';
import { componentStart } from './component-options.ts';
import { ensureDnsService } from './dns-service.ts';
import { keepSupervisors } from './host/keep-supervisors.ts';
import { componentSpec } from './lifecycle/component-spec.ts';
import { exitOnFault, shutdownSignal } from './shutdown.ts';

/** A component that is known by its name alone: what it may do, RBAC says. */
const user = (name: string) => authenticated({ name, uid: '', groups: [], extra: {} });
const clock: Clock = realClock;
/** Requests at work when TERM comes have so long to end. */
const drainMs = 5_000;

/** `k8ts control-plane --data-dir DIR`: runs until TERM. */
export async function controlPlane(args: readonly string[]): Promise<void> {
  const { settings: s, log } = await componentStart('control-plane', args);
  exitOnFault(log);
  const signal = shutdownSignal(log);
  void keepSupervisors({
    settings: s,
    clock,
    log,
    signal,
    processes: { 'node-agent': () => componentSpec(s, 'node-agent') },
    logs: ['control-plane'],
  });
  const began = clock.monotonic();
  const pki = paths(s).pki;
  const pem = (file: string) => readFile(`${pki}/${file}`, 'utf8');
  const [ca, requestHeaderCa, cert, key, kubeletCert, kubeletKey, serviceAccountKey] = await Promise.all([
    pem('ca.crt'),
    pem('front-proxy-ca.crt'),
    pem('apiserver.crt'),
    pem('apiserver.key'),
    pem('apiserver-kubelet-client.crt'),
    pem('apiserver-kubelet-client.key'),
    pem('sa.key'),
  ]);
  const store = await openStore(s, log);
  startCompaction(store, { clock, signal, log: log.child('compaction') });
  // Controllers and scheduler live in this process: when one dies, so does it.
  let started = false;
  const server = await assembleApiServer({
    serviceAccountKey: `${pki}/sa.key`,
    serviceAccountPub: `${pki}/sa.pub`,
    clusterDomain: s.clusterDomain,
    serviceCidrs: [s.serviceCidr],
    store,
    components: {
      'etcd-0': () => store.currentRevision().then(() => undefined),
      'controller-manager': async () => (started ? undefined : 'not started yet'),
      scheduler: async () => (started ? undefined : 'not started yet'),
    },
    backends: kubeletOnLoopback(s, createBackends({ cert: kubeletCert, key: kubeletKey, kubeletCa: ca })),
    clock,
    log: log.child('apiserver'),
  });
  const tls = { cert, key, clientCa: ca, requestHeaderCa };
  await server.listen({ host: '127.0.0.1', port: s.apiPort, tls });
  await server.ready(signal);
  const client = (name: string, transport: Transport) => createClient(transport, { userAgent: `${name}/v1.36 (k8ts)` });
  const loopback = client('kube-apiserver', server.transport(apiServerUser));
  await ensureBootstrapObjects(loopback, {
    serviceCidrs: [s.serviceCidr],
    serviceIP: s.serviceIP,
    advertiseAddress: s.bridgeIP,
    securePort: s.apiPort,
    clientCa: ca,
    requestHeaderCa,
    clock,
  });
  log.info('API server ready', { ms: Math.round(clock.monotonic() - began), port: s.apiPort });
  void ensureDnsService(loopback, s, clock, log.child('dns'), signal);
  void listenOnBridge(() => server.listen({ host: s.bridgeIP, port: s.apiPort, tls }), s, log, signal);

  const controllers = client('kube-controller-manager', server.transport(user('system:kube-controller-manager')));
  const clientFor = (account: string) =>
    client('kube-controller-manager', server.transport(serviceAccountUser('kube-system', account)));
  const controllerInformers = createInformerFactory({
    client: controllers,
    clock,
    random: Math.random,
    log: log.child('informers'),
  });
  const schedulerClient = client('kube-scheduler', server.transport(user('system:kube-scheduler')));
  const running = [
    startControllers(
      {
        client: controllers,
        clientFor,
        informers: controllerInformers,
        recorderFor: (component, own) =>
          createEventRecorder({ client: own, component, clock, log: log.child('events') }),
        clock,
        log: log.child('controllers'),
        random: Math.random,
        rootCa: ca,
        legacyToken: tokenIssuerOf(serviceAccountKey, s.clusterDomain, clock).legacyToken,
        clusterCidr: s.podCidr,
      },
      signal,
    ),
    startScheduler(
      {
        client: schedulerClient,
        informers: controllerInformers,
        recorder: createEventSeriesRecorder({
          client: schedulerClient,
          controller: 'default-scheduler',
          host: s.nodeName,
          clock,
          log: log.child('events'),
          signal,
        }),
        clock,
        log: log.child('scheduler'),
        random: Math.random,
      },
      signal,
    ),
  ];
  controllerInformers.start(signal);
  started = true;
  await Promise.all(running.map((r) => r.stopped));
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await server.close(drainMs);
  await store.close();
  log.info('stopped');
  process.exit(0);
}

async function openStore(s: ClusterSettings, log: Logger): Promise<Store> {
  if (s.store === 'memory') return createMemoryStore({ clock });
  return openDiskStore({ dir: paths(s).store, clock, log: log.child('store') });
}

/** The kubelet of this machine listens on loopback only: its node address leads there. */
function kubeletOnLoopback(s: ClusterSettings, backends: Backends): Backends {
  return {
    ...backends,
    connect: (channel, host, port, signal) =>
      backends.connect(channel, channel === 'kubelet' && host === s.nodeIP ? '127.0.0.1' : host, port, signal),
  };
}

/** Pods reach the server on the bridge, which the node agent makes: tried until it is there. */
async function listenOnBridge(
  listen: () => Promise<unknown>,
  s: ClusterSettings,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  for (let waited = 0; !signal.aborted; waited++) {
    try {
      await listen();
      log.info('listening for pods', { address: `${s.bridgeIP}:${s.apiPort}` });
      return;
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code !== 'EADDRNOTAVAIL' && waited % 100 === 0)
        log.warn('cannot listen for pods yet', { address: s.bridgeIP, error: e as Error });
      await clock.sleep(50, signal).catch(() => {});
    }
  }
}
