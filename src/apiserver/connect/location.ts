/** Where a connect request goes: from the pod, node or service and the query to host, port and path (upstream: registry/core/<kind>/strategy.go). Pure. */
import { isIP } from 'node:net';
import type { Node, Pod, Service } from '../../api/core/v1/types.ts';
import type { EndpointSlice } from '../../api/discovery/v1/types.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import { badRequest, serviceUnavailable } from '../../machinery/status-error.ts';
import { queryBool } from '../request-info.ts';
import { isGlobalUnicast } from './reachable.ts';

/** How the backend is spoken to: the kubelet's TLS with our client certificate, TLS without checks, or plain. */
export type Channel = 'kubelet' | 'tls' | 'plain';

export interface Location {
  readonly channel: Channel;
  readonly host: string;
  readonly port: number;
  /** With query. */
  readonly path: string;
}

const kubeletPort = 10250;
const addressTypes = ['InternalIP', 'ExternalIP', 'Hostname'];

/** @throws 400 when the node has no address yet */
export function kubeletOf(node: Node & KubeObject): Pick<Location, 'channel' | 'host' | 'port'> {
  const addresses = node.status.addresses ?? [];
  for (const type of addressTypes) {
    const a = addresses.find((x) => x.type === type);
    if (a)
      return {
        channel: 'kubelet',
        host: a.address,
        port: node.status.daemonEndpoints?.kubeletEndpoint?.Port || kubeletPort,
      };
  }
  throw badRequest(`no preferred addresses found; known addresses: []`);
}

const containersOf = (pod: Pod): readonly string[] => [
  ...(pod.spec.initContainers ?? []).map((c) => c.name),
  ...pod.spec.containers.map((c) => c.name),
  ...(pod.spec.ephemeralContainers ?? []).map((c) => c.name),
];

