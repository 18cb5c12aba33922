/**
 * Performs what syncPod decided: sandboxes and containers made, started, stopped, resized, with upstream's events and reasons.
 * Over 500 lines because the steps of one start share the pod, its place and its events.
 */
import { join } from 'node:path';
import type { Pod, Secret, Service } from '../../api/core/v1/types.ts';
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import { type ContainerRuntime, RuntimeError, type SandboxConfig } from '../cri.ts';
import type { Host, MachineFacts } from '../host.ts';
import { type ImagePuller, StartError } from '../images/image-puller.ts';
import { parseImageName } from '../images/reference.ts';
import { actuate } from '../resize/actuate.ts';
import { type Actuated, resizings } from '../resize/plan.ts';
import type { KubeletSettings } from '../settings.ts';
import { containerMounts } from '../volumes/container-mounts.ts';
import type { ObjectCache } from '../volumes/object-cache.ts';
import { mountImageVolume } from '../volumes/image-volumes.ts';
import type { MountedVolume, MountedVolumes } from '../volumes/pod-volumes.ts';
import { type Backoff, durationText } from './backoff.ts';
import { containerConfig } from './container-config.ts';
import { parseResolvConf, podDns } from './dns.ts';
import { containerEnv, type DownwardFacts } from './env.ts';
import {
  type AnyContainer,
  ephemeralOf,
  findContainer,
  initOf,
  isHostNetwork,
  isSidecar,
  legacyLogName,
  logPath,
  namespaceOf,
  podLogDirectory,
  podText,
  uidOf,
} from './identity.ts';
import { runHook } from './lifecycle.ts';
import { latest, type ObservedPod, restartsAll } from './observed.ts';
import { restartCountByLogs } from './observe.ts';
import { podAmounts, podCgroup, quotaOf, sharesOf } from './resources.ts';
import { sandboxConfig } from './sandbox-config.ts';
import type { KillReason, Op } from './sync-pod.ts';

export type PodEvent = (
  pod: Pod,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  container?: string,
) => void;

export interface ExecutorContext {
  readonly runtime: ContainerRuntime;
  readonly host: Host;
  readonly facts: MachineFacts;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly settings: KubeletSettings;
  readonly objects: ObjectCache;
  readonly puller: ImagePuller;
  readonly backoff: Backoff;
  readonly event: PodEvent;
  readonly services: () => Promise<readonly Service[]>;
  readonly downward: (podIPs: readonly string[]) => DownwardFacts;
  /** Of lifecycle hooks. */
  readonly userAgent: string;
  /** The handler of a RuntimeClass; rejects when there is no such class. */
  runtimeHandler(className: string): Promise<string>;
  readonly actuated: Actuated;
  gave(containerId: string, resources: AnyContainer['resources']): void;
}

/** Of one container's start: why it waits. Kept until it starts. */
export interface StartFailure {
  readonly container: string;
  readonly reason: string;
  readonly message: string;
  readonly retryAt: number | undefined;
}
export interface Performed {
  readonly failures: readonly StartFailure[];
  readonly started: readonly string[];
  /** Why containers could not be given other resources. */
  readonly resizeError?: string;
  /** Set when a sandbox could not be made: nothing after it was tried. */
  readonly sandboxError?: string;
  /** Something was changed that a new look would show. */
  readonly changed: boolean;
}

export interface Executor {
  perform(
    pod: Pod,
    observed: ObservedPod,
    ops: readonly Op[],
    volumes: MountedVolumes,
    signal: AbortSignal,
  ): Promise<Performed>;
  /** Stops all containers, then the sandboxes. `grace` in seconds; undefined = each container's own. */
  killPod(pod: Pod, observed: ObservedPod, grace: number | undefined, signal: AbortSignal): Promise<void>;
  ensureCgroup(pod: Pod): Promise<void>;
  removeCgroup(pod: Pod): Promise<void>;
}

const minimumGrace = 2;

/** A file of a volume, wherever its links lead as long as that is in the volume. */
async function readBelow(host: Host, volume: string, path: string): Promise<string> {
  try {
    const root = await host.fs.realpath(volume);
    const real = await host.fs.realpath(join(root, path));
    if (!real.startsWith(`${root}/`)) throw new Error('it leads out of the volume');
    return await host.fs.readFile(real, 'utf8');
  } catch {
    throw new Error("couldn't parse env file");
  }
}

