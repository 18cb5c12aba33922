/** Streams of the container runtime: SPDY/3.1 to the URL it gave, so that the end of stdin arrives (its websockets cannot say it). */
import { request } from 'node:http';
import { SpdyConnection } from './spdy-connection.ts';

export function connectRuntimeStream(url: string, protocol: string): Promise<SpdyConnection> {
  return new Promise((resolve, reject) => {
    const req = request(url, {
      method: 'POST',
      headers: { Connection: 'Upgrade', Upgrade: 'SPDY/3.1', 'X-Stream-Protocol-Version': protocol },
      agent: false,
    });
    req.on('upgrade', (_res, socket, head) => resolve(new SpdyConnection(socket, head, { role: 'client' })));
    req.on('response', (res) => {
      let text = '';
      res.on('data', (d) => {
        text += d;
      });
      res.on('end', () =>
        reject(new Error(`the runtime refused to stream: ${text.trim() || `status ${res.statusCode}`}`)),
      );
    });
    req.on('error', reject);
    req.end();
  });
}