/** The container asked for, or the only one. @throws 400 */
export function containerOf(pod: Pod & KubeObject, asked: string): string {
  const name = pod.metadata.name ?? '';
  if (asked) {
    if (containersOf(pod).includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${name}`);
  }
  const [first, second] = pod.spec.containers;
  if (first && !second) return first.name;
  if (!first) throw badRequest(`a container name must be specified for pod ${name}`);
  throw badRequest(
    `a container name must be specified for pod ${name}, choose one of: [${containersOf(pod).join(' ')}]`,
  );
}

const withQuery = (path: string, params: URLSearchParams): string => (params.size ? `${path}?${params}` : path);

/** Path at the kubelet for logs. @throws 400 */
export function logPath(pod: Pod & KubeObject, query: URLSearchParams): string {
  const container = containerOf(pod, query.get('container') ?? '');
  const params = new URLSearchParams();
  for (const flag of ['follow', 'previous', 'timestamps']) if (queryBool(query.get(flag))) params.set(flag, 'true');
  for (const name of ['sinceSeconds', 'sinceTime', 'tailLines', 'limitBytes', 'stream']) {
    const v = query.get(name);
    if (v) params.set(name, v);
  }
  return withQuery(`/containerLogs/${pod.metadata.namespace}/${pod.metadata.name}/${container}`, params);
}

/** Path at the kubelet for exec, attach and portforward. @throws 400 */
export function streamPath(
  pod: Pod & KubeObject,
  what: 'exec' | 'attach' | 'portforward',
  query: URLSearchParams,
): string {
  const params = new URLSearchParams();
  if (what === 'portforward') {
    const ports = query.getAll('ports');
    if (ports.length) params.set('port', ports.join(','));
    return withQuery(`/portForward/${pod.metadata.namespace}/${pod.metadata.name}`, params);
  }
  const container = containerOf(pod, query.get('container') ?? '');
  for (const [from, to] of [
    ['stdin', 'input'],
    ['stdout', 'output'],
    ['stderr', 'error'],
    ['tty', 'tty'],
  ] as const)
    if (queryBool(query.get(from))) params.set(to, '1');
  if (what === 'exec') for (const c of query.getAll('command')) params.append('command', c);
  return withQuery(`/${what}/${pod.metadata.namespace}/${pod.metadata.name}/${container}`, params);
}

export interface ProxyName {
  readonly scheme: string;
  readonly name: string;
  readonly port: string;
}

/** `name`, `name:port`, `scheme:name:port`. undefined = none of them. */
export function splitSchemeNamePort(id: string): ProxyName | undefined {
  const parts = id.split(':');
  const [a = '', b = '', c = ''] = parts;
  const result =
    parts.length === 1
      ? { scheme: '', name: a, port: '' }
      : parts.length === 2
        ? { scheme: '', name: a, port: b }
        : parts.length === 3
          ? { scheme: a, name: b, port: c }
          : undefined;
  return result?.name && ['', 'http', 'https'].includes(result.scheme) ? result : undefined;
}

const channelOf = (scheme: string): Channel => (scheme === 'https' ? 'tls' : 'plain');

/** @throws 400 */
export function podTarget(pod: Pod & KubeObject, p: ProxyName): Omit<Location, 'path'> {
  const ip = pod.status.podIPs?.[0]?.ip ?? pod.status.podIP ?? '';
  if (!isGlobalUnicast(ip)) throw badRequest('address not allowed');
  const declared = pod.spec.containers.flatMap((c) => c.ports ?? [])[0]?.containerPort;
  const channel = channelOf(p.scheme);
  return { channel, host: ip, port: Number(p.port) || declared || (channel === 'tls' ? 443 : 80) };
}

/** @throws 400 when the node says that it is where this server is, or a link */
export function nodeTarget(node: Node & KubeObject, p: ProxyName): Omit<Location, 'path'> {
  const kubelet = kubeletOf(node);
  // A node that gives nothing but a host name is believed.
  if (isIP(kubelet.host) && !isGlobalUnicast(kubelet.host)) throw badRequest('address not allowed');
  if (!p.port || Number(p.port) === kubelet.port) return kubelet;
  return { channel: channelOf(p.scheme), host: kubelet.host, port: Number(p.port) };
}

/** Whether an address that an endpoint names is that of the pod it names: whoever writes endpoints must not send us elsewhere. */
function isOfPod(
  address: string,
  target: NonNullable<EndpointSlice['endpoints']>[number]['targetRef'],
  namespace: string,
  podOf: (name: string) => Pod | undefined,
): boolean {
  if (target?.kind !== 'Pod' || target.namespace !== namespace) return false;
  return !!podOf(target.name ?? '')?.status.podIPs?.some((p) => p.ip === address);
}

/** One ready endpoint of the service that is a pod. `random` in 0 ≤ x < 1. @throws 503 */
export function serviceTarget(
  service: Service & KubeObject,
  slices: readonly (EndpointSlice & KubeObject)[],
  podOf: (name: string) => Pod | undefined,
  p: ProxyName,
  random: number,
): Omit<Location, 'path'> {
  const { name = '', namespace = '' } = service.metadata;
  let portName = p.port;
  if (/^\d+$/.test(p.port)) {
    const port = service.spec.ports?.find((x) => x.port === Number(p.port));
    if (!port) throw serviceUnavailable(`no service port ${p.port} found for service ${JSON.stringify(name)}`);
    portName = port.name ?? '';
  }
  const candidates: { host: string; port: number }[] = [];
  for (const s of slices) {
    if (s.metadata.labels?.['kubernetes.io/service-name'] !== name) continue;
    const port = s.ports?.find((x) => (x.name ?? '') === portName)?.port;
    if (!port) continue;
    for (const e of s.endpoints ?? [])
      if (e.conditions?.ready !== false && e.addresses[0] && isOfPod(e.addresses[0], e.targetRef, namespace, podOf))
        candidates.push({ host: e.addresses[0], port });
  }
  const chosen = candidates[Math.floor(random * candidates.length)];
  if (!chosen)
    throw serviceUnavailable(
      `no endpoints available for service ${JSON.stringify(p.scheme || p.port ? `${name}${p.port ? `:${p.port}` : ''}` : name)}`,
    );
  return { channel: channelOf(p.scheme), ...chosen };
}
