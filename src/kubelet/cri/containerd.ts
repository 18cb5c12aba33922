/** CRI v1 over gRPC on a unix socket (containerd 1.6 and later, CRI-O): the edge where calls leave the process. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { ChannelCredentials, ServiceError } from '@grpc/grpc-js';
import type {
  AuthConfig,
  ContainerConfig,
  ContainerRuntime,
  ContainerState,
  ContainerStats,
  ContainerStatus,
  ExecResult,
  LinuxContainerResources,
  NamespaceMode,
  RuntimeImage,
  RuntimeMount,
  SandboxConfig,
  SandboxSummary,
  StreamRequest,
} from '../cri.ts';
import { RuntimeError } from '../cri.ts';

const require = createRequire(import.meta.url);
const grpc = require('@grpc/grpc-js') as typeof import('@grpc/grpc-js');
const loader = require('@grpc/proto-loader') as typeof import('@grpc/proto-loader');

type Unary = (
  request: unknown,
  options: { deadline?: number },
  done: (e: ServiceError | null, response: unknown) => void,
) => { cancel(): void };
interface RpcClient {
  close(): void;
  [method: string]: unknown;
}
interface EventStream extends AsyncIterable<{ event?: { value?: Buffer } }> {
  cancel(): void;
  on(event: 'error', fn: (e: Error) => void): void;
}
type Service = new (address: string, credentials: ChannelCredentials, options: Record<string, unknown>) => RpcClient;

const states: Record<string, ContainerState> = {
  CONTAINER_CREATED: 'created',
  CONTAINER_RUNNING: 'running',
  CONTAINER_EXITED: 'exited',
  CONTAINER_UNKNOWN: 'unknown',
};
const ms = (nanoseconds: number): number => Math.floor(nanoseconds / 1e6);

interface WireMeta {
  name: string;
  uid: string;
  namespace: string;
  attempt: number;
}
interface WireSandbox {
  id: string;
  metadata: WireMeta;
  state: string;
  createdAt: number;
  network?: { ip: string; additionalIps: { ip: string }[] } | null;
  linux?: { namespaces?: { options?: { network: NamespaceMode } | null } | null } | null;
}
interface WireContainer {
  id: string;
  podSandboxId: string;
  metadata: { name: string; attempt: number };
  state: string;
  createdAt: number;
  startedAt: number;
  finishedAt: number;
  exitCode: number;
  image: { image: string } | null;
  imageRef: string;
  reason: string;
  message: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  mounts: RuntimeMount[];
  logPath: string;
  resources: { linux: LinuxContainerResources | null } | null;
  user: { linux: { uid: number; gid: number; supplementalGroups: number[] } | null } | null;
}
interface WireImage {
  id: string;
  repoTags: string[];
  repoDigests: string[];
  size: number;
  uid: { value: number } | null;
  username: string;
  pinned: boolean;
}
interface Value {
  value: number;
}
interface WireStats {
  attributes: { id: string; metadata: { name: string } | null; labels: Record<string, string> } | null;
  cpu: { usageCoreNanoSeconds: Value | null } | null;
  memory: Record<string, Value | null> | null;
  writableLayer: { usedBytes: Value | null; inodesUsed: Value | null } | null;
}

const sandboxOf = (s: WireSandbox): SandboxSummary => ({
  id: s.id,
  metadata: s.metadata,
  ready: s.state === 'SANDBOX_READY',
  createdAt: ms(s.createdAt),
});
const imageOf = (i: WireImage): RuntimeImage => ({
  id: i.id,
  repoTags: i.repoTags,
  repoDigests: i.repoDigests,
  size: i.size,
  ...(i.uid && { uid: i.uid.value }),
  username: i.username,
  pinned: i.pinned,
});
const statusOf = (s: WireContainer): ContainerStatus => ({
  id: s.id,
  name: s.metadata.name,
  attempt: s.metadata.attempt,
  state: states[s.state] ?? 'unknown',
  createdAt: ms(s.createdAt),
  startedAt: ms(s.startedAt),
  finishedAt: ms(s.finishedAt),
  exitCode: s.exitCode,
  image: s.image?.image ?? '',
  imageRef: s.imageRef,
  reason: s.reason,
  message: s.message,
  labels: s.labels,
  annotations: s.annotations,
  mounts: s.mounts,
  logPath: s.logPath,
  ...(s.resources?.linux && { resources: s.resources.linux }),
  ...(s.user?.linux && { user: s.user.linux }),
});

/** The first field of every containerd task event is the container id: field 1, length-delimited. */
export function containerIdOfEvent(value: Buffer): string | undefined {
  if (value[0] !== 0x0a) return undefined;
  const length = value[1];
  return length === undefined || length >= 0x80 ? undefined : value.toString('utf8', 2, 2 + length);
}

