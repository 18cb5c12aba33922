/** Asks the runtime what is there of a pod, and reads termination messages of what has ended. */
import { join } from 'node:path';
import type { ContainerRuntime, ContainerStatus, ContainerSummary, SandboxSummary } from '../cri.ts';
import { RuntimeError } from '../cri.ts';
import type { Host } from '../host.ts';
import {
  annotationHash,
  annotationRestartCount,
  annotationTerminationPath,
  annotationTerminationPolicy,
  labelPodUid,
} from './identity.ts';
import type { ObservedContainer, ObservedPod } from './observed.ts';

/** The runtime's list, by pod uid. */
export type RuntimeIndex = ReadonlyMap<
  string,
  { readonly sandboxes: readonly SandboxSummary[]; readonly containers: readonly ContainerSummary[] }
>;

export async function listPods(runtime: ContainerRuntime): Promise<RuntimeIndex> {
  const { sandboxes, containers } = await runtime.list();
  const out = new Map<string, { sandboxes: SandboxSummary[]; containers: ContainerSummary[] }>();
  const of = (uid: string) => {
    let entry = out.get(uid);
    if (!entry) {
      entry = { sandboxes: [], containers: [] };
      out.set(uid, entry);
    }
    return entry;
  };
  for (const s of sandboxes) of(s.metadata.uid).sandboxes.push(s);
  for (const c of containers) {
    const uid = c.labels[labelPodUid];
    if (uid) of(uid).containers.push(c);
  }
  return out;
}

/** Changes whenever something of the pod has changed state. */
export const fingerprint = (
  entry:
    | { readonly sandboxes: readonly SandboxSummary[]; readonly containers: readonly ContainerSummary[] }
    | undefined,
): string =>
  entry
    ? [...entry.sandboxes.map((s) => `${s.id}:${s.ready}`), ...entry.containers.map((c) => `${c.id}:${c.state}`)]
        .sort()
        .join()
    : '';

const gone = (e: unknown): undefined => {
  if (e instanceof RuntimeError && e.notFound) return undefined;
  throw e;
};
const maxMessage = 4096;
const maxLogMessage = 2048;
const maxLogLines = 80;

/** Full status of everything the pod has; `known` answers for what cannot change any more (exited containers). */
export async function observePod(
  runtime: ContainerRuntime,
  host: Host,
  entry:
    | { readonly sandboxes: readonly SandboxSummary[]; readonly containers: readonly ContainerSummary[] }
    | undefined,
  known: Map<string, ObservedContainer>,
): Promise<ObservedPod> {
  const newestFirst = (a: { createdAt: number }, b: { createdAt: number }) => b.createdAt - a.createdAt;
  const [sandboxes, containers] = await Promise.all([
    Promise.all((entry?.sandboxes ?? []).map((s) => runtime.sandboxStatus(s.id).catch(gone))),
    Promise.all(
      (entry?.containers ?? []).map(async (c) => {
        const before = known.get(c.id);
        if (before?.state === 'exited') return before;
        const status = await runtime.containerStatus(c.id).catch(gone);
        if (!status) return undefined;
        const observed = await withMessage(host, status, c.sandboxId);
        known.set(c.id, observed);
        return observed;
      }),
    ),
  ]);
  const present = new Set(containers.map((c) => c?.id));
  for (const id of known.keys()) if (!present.has(id)) known.delete(id);
  const ordered = sandboxes.filter((s) => s !== undefined).sort(newestFirst);
  return {
    sandboxes: ordered,
    containers: containers.filter((c) => c !== undefined).sort(newestFirst),
    ips: ordered[0]?.ready ? ordered[0].ips : [],
  };
}

async function withMessage(host: Host, s: ContainerStatus, sandboxId: string): Promise<ObservedContainer> {
  const base: ObservedContainer = {
    ...s,
    sandboxId,
    restartCount: Number(s.annotations[annotationRestartCount] ?? s.attempt),
    hash: s.annotations[annotationHash] ?? '',
  };
  if (s.state !== 'exited') return base;
  // OOMKilled stays set when only a child was killed: believe it only when the container failed
  const reason = s.reason === 'OOMKilled' && s.exitCode === 0 ? 'Completed' : s.reason;
  const path = s.annotations[annotationTerminationPath];
  const mount = s.mounts.find((m) => m.containerPath === path);
  let message = mount ? await tail(host, mount.hostPath, maxMessage) : '';
  if (message === '' && s.annotations[annotationTerminationPolicy] === 'FallbackToLogsOnError' && s.exitCode !== 0)
    message = lastLines(await tail(host, s.logPath, maxLogMessage * 8));
  return { ...base, reason, message: [s.message, message].filter(Boolean).join(': ') };
}

async function tail(host: Host, path: string, max: number): Promise<string> {
  const file = await host.fs.open(path, 'r').catch(() => undefined);
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const length = Math.min(size, max);
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, size - length);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The text of the last lines of a CRI log: `time stream F text`. */
export function lastLines(log: string): string {
  const text = log
    .split('\n')
    .flatMap((line) => {
      const m = /^\S+ (?:stdout|stderr) ([FP])[^ ]* (.*)$/.exec(line);
      return m ? [m[2]! + (m[1] === 'F' ? '\n' : '')] : [];
    })
    .slice(-maxLogLines)
    .join('');
  return text.length > maxLogMessage ? text.slice(-maxLogMessage) : text;
}

/** The restart count the log directory speaks of: 1 above the highest file (upstream: calcRestartCountByLogDir). */
export async function restartCountByLogs(host: Host, dir: string): Promise<number> {
  const names = await host.fs.readdir(join(dir)).catch(() => [] as string[]);
  return names.reduce((n, name) => {
    const m = /^(\d+)\.log/.exec(name);
    return m ? Math.max(n, Number(m[1]) + 1) : n;
  }, 0);
}