export function createExecutor(ctx: ExecutorContext): Executor {
  const { runtime, host, clock, settings, event } = ctx;

  const dnsOf = async (pod: Pod) => {
    const text = settings.resolvConf ? await host.fs.readFile(settings.resolvConf, 'utf8').catch(() => '') : '';
    const node = settings.resolvConf ? parseResolvConf(text) : { servers: ['127.0.0.1'], searches: ['.'], options: [] };
    return podDns(pod, { node, clusterDNS: settings.clusterDNS, clusterDomain: settings.clusterDomain });
  };
  const configOf = async (pod: Pod, attempt: number, tell: boolean): Promise<SandboxConfig> => {
    const dns = await dnsOf(pod);
    if (tell) for (const w of dns.warnings) event(pod, 'Warning', w.reason, w.message);
    return sandboxConfig(pod, attempt, { ...settings, dns: dns.config });
  };

  const secretsOf = async (pod: Pod): Promise<readonly Secret[]> => {
    const missing: string[] = [];
    const found = await Promise.all(
      (pod.spec.imagePullSecrets ?? []).map(async ({ name = '' }) => {
        try {
          return await ctx.objects.secret(uidOf(pod), namespaceOf(pod), name);
        } catch {
          missing.push(name);
          return undefined;
        }
      }),
    );
    if (missing.length)
      event(
        pod,
        'Warning',
        'FailedToRetrieveImagePullSecret',
        `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`,
      );
    return found.filter((s) => s !== undefined);
  };

  const graceOf = (pod: Pod, c: AnyContainer | undefined, reason: KillReason): number => {
    if (pod.metadata.deletionGracePeriodSeconds !== undefined) return pod.metadata.deletionGracePeriodSeconds;
    const probe = { startupProbe: c?.startupProbe, livenessProbe: c?.livenessProbe }[reason as string];
    return probe?.terminationGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
  };

  const killContainer = async (
    pod: Pod,
    target: { readonly id: string; readonly name: string; readonly podIP: string },
    message: string,
    reason: KillReason,
    override: number | undefined,
    signal: AbortSignal,
    turn?: (name: string, grace: number) => Promise<void>,
  ): Promise<void> => {
    const c = findContainer(pod, target.name);
    let grace = override ?? graceOf(pod, c, reason);
    event(pod, 'Normal', 'Killing', message || `Stopping container ${target.name}`, target.name);
    const preStop = c?.lifecycle?.preStop;
    const began = clock.monotonic();
    const spent = () => Math.floor((clock.monotonic() - began) / 1000);
    if (c && preStop && grace > 0) {
      const abort = new AbortController();
      const hook = runHook(
        preStop,
        { pod, container: c, containerId: target.id, podIP: target.podIP },
        { runtime, clock, signal: abort.signal, userAgent: ctx.userAgent, warn: (r, m) => event(pod, 'Warning', r, m) },
      ).catch((e: Error) => {
        if (abort.signal.aborted) return;
        ctx.log.warn('preStop hook failed', { pod: podText(pod), container: target.name, error: e });
        event(pod, 'Warning', 'FailedPreStopHook', 'PreStopHook failed', target.name);
      });
      const timeout = clock.sleep(grace * 1000, AbortSignal.any([abort.signal, signal])).catch(() => undefined);
      await Promise.race([hook, timeout]);
      abort.abort(new Error('the hook is over'));
    }
    if (turn && grace > 0) await turn(target.name, grace - spent());
    grace = Math.max(minimumGrace, grace - spent());
    // a pod that is forced out is given no more time than it is told
    const seconds = override !== undefined && override < minimumGrace ? override : grace;
    await runtime.stopContainer(target.id, seconds, { signal });
  };

  /** Sidecars stop after the main containers, the last of them first (KEP-753). */
  const ordering = (pod: Pod, running: readonly string[]) => {
    const sidecars = initOf(pod)
      .filter(isSidecar)
      .map((c) => c.name);
    if (sidecars.length === 0) return undefined;
    const ended = new Map<string, { promise: Promise<void>; resolve: () => void }>();
    for (const name of running) {
      const { promise, resolve } = Promise.withResolvers<void>();
      ended.set(name, { promise, resolve });
    }
    return {
      async turn(name: string, grace: number) {
        const at = sidecars.indexOf(name);
        if (at < 0) return;
        const before = running.filter((n) => !sidecars.includes(n) || sidecars.indexOf(n) > at);
        const abort = new AbortController();
        await Promise.race([
          Promise.all(before.map((n) => ended.get(n)?.promise)),
          clock.sleep(Math.max(0, grace) * 1000, abort.signal).catch(() => undefined),
        ]);
        abort.abort();
      },
      done: (name: string) => ended.get(name)?.resolve(),
    };
  };

  const killPod: Executor['killPod'] = async (pod, observed, grace, signal) => {
    const running = observed.containers.filter((c) => c.state === 'running' || c.state === 'unknown');
    const order = ordering(
      pod,
      running.map((c) => c.name),
    );
    await Promise.all(
      running.map(async (c) => {
        try {
          await killContainer(
            pod,
            { id: c.id, name: c.name, podIP: observed.ips[0] ?? '' },
            '',
            '',
            grace,
            signal,
            order?.turn,
          );
        } finally {
          order?.done(c.name);
        }
      }),
    );
    await Promise.all(observed.sandboxes.map((s) => runtime.stopSandbox(s.id)));
  };

  const createSandbox = async (pod: Pod, attempt: number, signal: AbortSignal) => {
    const className = pod.spec.runtimeClassName;
    const handler = className ? await ctx.runtimeHandler(className) : '';
    // CRI as it is spoken here has no user namespaces: a pod that counts on one must not run without
    if (pod.spec.hostUsers === false)
      throw new Error(
        handler
          ? `can't set \`spec.hostUsers: false\`, RuntimeClass handler ${JSON.stringify(handler)} does not support user namespaces`
          : "can't set `spec.hostUsers: false`, runtime does not support user namespaces",
      );
    const config = await configOf(pod, attempt, true);
    await host.fs.mkdir(config.logDirectory, { recursive: true, mode: 0o755 });
    const id = await runtime.runSandbox(config, { signal, handler });
    return { config, id };
  };

  interface Place {
    readonly sandboxId: string;
    readonly config: SandboxConfig;
    readonly podIPs: readonly string[];
  }

  /** Volumes of the container that are images: pulled like its own. */
  const imageVolumes = async (pod: Pod, c: AnyContainer, sandbox: SandboxConfig, signal: AbortSignal) => {
    const out = new Map<string, MountedVolume>();
    for (const v of pod.spec.volumes ?? []) {
      if (!v.image || !c.volumeMounts?.some((m) => m.name === v.name)) continue;
      try {
        const imageRef = await ctx.puller.ensure({
          uid: uidOf(pod),
          image: v.image.reference ?? '',
          policy: v.image.pullPolicy ?? 'IfNotPresent',
          secrets: () => secretsOf(pod),
          sandbox,
          event: (type, reason, message) => event(pod, type, reason, message),
          signal,
        });
        out.set(v.name, await mountImageVolume({ host, images: runtime.images, settings }, pod, v.name, imageRef));
      } catch (e) {
        const fault = e instanceof StartError ? e : new StartError('ImageVolumeMountFailed', (e as Error).message);
        event(pod, 'Warning', 'Failed', `Error: ${fault.reason}`, c.name);
        throw fault;
      }
    }
    return out;
  };

  const startContainer = async (
    pod: Pod,
    c: AnyContainer,
    observed: ObservedPod,
    place: Place,
    volumes: MountedVolumes,
    signal: AbortSignal,
  ): Promise<void> => {
    const failed = (reason: string, message: string): never => {
      event(pod, 'Warning', 'Failed', `Error: ${message}`, c.name);
      throw new StartError(reason, message);
    };
    const tell = (type: 'Normal' | 'Warning', reason: string, message: string) =>
      event(pod, type, reason, message, c.name);
    let imageRef: string;
    try {
      imageRef = await ctx.puller.ensure({
        uid: uidOf(pod),
        image: c.image ?? '',
        policy: c.imagePullPolicy ?? 'IfNotPresent',
        secrets: () => secretsOf(pod),
        sandbox: place.config,
        event: tell,
        signal,
      });
    } catch (e) {
      if (e instanceof StartError) tell('Warning', 'Failed', `Error: ${e.reason}`);
      throw e;
    }
    const mounted = new Map([...volumes, ...(await imageVolumes(pod, c, place.config, signal))]);
    const previous = latest(observed, c.name);
    const logs = `${podLogDirectory(settings.podLogsDir, pod)}/${c.name}`;
    const restartCount = previous ? previous.restartCount + 1 : await restartCountByLogs(host, logs);

    let created: Awaited<ReturnType<typeof prepare>>;
    const prepare = async () => {
      const facts = ctx.downward(isHostNetwork(pod) ? settings.nodeIPs : place.podIPs);
      const env = await containerEnv(pod, c, facts, {
        services: await ctx.services(),
        configMap: (ns, name) => ctx.objects.configMap(uidOf(pod), ns, name),
        secret: (ns, name) => ctx.objects.secret(uidOf(pod), ns, name),
        async file(name, path) {
          const volume = mounted.get(name);
          if (!volume) throw new Error(`cannot find the volume "${name}" referenced by FileKeyRef`);
          return { path: join(volume.path, path), text: await readBelow(host, volume.path, path) };
        },
      });
      const instance = Math.floor(ctx.random() * 0x1_0000_0000)
        .toString(16)
        .padStart(8, '0');
      const mounts = await containerMounts(host, settings, {
        pod,
        container: c,
        volumes: mounted,
        env,
        podIPs: place.podIPs,
        instance,
      });
      await host.fs.mkdir(logs, { recursive: true, mode: 0o755 });
      const target = (c as { targetContainerName?: string }).targetContainerName;
      const targetId = target
        ? observed.containers.find((o) => o.name === target && o.state === 'running')?.id
        : undefined;
      if (target && !targetId) throw new Error(`unable to find target container ${target}`);
      return containerConfig({
        pod,
        container: c,
        restartCount,
        imageRef,
        image: await runtime.images.status(parseImageName(c.image ?? '').image),
        env,
        mounts,
        devices: [],
        nodeMemory: ctx.facts.memoryBytes,
        rootDir: settings.rootDir,
        targetId,
      });
    };
    try {
      created = await prepare();
    } catch (e) {
      return failed('CreateContainerConfigError', (e as Error).message);
    }
    let id = '';
    try {
      id = await runtime.createContainer(place.sandboxId, created, place.config);
    } catch (e) {
      return failed('CreateContainerError', (e as Error).message);
    }
    ctx.gave(id, c.resources);
    tell('Normal', 'Created', 'Container created');
    try {
      await runtime.startContainer(id);
    } catch (e) {
      return failed('RunContainerError', (e as Error).message);
    }
    tell('Normal', 'Started', 'Container started');
    if (settings.containerLogsDir) {
      const link = `${settings.containerLogsDir}/${legacyLogName(pod, c.name, id)}`;
      await host.fs
        .symlink(`${place.config.logDirectory}/${logPath(c.name, restartCount)}`, link)
        .catch(() => undefined);
    }
    const postStart = c.lifecycle?.postStart;
    if (postStart) {
      const podIP = place.podIPs[0] ?? settings.nodeIPs[0] ?? '';
      try {
        await runHook(
          postStart,
          { pod, container: c, containerId: id, podIP },
          { runtime, clock, signal, userAgent: ctx.userAgent, warn: (r, m) => event(pod, 'Warning', r, m) },
        );
      } catch (e) {
        tell('Warning', 'FailedPostStartHook', 'PostStartHook failed');
        await killContainer(
          pod,
          { id, name: c.name, podIP },
          'FailedPostStartHook',
          'failedPostStartHook',
          undefined,
          signal,
        );
        throw new StartError('PostStartHookError', (e as Error).message);
      }
    }
  };

  /** Throws a StartError while the container is to wait. */
  const checkBackoff = (pod: Pod, c: AnyContainer, observed: ObservedPod): void => {
    const previous = observed.containers.find((o) => o.name === c.name && o.state === 'exited');
    if (!previous) return;
    const key = `${uidOf(pod)}/${c.name}/${c.image}`;
    const now = clock.now();
    if (ctx.backoff.isInBackOffSince(key, previous.finishedAt, now)) {
      event(pod, 'Warning', 'BackOff', `Back-off restarting failed container ${c.name} in pod ${podText(pod)}`, c.name);
      const wait = durationText(ctx.backoff.get(key));
      throw new StartError(
        'CrashLoopBackOff',
        `back-off ${wait} restarting failed container=${c.name} pod=${podText(pod)}`,
        ctx.backoff.endsAt(key, previous.finishedAt),
      );
    }
    ctx.backoff.next(key, previous.finishedAt);
  };

  return {
    killPod,
    async ensureCgroup(pod) {
      const path = podCgroup(settings.cgroupRoot, pod);
      if (await host.cgroups.exists(path)) return;
      const a = podAmounts(pod);
      await host.cgroups.ensure(path, {
        cpuShares: sharesOf(a.cpuRequestMilli),
        ...(a.cpuLimitMilli !== undefined && { cpuQuota: quotaOf(a.cpuLimitMilli) }),
        ...(a.memoryLimit !== undefined && { memory: a.memoryLimit }),
        ...(settings.podPidsLimit > 0 && { pids: settings.podPidsLimit }),
      });
    },
    removeCgroup: (pod) => host.cgroups.remove(podCgroup(settings.cgroupRoot, pod)),

    async perform(pod, observed, ops, volumes, signal) {
      const failures: StartFailure[] = [];
      const started: string[] = [];
      let changed = false;
      let resizeError: string | undefined;
      const newest = observed.sandboxes[0];
      let seen = observed;
      let place: Place | undefined;
      const here = async (): Promise<Place> => {
        place ??= {
          sandboxId: newest?.id ?? '',
          config: await configOf(pod, newest?.metadata.attempt ?? 0, false),
          podIPs: isHostNetwork(pod) ? settings.nodeIPs : observed.ips,
        };
        return place;
      };
      for (const op of ops) {
        if (signal.aborted) break;
        switch (op.op) {
          case 'killPod':
            await killPod(pod, seen, undefined, signal);
            changed = true;
            break;
          case 'kill':
            await killContainer(
              pod,
              { id: op.id, name: op.name, podIP: observed.ips[0] ?? '' },
              op.message,
              op.reason,
              op.grace,
              signal,
            );
            changed = true;
            break;
          case 'purgeAll': {
            const kept = new Set(ephemeralOf(pod).map((c) => c.name));
            const old = seen.containers.filter((c) => !kept.has(c.name));
            // what made the pod start anew goes last: if this is cut short, it is begun again
            const why = old.filter((c) => restartsAll(pod, { ...seen, containers: [c] }));
            await Promise.all(old.filter((c) => !why.includes(c)).map((c) => runtime.removeContainer(c.id)));
            for (const c of why) await runtime.removeContainer(c.id);
            seen = { ...seen, containers: seen.containers.filter((c) => kept.has(c.name)) };
            changed = true;
            break;
          }
          case 'purgeInit': {
            const names = new Set(initOf(pod).map((c) => c.name));
            const old = seen.containers.filter((c) => names.has(c.name));
            await Promise.all(old.map((c) => runtime.removeContainer(c.id)));
            seen = { ...seen, containers: seen.containers.filter((c) => !names.has(c.name)) };
            changed = true;
            break;
          }
          case 'createSandbox': {
            if (op.replaces)
              event(pod, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
            changed = true;
            try {
              const { config, id } = await createSandbox(pod, op.attempt, signal);
              const status = await runtime.sandboxStatus(id);
              place = { sandboxId: id, config, podIPs: isHostNetwork(pod) ? settings.nodeIPs : status.ips };
            } catch (e) {
              if (signal.aborted) return { failures, started, changed };
              const message = `Failed to create pod sandbox: ${e instanceof RuntimeError ? e.rpcText : (e as Error).message}`;
              event(pod, 'Warning', 'FailedCreatePodSandBox', message);
              return { failures, started, changed, sandboxError: message };
            }
            break;
          }
          case 'resize':
            try {
              await actuate(
                { runtime, host, cgroupRoot: settings.cgroupRoot, nodeMemory: ctx.facts.memoryBytes, gave: ctx.gave },
                pod,
                resizings(pod, observed, ctx.actuated),
              );
            } catch (e) {
              resizeError = (e as Error).message;
            }
            changed = true;
            break;
          case 'start': {
            const c = findContainer(pod, op.name);
            if (!c) break;
            try {
              if (!ephemeralOf(pod).includes(c)) checkBackoff(pod, c, seen);
              await startContainer(pod, c, seen, await here(), volumes, signal);
              started.push(c.name);
              changed = true;
            } catch (e) {
              if (signal.aborted) return { failures, started, changed };
              if (!(e instanceof StartError)) throw e;
              failures.push({ container: c.name, reason: e.reason, message: e.message, retryAt: e.retryAt });
              if (e.reason === 'RunContainerError' || e.reason === 'PostStartHookError') changed = true;
              // the pod cannot go past an init container that does not start
              if (op.kind === 'init' && !isSidecar(c)) return { failures, started, changed };
            }
            break;
          }
        }
      }
      return { failures, started, changed, ...(resizeError !== undefined && { resizeError }) };
    },
  };
}