/** `socket`: path, with or without `unix://`. Nothing is sent before the first call. */
/** containerd's own client: for what CRI has no call. */
const ctr = (socket: string, ...args: string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const all = ['-a', socket.replace(/^unix:\/\//, ''), '-n', 'k8s.io', ...args];
    execFile('ctr', all, { timeout: 120_000 }, (e, _, stderr) =>
      e ? reject(new RuntimeError(2, stderr.trim().replace(/^ctr: /, '') || e.message)) : resolve(),
    );
  });

export function connectContainerRuntime(socket: string): ContainerRuntime {
  const address = `unix://${socket.replace(/^unix:\/\//, '')}`;
  const load = (file: string) =>
    grpc.loadPackageDefinition(
      loader.loadSync(fileURLToPath(new URL(file, import.meta.url)), {
        longs: Number,
        enums: String,
        defaults: true,
        bytes: Buffer,
      }),
    ) as unknown as Record<string, Record<string, unknown>>;
  const api = load('./api.proto')['runtime']!['v1'] as { RuntimeService: Service; ImageService: Service };
  // max idle: a connection that lost its peer is retried at once, so that a restarted runtime is found again
  const options = {
    'grpc.default_authority': 'localhost',
    'grpc.max_receive_message_length': 64 << 20,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2000,
  };
  const open = (service: Service) => new service(address, grpc.credentials.createInsecure(), options);
  const runtime = open(api.RuntimeService);
  const imageService = open(api.ImageService);
  const opened = [runtime, imageService];

  const call = <R>(
    client: RpcClient,
    method: string,
    request: unknown,
    timeoutMs = 120_000,
    signal?: AbortSignal,
  ): Promise<R> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new RuntimeError(1, 'canceled'));
      const running = (client[method] as Unary).call(
        client,
        request,
        timeoutMs ? { deadline: Date.now() + timeoutMs } : {},
        (e, response) => {
          signal?.removeEventListener('abort', cancel);
          if (e) reject(new RuntimeError(e.code, rpcText(e)));
          else resolve(response as R);
        },
      );
      const cancel = () => running.cancel();
      signal?.addEventListener('abort', cancel, { once: true });
    });
  const gone = async (done: Promise<unknown>): Promise<void> => {
    try {
      await done;
    } catch (e) {
      if (!(e instanceof RuntimeError && e.notFound)) throw e;
    }
  };

  return {
    async version() {
      const v = await call<{ runtimeName: string; runtimeVersion: string }>(runtime, 'version', { version: '0.1.0' });
      return { name: v.runtimeName, version: v.runtimeVersion };
    },
    async status() {
      const { status } = await call<{
        status: { conditions: { type: string; status: boolean; reason: string; message: string }[] } | null;
      }>(runtime, 'status', {}, 10_000);
      const find = (type: string) => status?.conditions.find((c) => c.type === type);
      const bad = status?.conditions.filter((c) => !c.status) ?? [];
      return {
        runtimeReady: find('RuntimeReady')?.status ?? false,
        networkReady: find('NetworkReady')?.status ?? false,
        message: bad
          .map(
            (c) => `container runtime network not ready: ${c.type}=${c.status} reason:${c.reason} message:${c.message}`,
          )
          .join(', '),
      };
    },
    async list() {
      const [sandboxes, containers] = await Promise.all([
        call<{ items: WireSandbox[] }>(runtime, 'listPodSandbox', {}),
        call<{ containers: WireContainer[] }>(runtime, 'listContainers', {}),
      ]);
      return {
        sandboxes: sandboxes.items.map(sandboxOf),
        containers: containers.containers.map((c) => ({
          id: c.id,
          sandboxId: c.podSandboxId,
          name: c.metadata.name,
          attempt: c.metadata.attempt,
          state: states[c.state] ?? 'unknown',
          createdAt: ms(c.createdAt),
          labels: c.labels,
          annotations: c.annotations,
          imageRef: c.imageRef,
        })),
      };
    },
    async runSandbox(config, o) {
      const r = await call<{ podSandboxId: string }>(
        runtime,
        'runPodSandbox',
        { config, runtimeHandler: o?.handler ?? '' },
        240_000,
        o?.signal,
      );
      return r.podSandboxId;
    },
    async sandboxStatus(id) {
      const { status } = await call<{ status: WireSandbox }>(runtime, 'podSandboxStatus', { podSandboxId: id });
      return {
        ...sandboxOf(status),
        ips: [status.network?.ip ?? '', ...(status.network?.additionalIps ?? []).map((i) => i.ip)].filter(Boolean),
        network: status.linux?.namespaces?.options?.network ?? 'POD',
      };
    },
    stopSandbox: (id) => gone(call(runtime, 'stopPodSandbox', { podSandboxId: id })),
    removeSandbox: (id) => gone(call(runtime, 'removePodSandbox', { podSandboxId: id })),
    async createContainer(sandboxId: string, config: ContainerConfig, sandboxConfig: SandboxConfig) {
      const r = await call<{ containerId: string }>(runtime, 'createContainer', {
        podSandboxId: sandboxId,
        config,
        sandboxConfig,
      });
      return r.containerId;
    },
    startContainer: (id) => call(runtime, 'startContainer', { containerId: id }),
    async containerStatus(id) {
      return statusOf((await call<{ status: WireContainer }>(runtime, 'containerStatus', { containerId: id })).status);
    },
    stopContainer: (id, timeout, o) =>
      gone(call(runtime, 'stopContainer', { containerId: id, timeout }, (timeout + 120) * 1000, o?.signal)),
    removeContainer: (id) => gone(call(runtime, 'removeContainer', { containerId: id })),
    updateResources: (id, linux) => call(runtime, 'updateContainerResources', { containerId: id, linux }),
    reopenLog: (id) => call(runtime, 'reopenContainerLog', { containerId: id }),
    exec: (id, cmd, timeoutMs) =>
      // containerd 1.6 may answer long after its own timeout: ours ends the wait
      call<ExecResult>(
        runtime,
        'execSync',
        { containerId: id, cmd, timeout: Math.ceil(timeoutMs / 1000) },
        timeoutMs ? timeoutMs + 2000 : 0,
      ),
    async stream(r: StreamRequest) {
      const { kind, ...rest } = r;
      const method = { exec: 'exec', attach: 'attach', portforward: 'portForward' }[kind];
      const request = r.kind === 'portforward' ? { podSandboxId: r.sandboxId, port: [] } : rest;
      return (await call<{ url: string }>(runtime, method, request)).url;
    },
    async stats() {
      const { stats } = await call<{ stats: WireStats[] }>(runtime, 'listContainerStats', {});
      return stats.map(
        (s): ContainerStats => ({
          id: s.attributes?.id ?? '',
          name: s.attributes?.metadata?.name ?? '',
          labels: s.attributes?.labels ?? {},
          cpuNanoSeconds: s.cpu?.usageCoreNanoSeconds?.value ?? 0,
          workingSetBytes: s.memory?.['workingSetBytes']?.value ?? 0,
          usageBytes: s.memory?.['usageBytes']?.value ?? 0,
          rssBytes: s.memory?.['rssBytes']?.value ?? 0,
          pageFaults: s.memory?.['pageFaults']?.value ?? 0,
          majorPageFaults: s.memory?.['majorPageFaults']?.value ?? 0,
          writableLayerBytes: s.writableLayer?.usedBytes?.value ?? 0,
          writableLayerInodes: s.writableLayer?.inodesUsed?.value ?? 0,
        }),
      );
    },
    images: {
      async list() {
        return (await call<{ images: WireImage[] }>(imageService, 'listImages', {})).images.map(imageOf);
      },
      async status(image) {
        const r = await call<{ image: WireImage | null }>(imageService, 'imageStatus', { image: { image } });
        return r.image ? imageOf(r.image) : undefined;
      },
      async pull(image, auth: AuthConfig | undefined, sandboxConfig, o) {
        const r = await call<{ imageRef: string }>(
          imageService,
          'pullImage',
          { image: { image }, auth, sandboxConfig },
          0,
          o?.signal,
        );
        return r.imageRef;
      },
      remove: (image) => gone(call(imageService, 'removeImage', { image: { image } })),
      async fsInfo() {
        const r = await call<{
          imageFilesystems: { fsId: { mountpoint: string } | null; usedBytes: Value | null }[];
        }>(imageService, 'imageFsInfo', {});
        const fs = r.imageFilesystems[0];
        return { mountpoint: fs?.fsId?.mountpoint ?? '/', usedBytes: fs?.usedBytes?.value ?? 0 };
      },
      async mount(imageRef, target) {
        const attempt = () => ctr(socket, 'images', 'mount', imageRef, target);
        await attempt().catch(async (e: Error) => {
          if (!e.message.includes('already exists')) throw e;
          // the snapshot of a mount that a reboot took away
          await ctr(socket, 'images', 'unmount', '--rm', target);
          await attempt();
        });
      },
      unmount: (target) => ctr(socket, 'images', 'unmount', '--rm', target),
    },
    async *changes(signal) {
      const events = load('./events.proto')['containerd'] as unknown as {
        services: { events: { v1: { Events: Service } } };
      };
      const client = open(events.services.events.v1.Events);
      opened.push(client);
      const subscribe = client['subscribe'] as (request: unknown) => EventStream;
      const stream = subscribe.call(client, { filters: ['namespace==k8s.io,topic~="/tasks/(start|exit|oom)"'] });
      stream.on('error', () => undefined); // the iteration throws it
      const cancel = () => stream.cancel();
      signal.addEventListener('abort', cancel, { once: true });
      try {
        for await (const envelope of stream) {
          const id = envelope.event?.value && containerIdOfEvent(envelope.event.value);
          if (id) yield id;
        }
      } catch (e) {
        if (!signal.aborted) throw new RuntimeError((e as ServiceError).code ?? 2, rpcText(e as ServiceError));
      } finally {
        signal.removeEventListener('abort', cancel);
        stream.cancel();
        client.close();
      }
    },
    close() {
      for (const client of opened) client.close();
    },
  };
}

/** grpc-js prefixes `2 UNKNOWN: `; what the runtime said is in details. */
const rpcText = (e: ServiceError): string => e.details || e.message;
