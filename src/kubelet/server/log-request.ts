/** What a log request asks for, and which container's log answers it (upstream: validateContainerLogStatus). Pure. */
import type { Pod } from '../../api/core/v1/types.ts';
import { nameOf } from '../pod/identity.ts';
import type { LogOptions } from './log-reader.ts';

/** A text = what is wrong with the request. */
export function logOptionsOf(q: URLSearchParams, now: number): (LogOptions & { readonly previous: boolean }) | string {
  const flag = (name: string) => ['true', '1', ''].includes(q.get(name) ?? 'false');
  const number = (name: string): number | undefined | string => {
    const text = q.get(name);
    if (text === null || text === '' || text === 'all') return undefined;
    return /^-?\d+$/.test(text) ? Number(text) : `Invalid request: ${name}`;
  };
  const [tail, limit, seconds] = [number('tailLines') ?? number('tail'), number('limitBytes'), number('sinceSeconds')];
  for (const n of [tail, limit, seconds]) if (typeof n === 'string') return n;
  if ((tail as number) < 0 || (limit as number) < 1 || (seconds as number) < 1) return 'Invalid request.';
  const sinceTime = q.get('sinceTime');
  const since = sinceTime
    ? Date.parse(sinceTime)
    : seconds === undefined
      ? undefined
      : now - (seconds as number) * 1000;
  if (Number.isNaN(since)) return 'Invalid request.';
  const stream = q.get('stream') || 'All';
  if (stream !== 'All' && stream !== 'Stdout' && stream !== 'Stderr') return 'Invalid request.';
  return {
    follow: flag('follow'),
    previous: flag('previous'),
    timestamps: flag('timestamps'),
    tailLines: tail as number | undefined,
    limitBytes: limit as number | undefined,
    since,
    stream,
  };
}

export function logContainer(
  pod: Pod,
  container: string,
  previous: boolean,
): { readonly containerId: string } | { readonly error: string } {
  const all = [
    ...(pod.status.containerStatuses ?? []),
    ...(pod.status.initContainerStatuses ?? []),
    ...(pod.status.ephemeralContainerStatuses ?? []),
  ];
  const s = all.find((x) => x.name === container);
  const where = `container "${container}" in pod "${nameOf(pod)}"`;
  if (!s) return { error: `${where} is not available` };
  const last = s.lastState.terminated;
  const { running, terminated, waiting } = s.state;
  const id = (text: string | undefined) => ({ containerId: (text ?? '').replace(/^.*:\/\//, '') });
  if (previous) return last?.containerID ? id(last.containerID) : { error: `previous terminated ${where} not found` };
  if (running) return id(s.containerID);
  if (terminated?.containerID) return id(terminated.containerID);
  if (terminated || last) return last?.containerID ? id(last.containerID) : { error: `${where} is terminated` };
  if (!waiting) return { error: `${where} is waiting to start - no logs yet` };
  const why =
    { ErrImagePull: "image can't be pulled", ImagePullBackOff: 'trying and failing to pull image' }[
      waiting.reason ?? ''
    ] ??
    waiting.reason ??
    '';
  return { error: `${where} is waiting to start: ${why}` };
}
