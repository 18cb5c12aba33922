/** `kubectl port-forward`: a listener per port, a websocket per connection (channels: data 0, error 1). */
import { createServer, type Server, type Socket } from 'node:net';
import { CommandError, UsageError } from '../failure.ts';
import { list, text } from '../flags.ts';
import { pathOf } from '../mapper.ts';
import { podOf } from '../pod-of.ts';
import type { Session } from '../session.ts';
import { openSocket } from '../socket.ts';
import { listAt, numberAt, textAt, type Thing } from '../thing.ts';
import type { Verb } from '../verb.ts';

export const portForward: Verb = {
  usage: 'port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]',
  summary: 'Forward one or more local ports to a pod',
  flags: {
    address: list('Addresses to listen on (comma separated).'),
    'pod-running-timeout': text('The length of time to wait until at least one pod is running'),
  },
  async run(s) {
    const [target, ...specs] = s.flags.args;
    if (!target || specs.length === 0)
      throw new UsageError('TYPE/NAME and list of ports are required for port-forward');
    const pod = await podOf(s, target);
    const phase = textAt(pod, 'status', 'phase');
    if (phase !== 'Running')
      throw new CommandError(`unable to forward port because pod is not running. Current status=${phase}`);
    const [type, name] = target.split('/');
    const service =
      name && ['svc', 'service', 'services'].includes(type!)
        ? await s.api.json<Thing>('GET', pathOf((await s.mapper()).byName('services'), s.namespace, name))
        : undefined;
    const ports = specs.map((p) => parsePorts(p, pod, service));
    const given = s.flags.list('address');
    const hosts = given.length ? given : ['localhost'];
    const servers: Server[] = [];
    try {
      for (const p of ports)
        for (const host of hosts.flatMap((h) => (h === 'localhost' ? ['127.0.0.1', '::1'] : [h])))
          try {
            servers.push(await listen(s, pod, p, host));
          } catch (e) {
            // A machine without IPv6 still has the other loopback address.
            if (host !== '::1') throw e;
          }
      await new Promise<void>((resolve) => {
        s.io.signal.addEventListener('abort', () => resolve(), { once: true });
        if (s.io.signal.aborted) resolve();
      });
    } finally {
      for (const server of servers) server.close();
    }
  },
};

interface Ports {
  readonly local: number;
  readonly remote: number;
}

/** `8080:80`, `:80`, `80`, `web` (a name of the service or pod). A service's port becomes its target port. */
export function parsePorts(spec: string, pod: Thing, service?: Thing): Ports {
  const parts = spec.split(':');
  if (parts.length > 2) throw new CommandError(`invalid port format '${spec}'`);
  const right = parts.at(-1)!;
  const containerPorts = listAt(pod, 'spec', 'containers').flatMap((c) => listAt(c, 'ports'));
  const named = (name: string): number => {
    const p = containerPorts.find((x) => textAt(x, 'name') === name);
    if (!p) throw new CommandError(`Pod '${pod.metadata.name}' does not have a named port '${name}'`);
    return numberAt(p, 'containerPort');
  };
  let remote: number;
  let asked = Number(right);
  if (service) {
    const p = listAt(service, 'spec', 'ports').find(
      (x) => textAt(x, 'name') === right || numberAt(x, 'port') === Number(right),
    );
    if (!p) throw new CommandError(`Service ${service.metadata.name} does not have a service port ${right}`);
    asked = numberAt(p, 'port');
    const target = textAt(p, 'targetPort');
    remote = /^\d+$/.test(target) ? Number(target) : named(target);
  } else {
    remote = /^\d+$/.test(right) ? Number(right) : named(right);
    asked = remote;
  }
  const local = parts.length === 1 ? asked : parts[0] === '' ? 0 : Number(parts[0]);
  if (!(remote > 0 && remote < 65536)) throw new CommandError('remote port must be > 0');
  if (!(local >= 0 && local < 65536)) throw new CommandError(`error parsing local port '${parts[0]}'`);
  return { local, remote };
}

function listen(s: Session, pod: Thing, p: Ports, host: string): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    s.io.out(`Handling connection for ${(server.address() as { port: number }).port}\n`);
    void join(s, pod, p.remote, socket).catch((e: Error) => {
      s.io.err(`error forwarding port ${p.remote} to pod ${pod.metadata.name}: ${e.message}\n`);
      socket.destroy();
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', (e) => reject(new CommandError(`unable to listen on port ${p.local}: ${e.message}`)));
    server.listen(p.local, host, () => {
      const { port } = server.address() as { port: number };
      s.io.out(`Forwarding from ${host.includes(':') ? `[${host}]` : host}:${port} -> ${p.remote}\n`);
      resolve(server);
    });
  });
}

async function join(s: Session, pod: Thing, remote: number, socket: Socket): Promise<void> {
  socket.pause();
  socket.on('error', () => socket.destroy());
  const mapping = (await s.mapper()).byName('pods');
  const path = `${pathOf(mapping, pod.metadata.namespace, pod.metadata.name, 'portforward')}?ports=${remote}`;
  const ws = await openSocket(s, path, ['v4.channel.k8s.io']);
  // The first message of each channel repeats the port as two bytes.
  const begun = new Set<number>();
  ws.on('message', (raw: Buffer) => {
    const data = Buffer.from(raw);
    const channel = data[0]!;
    const body = data.subarray(1);
    if (!begun.has(channel)) {
      begun.add(channel);
      return;
    }
    if (channel === 1) s.io.err(`${body.toString()}\n`);
    else if (!socket.write(body)) {
      ws.pause();
      socket.once('drain', () => ws.resume());
    }
  });
  ws.on('close', () => socket.end());
  ws.on('error', () => socket.destroy());
  socket.on('data', (c: Buffer) => ws.send(Buffer.concat([Buffer.from([0]), c])));
  socket.on('close', () => ws.close());
  s.io.signal.addEventListener('abort', () => socket.destroy(), { once: true });
  ws.resume();
  socket.resume();
}
