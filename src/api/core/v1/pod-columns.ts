/** The pod's table cells: ready count, the one word of status, restarts (upstream: printers.go printPod). */
import { since } from '../../human-duration.ts';
import type { Column } from '../../resource-row.ts';
import { ageColumn, column, nameColumn, wide } from '../../table-column.ts';
import type { ContainerStatus, Pod } from './types.ts';

/** What READY, STATUS and RESTARTS say. `lastRestart` is the time of the last restart, if known. */
export interface PodSummary {
  readonly ready: number;
  readonly total: number;
  readonly status: string;
  readonly restarts: number;
  readonly lastRestart: string | undefined;
}

const later = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined ? b : b === undefined ? a : Date.parse(a) < Date.parse(b) ? b : a;

const lastFinished = (s: ContainerStatus): string | undefined => s.lastState?.terminated?.finishedAt;

function initReason(s: ContainerStatus, index: number, count: number): string {
  const t = s.state?.terminated;
  if (t) {
    if (t.reason) return `Init:${t.reason}`;
    return t.signal ? `Init:Signal:${t.signal}` : `Init:ExitCode:${t.exitCode}`;
  }
  const w = s.state?.waiting?.reason;
  return w && w !== 'PodInitializing' ? `Init:${w}` : `Init:${index}/${count}`;
}

const conditionTrue = (pod: Pod, type: string): boolean =>
  !!pod.status.conditions?.some((c) => c.type === type && c.status === 'True');

/** Computes the words of a pod's row. */
export function podSummary(pod: Pod): PodSummary {
  const status = pod.status;
  const inits = pod.spec.initContainers ?? [];
  const sidecars = new Set(inits.filter((c) => c.restartPolicy === 'Always').map((c) => c.name));
  const total = (pod.spec.containers ?? []).length + sidecars.size;
  let reason = status.reason || status.phase || '';
  if (status.conditions?.some((c) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated'))
    reason = 'SchedulingGated';
  let ready = 0;
  let restarts = 0;
  let lastRestart: string | undefined;
  let sidecarRestarts = 0;
  let lastSidecarRestart: string | undefined;
  let initializing = false;
  const initStatuses = status.initContainerStatuses ?? [];
  for (let i = 0; i < initStatuses.length; i++) {
    const s = initStatuses[i]!;
    const sidecar = sidecars.has(s.name);
    restarts += s.restartCount;
    lastRestart = later(lastRestart, lastFinished(s));
    if (sidecar) {
      sidecarRestarts += s.restartCount;
      lastSidecarRestart = later(lastSidecarRestart, lastFinished(s));
    }
    if (s.state?.terminated?.exitCode === 0) continue;
    if (sidecar && s.started) {
      if (s.ready) ready++;
      continue;
    }
    reason = initReason(s, i, inits.length);
    initializing = true;
    break;
  }
  if (!initializing || conditionTrue(pod, 'Initialized')) {
    restarts = sidecarRestarts;
    lastRestart = lastSidecarRestart;
    let running = false;
    let errorReason = '';
    for (const s of (status.containerStatuses ?? []).toReversed()) {
      restarts += s.restartCount;
      lastRestart = later(lastRestart, lastFinished(s));
      const t = s.state?.terminated;
      if (s.state?.waiting?.reason) reason = s.state.waiting.reason;
      else if (t) {
        reason = t.reason || (t.signal ? `Signal:${t.signal}` : `ExitCode:${t.exitCode}`);
        if (t.exitCode !== 0) errorReason = reason;
      } else if (s.ready && s.state?.running) {
        running = true;
        ready++;
      }
    }
    if (reason === 'Completed') {
      if (running && conditionTrue(pod, 'Ready')) reason = 'Running';
      else if (errorReason) reason = errorReason;
      else if (running) reason = 'NotReady';
    }
  }
  if (pod.metadata.deletionTimestamp) {
    if (status.reason === 'NodeLost') reason = 'Unknown';
    else if (status.phase !== 'Succeeded' && status.phase !== 'Failed') reason = 'Terminating';
  }
  return { ready, total, status: reason, restarts, lastRestart };
}

function readinessGates(pod: Pod): string {
  const gates = pod.spec.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  const met = gates.filter(
    (g) => pod.status.conditions?.find((c) => c.type === g.conditionType)?.status === 'True',
  ).length;
  return `${met}/${gates.length}`;
}

export const podColumns: readonly Column<Pod>[] = [
  nameColumn,
  column('Ready', (p) => {
    const s = podSummary(p);
    return `${s.ready}/${s.total}`;
  }),
  column('Status', (p) => podSummary(p).status),
  column('Restarts', (p, now) => {
    const s = podSummary(p);
    return s.restarts !== 0 && s.lastRestart ? `${s.restarts} (${since(s.lastRestart, now)} ago)` : String(s.restarts);
  }),
  ageColumn,
  wide('IP', (p) => p.status.podIPs?.[0]?.ip || p.status.podIP || '<none>'),
  wide('Node', (p) => p.spec.nodeName || '<none>'),
  wide('Nominated Node', (p) => p.status.nominatedNodeName || '<none>'),
  wide('Readiness Gates', readinessGates),
];
