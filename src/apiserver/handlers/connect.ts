/** log, exec, attach, portforward and proxy: requests that go on to a kubelet, a pod or a service. */
import type { Node, Pod, Service } from '../../api/core/v1/types.ts';
import type { EndpointSlice } from '../../api/discovery/v1/types.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import { badRequest, internalError, notFound, StatusError } from '../../machinery/status-error.ts';
import {
  kubeletOf,
  type Location,
  logPath,
  nodeTarget,
  podTarget,
  serviceTarget,
  splitSchemeNamePort,
  streamPath,
} from '../connect/location.ts';
import { proxyRequest, upgradeResponse } from '../connect/proxy.ts';
import { readCurrent } from '../engine.ts';
import { admit, admitValidating, authorizeAlso } from '../registry/write-request.ts';
import { type ApiResponse, header } from '../request.ts';
import { type Handler, type Scope, writeRequest } from './scope.ts';

async function objectOf<T>(s: Scope, group: string, plural: string, name: string): Promise<T & KubeObject> {
  const served = s.engine.served.find((x) => x.row.group === group && x.row.plural === plural);
  const entry = served && (await readCurrent(s.engine, served, s.ctx.info.namespace, name));
  if (!entry) throw notFound({ group, resource: plural }, name);
  return entry.object as T & KubeObject;
}

async function nodeOf(s: Scope, pod: Pod & KubeObject) {
  const { nodeName } = pod.spec;
  if (!nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  return kubeletOf(
    await objectOf<Node>({ ...s, ctx: { ...s.ctx, info: { ...s.ctx.info, namespace: '' } } }, '', 'nodes', nodeName),
  );
}

/** Path and query of a proxied request, without what is ours. */
const proxiedPath = (s: Scope): string => {
  const { url } = s.ctx.request;
  const q = url.indexOf('?');
  return `${s.ctx.rest || '/'}${q < 0 ? '' : url.slice(q)}`;
};

async function proxyLocation(s: Scope): Promise<Location> {
  const { name } = s.ctx.info;
  const { plural } = s.served.row;
  const p = splitSchemeNamePort(name);
  if (!p) throw badRequest(`invalid ${plural.slice(0, -1)} request ${JSON.stringify(name)}`);
  const path = proxiedPath(s);
  if (plural === 'nodes') {
    return { ...nodeTarget(await objectOf<Node>(s, '', 'nodes', p.name), p), path };
  }
  if (plural === 'pods') return { ...podTarget(await objectOf<Pod>(s, '', 'pods', p.name), p), path };
  const service = await objectOf<Service>(s, '', 'services', p.name);
  const slices = s.engine.reader.list<EndpointSlice & KubeObject>(
    { group: 'discovery.k8s.io', plural: 'endpointslices' },
    s.ctx.info.namespace,
  );
  const podOf = (pod: string) =>
    s.engine.reader.get<Pod & KubeObject>({ group: '', plural: 'pods' }, s.ctx.info.namespace, pod);
  return { ...serviceTarget(service, slices, podOf, p, s.engine.random.float()), path };
}

async function locationOf(s: Scope): Promise<Location | undefined> {
  const { query, info } = s.ctx;
  const what = s.subresource!.connect!;
  if (what === 'proxy') return proxyLocation(s);
  const pod = await objectOf<Pod>(s, '', 'pods', info.name);
  if (what === 'log') {
    const path = logPath(pod, query);
    return pod.spec.nodeName ? { ...(await nodeOf(s, pod)), path } : undefined;
  }
  const path = streamPath(pod, what, query);
  return { ...(await nodeOf(s, pod)), path };
}

/** What a kubelet's refusal of a log request is to the client (upstream: registry/generic/rest/response_checker.go). */
async function logError(r: ApiResponse, name: string): Promise<StatusError> {
  const parts: Buffer[] = [];
  const never = new AbortController();
  if (typeof r.body === 'function')
    await r.body({ write: (c) => parts.push(c) > 0, drained: async () => {}, signal: never.signal });
  const text = Buffer.concat(parts).toString('utf8').slice(0, 50_000);
  if (r.status === 500) return internalError(new Error(text));
  if (r.status === 400) return badRequest(text);
  if (r.status === 404)
    return new StatusError(404, 'NotFound', `the server could not find the requested resource ( pods/log ${name})`, {
      name,
      kind: 'pods/log',
    });
  return new StatusError(
    r.status,
    r.status >= 500 ? 'InternalError' : '',
    `an error on the server (${JSON.stringify(text)}) has prevented the request from succeeding ( pods/log ${name})`,
    { name, kind: 'pods/log' },
  );
}

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';

export const connect: Handler = async (s) => {
  const { ctx, engine } = s;
  const what = s.subresource!.connect!;
  const streams = what === 'exec' || what === 'attach' || what === 'portforward';
  const upgrade = ctx.request.upgrade === true;
  if (ctx.query.has('dryRun')) throw badRequest('dryRun is not supported');
  if (what !== 'log') {
    const w = writeRequest(s, { dryRun: false, fieldManager: '' });
    if (streams && upgrade && ctx.info.verb === 'get') await authorizeAlso(w, 'create');
    await admit(w, 'CONNECT', undefined, undefined);
    await admitValidating(w, 'CONNECT', undefined, undefined);
  }
  const location = await locationOf(s);
  if (what === 'proxy' && !upgrade && !ctx.rest && !ctx.info.path.endsWith('/') && isRead(ctx.request.method)) {
    const q = ctx.request.url.indexOf('?');
    const to = `${ctx.info.path}/${q < 0 ? '' : ctx.request.url.slice(q)}`;
    return { status: 301, headers: { location: to }, body: Buffer.alloc(0) };
  }
  // A pod without a node has no log yet.
  if (!location) return { status: 200, headers: { 'content-type': 'text/plain' }, body: Buffer.alloc(0) };
  if (streams && !upgrade) throw badRequest('Upgrade request required');
  if (!engine.backends) throw internalError(new Error('connections to nodes are not configured'));
  const backend = await engine.backends
    .connect(location.channel, location.host, location.port, ctx.signal)
    .catch((e: Error) => {
      throw what === 'proxy'
        ? new StatusError(503, 'ServiceUnavailable', `error trying to reach service: ${e.message}`)
        : internalError(e);
    });
  const host = `${location.host.includes(':') ? `[${location.host}]` : location.host}:${location.port}`;
  if (upgrade) return upgradeResponse(ctx.request, backend, host, location.path);
  const reverse =
    what === 'proxy'
      ? {
          prefix: ctx.request.url.slice(0, ctx.request.url.length - location.path.length + (ctx.rest ? 0 : 1)),
          clientHost: header(ctx.request.headers, ':authority') || header(ctx.request.headers, 'host'),
        }
      : undefined;
  const answer = await proxyRequest(ctx.request, backend, host, location.path, reverse);
  if (what !== 'log') return answer;
  if (answer.status < 200 || answer.status > 206) throw await logError(answer, ctx.info.name);
  return { ...answer, headers: { 'content-type': 'text/plain' } };
};
