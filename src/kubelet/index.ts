/** The face of the kubelet: start it with what it runs on, get back when it has stopped. */
import type { Node } from '../api/core/v1/types.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Running } from '../base/running.ts';
import type { EventRecorder, InformerFactory } from '../client/cache.ts';
import type { Client } from '../client/client.ts';
import { connectContainerRuntime } from './cri/containerd.ts';
import type { ContainerRuntime } from './cri.ts';
import { linuxHost } from './host/linux.ts';
import type { Host } from './host.ts';
import type { EvictionHard } from './eviction/evictions.ts';
import { runKubelet } from './kubelet.ts';
import { type KubeletServerOptions, startKubeletServer } from './server/server.ts';
import type { KubeletSettings } from './settings.ts';

export type { ContainerRuntime } from './cri.ts';
export type { Host } from './host.ts';
export type { EvictionHard } from './eviction/evictions.ts';
export { connectContainerRuntime } from './cri/containerd.ts';

export interface KubeletOptions {
  /** Authenticated as `system:node:<nodeName>`. */
  readonly client: Client;
  /** Not yet started for pods and services; the kubelet asks for both and starts it. */
  readonly informers: InformerFactory;
  readonly recorder: EventRecorder;
  readonly nodeName: string;
  readonly nodeIPs: readonly string[];
  /** The node's hostname label and address; default: nodeName. */
  readonly hostname?: string;
  /** `/run/containerd/containerd.sock`, with or without `unix://`. */
  readonly criSocket: string;
  /** Default /var/lib/kubelet. */
  readonly rootDir?: string;
  /** Default /var/log/pods. */
  readonly podLogsDir?: string;
  /** Default /var/log/containers; null = no symlinks. */
  readonly containerLogsDir?: string | null;
  readonly staticPodPath?: string;
  readonly clusterDNS?: readonly string[];
  /** Default cluster.local. */
  readonly clusterDomain?: string;
  /** Default /etc/resolv.conf; '' = none. */
  readonly resolvConf?: string;
  /** Above /kubepods; default '' = the root of the hierarchy. */
  readonly cgroupRoot?: string;
  /** Default 110. */
  readonly maxPods?: number;
  readonly podPidsLimit?: number;
  readonly containerLogMaxBytes?: number;
  readonly containerLogMaxFiles?: number;
  /** Overrides of capacity and allocatable, as quantity texts. */
  readonly capacity?: Readonly<Record<string, string>>;
  readonly nodeLabels?: Readonly<Record<string, string>>;
  readonly registerWithTaints?: NonNullable<Node['spec']['taints']>;
  readonly evictionHard?: Partial<EvictionHard>;
  /** Absent = no server. */
  readonly server?: KubeletServerOptions;
  readonly clock: Clock;
  readonly log: Logger;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
  /** Other edges, for tests. */
  readonly runtime?: ContainerRuntime;
  readonly host?: Host;
}

/** Upstream's version this kubelet speaks for. */
export const kubeletVersion = 'v1.36.3';

/** Resolves once the server listens and the node agent has begun; pods outlive the kubelet. */
export async function startKubelet(options: KubeletOptions, signal: AbortSignal): Promise<Running> {
  const { clock, log } = options;
  const settings: KubeletSettings = {
    nodeName: options.nodeName,
    hostname: options.hostname ?? options.nodeName,
    nodeIPs: options.nodeIPs,
    rootDir: options.rootDir ?? '/var/lib/kubelet',
    podLogsDir: options.podLogsDir ?? '/var/log/pods',
    containerLogsDir:
      options.containerLogsDir === null ? undefined : (options.containerLogsDir ?? '/var/log/containers'),
    clusterDNS: options.clusterDNS ?? [],
    clusterDomain: options.clusterDomain ?? 'cluster.local',
    resolvConf: options.resolvConf ?? '/etc/resolv.conf',
    cgroupRoot: options.cgroupRoot ?? '',
    maxPods: options.maxPods ?? 110,
    podPidsLimit: options.podPidsLimit ?? -1,
    containerLogMaxBytes: options.containerLogMaxBytes ?? 10 * 2 ** 20,
    containerLogMaxFiles: options.containerLogMaxFiles ?? 5,
    version: kubeletVersion,
  };
  const host = options.host ?? (await linuxHost());
  for (const dir of [`${settings.rootDir}/pods`, settings.podLogsDir, settings.containerLogsDir])
    if (dir) await host.fs.mkdir(dir, { recursive: true, mode: 0o750 });
  const machine = await host.facts();
  const runtime = options.runtime ?? connectContainerRuntime(options.criSocket);
  const stop = new AbortController();
  const inner = AbortSignal.any([signal, stop.signal]);
  try {
    const kubelet = await runKubelet(
      {
        client: options.client,
        informers: options.informers,
        recorder: options.recorder,
        runtime,
        host,
        machine,
        settings,
        clock,
        random: options.random,
        log,
        port: options.server?.port ?? 10_250,
        staticPodPath: options.staticPodPath,
        capacity: options.capacity ?? {},
        labels: options.nodeLabels,
        taints: options.registerWithTaints,
        evictionHard: {
          memoryAvailableBytes: 100 * 2 ** 20,
          nodefsAvailablePercent: 10,
          nodefsInodesFreePercent: 5,
          ...options.evictionHard,
        },
      },
      inner,
    );
    const server = options.server
      ? await startKubeletServer(
          options.server,
          { view: kubelet.view, client: options.client, clock, log: log.child('server') },
          inner,
        )
      : undefined;
    return {
      stopped: Promise.all([kubelet.stopped, server?.stopped]).then(
        () => runtime.close(),
        (e) => {
          stop.abort(e);
          runtime.close();
          throw e;
        },
      ),
    };
  } catch (e) {
    stop.abort(e);
    runtime.close();
    throw e;
  }
}
