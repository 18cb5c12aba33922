/** One question to one server, for those who wait for it to come up: lost packets cost as little as the caller allows. */
import { createSocket } from 'node:dgram';
import type { Clock } from '../base/clock.ts';
import { encodeQuery, readAddresses } from './wire.ts';

/**
 * The IPv4 addresses of a name, asked over UDP from a port of its own: the kernel remembers where it sent a flow, also when nobody was
 * there. Rejects when no answer came within `ms`, or the system refused.
 */
export function askAddresses(
  server: string,
  name: string,
  { ms, clock, random }: { readonly ms: number; readonly clock: Clock; readonly random: () => number },
): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const query = encodeQuery(Math.floor(random() * 0x10000), name, 'A');
    const socket = createSocket('udp4');
    const end = (settle: () => void) => {
      late.cancel();
      socket.removeAllListeners().on('error', () => {});
      socket.close();
      settle();
    };
    const late = clock.after(ms, () => end(() => reject(new Error(`DNS at ${server} did not answer within ${ms} ms`))));
    socket.on('error', (e) => end(() => reject(new Error(`DNS at ${server} cannot be asked: ${e.message}`))));
    socket.on('message', (m) => {
      if (m.length > 12 && m.readUInt16BE(0) === query.readUInt16BE(0))
        end(() => resolve(readAddresses(m).flatMap((r) => (r.type === 'A' ? [r.data] : []))));
    });
    socket.on('connect', () => socket.send(query));
    socket.connect(53, server);
  });
}
