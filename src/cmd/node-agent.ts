/** What runs on a node in one process: pod network, kubelet, kube-proxy, cluster DNS. */
import { readFile, readdir } from 'node:fs/promises';
import { EndpointSlices } from '../api/discovery/v1/resources.ts';
import { Namespaces, Nodes, Pods, Services } from '../api/core/v1/resources.ts';
import { ServiceCIDRs } from '../api/networking/v1/resources.ts';
import { realClock } from '../base/clock.ts';
import { createNft } from '../base/net/nft.ts';
import { createEventRecorder, createInformerFactory } from '../client/index.ts';
import { startDns } from '../dns/index.ts';
import { startKubelet } from '../kubelet/index.ts';
import { ensureBridge, type NodeNetwork, startNetwork } from '../network/index.ts';
import { forgetStaleFlows } from '../proxy/conntrack.ts';
import { startProxy } from '../proxy/index.ts';
import { type ClusterSettings, paths } from './cluster-settings.ts';
import { componentStart } from './component-options.ts';
import { certificateClient } from './connect.ts';
import { keepSupervisors } from './host/keep-supervisors.ts';
import { componentSpec } from './lifecycle/component-spec.ts';
import { ensureSystemImages, prepareContainerd, socketReady } from './lifecycle/containerd.ts';
import { exitOnFault, shutdownSignal } from './shutdown.ts';

const clock = realClock;
const random = Math.random;

/** `k8ts node-agent --data-dir DIR`: runs until TERM. Pods outlive it. */
export async function nodeAgent(args: readonly string[]): Promise<void> {
  const { settings: s, log } = await componentStart('node-agent', args);
  exitOnFault(log);
  const signal = shutdownSignal(log);
  void keepSupervisors({
    settings: s,
    clock,
    log,
    signal,
    processes: { containerd: () => prepareContainerd(s), 'control-plane': () => componentSpec(s, 'control-plane') },
    logs: ['node-agent', 'containerd'],
  });
  const network: NodeNetwork = {
    bridge: s.bridge,
    podCidr: s.podCidr,
    clusterCidr: s.podCidr,
    gateway: s.bridgeIP,
    mtu: await hostMtu(),
    ipamDir: `${paths(s).cni}/networks`,
  };
  // First of all: the API server and DNS answer on the bridge.
  await ensureBridge(network);
  const rules = createNft(s.runDir);
  const nodeClient = await certificateClient(s, 'kubelet-client', 'kubelet/v1.36 (k8ts)');
  const nodeInformers = createInformerFactory({ client: nodeClient, clock, random, log: log.child('informers') });
  const proxyClient = await certificateClient(s, 'kube-proxy', 'kube-proxy/v1.36 (k8ts)');
  const dnsClient = await certificateClient(s, 'coredns', 'coredns/v1.36 (k8ts)');
  const proxyInformers = createInformerFactory({ client: proxyClient, clock, random, log: log.child('informers') });
  const services = proxyInformers.informer(Services);
  const slices = proxyInformers.informer(EndpointSlices);
  const dnsInformers = createInformerFactory({ client: dnsClient, clock, random, log: log.child('informers') });

  const dns = await startDns(
    {
      host: s.bridgeIP,
      port: 53,
      domain: s.clusterDomain,
      informers: { services, slices, namespaces: dnsInformers.informer(Namespaces) },
      resolvConf: '/etc/resolv.conf',
      own: [s.dnsIP, s.bridgeIP],
      status: { host: '127.0.0.1', readyPort: 8181, metricsPort: 9153 },
      random,
      clock,
      log: log.child('dns'),
    },
    signal,
  );
  const proxy = startProxy(
    {
      nodeName: s.nodeName,
      nodeIPs: [s.nodeIP],
      families: ['IPv4'],
      clusterCidr: { IPv4: s.podCidr },
      services,
      slices,
      serviceCIDRs: proxyInformers.informer(ServiceCIDRs),
      node: proxyInformers.informer(Nodes, { fieldSelector: `metadata.name=${s.nodeName}` }),
      rules,
      forget: forgetStaleFlows,
      recorder: createEventRecorder({
        client: proxyClient,
        component: 'kube-proxy',
        host: s.nodeName,
        clock,
        log: log.child('events'),
      }),
      status: { host: '127.0.0.1', healthPort: 10256, metricsPort: 10249 },
      clock,
      log: log.child('proxy'),
    },
    signal,
  );
  proxyInformers.start(signal);
  dnsInformers.start(signal);

  const pods = nodeInformers.informer(Pods, { fieldSelector: `spec.nodeName=${s.nodeName}` });
  const net = await startNetwork(
    { network, cniConfDir: paths(s).cni, rules, pods, clock, log: log.child('network') },
    signal,
  );
  await socketReady(paths(s).containerdSocket, clock, 30_000);
  await ensureSystemImages(s);
  const kubelet = await startKubelet(
    {
      client: nodeClient,
      informers: nodeInformers,
      recorder: createEventRecorder({
        client: nodeClient,
        component: 'kubelet',
        host: s.nodeName,
        clock,
        log: log.child('events'),
      }),
      nodeName: s.nodeName,
      nodeIPs: [s.nodeIP],
      criSocket: paths(s).containerdSocket,
      rootDir: paths(s).kubelet,
      podLogsDir: paths(s).podLogs,
      containerLogsDir: null,
      // The disk is also somebody's own, and often fuller than a server's: half of upstream's reserve.
      evictionHard: { nodefsAvailablePercent: 5 },
      staticPodPath: paths(s).manifests,
      clusterDNS: [s.dnsIP],
      clusterDomain: s.clusterDomain,
      server: await kubeletServer(s),
      clock,
      log: log.child('kubelet'),
      random,
    },
    signal,
  );
  nodeInformers.start(signal);
  await Promise.all([dns.stopped, proxy.stopped, net.stopped, kubelet.stopped]);
  await Promise.all([nodeClient.close(), proxyClient.close(), dnsClient.close(), rules.close()]);
  log.info('stopped');
  process.exit(0);
}

async function kubeletServer(s: ClusterSettings) {
  const pki = paths(s).pki;
  const [cert, key, clientCa] = await Promise.all([
    readFile(`${pki}/kubelet.crt`, 'utf8'),
    readFile(`${pki}/kubelet.key`, 'utf8'),
    readFile(`${pki}/ca.crt`, 'utf8'),
  ]);
  return { address: '127.0.0.1', port: s.kubeletPort, cert, key, clientCA: clientCa };
}

/** The MTU of the interface the default route leads to: packets of pods must fit through it. */
async function hostMtu(): Promise<number> {
  const routes = await readFile('/proc/net/route', 'utf8').catch(() => '');
  const device = routes
    .split('\n')
    .map((l) => l.split('\t'))
    .find((f) => f[1] === '00000000')?.[0];
  const known = await readdir('/sys/class/net').catch((): string[] => []);
  if (!device || !known.includes(device)) return 1500;
  return Number(await readFile(`/sys/class/net/${device}/mtu`, 'utf8')) || 1500;
}
