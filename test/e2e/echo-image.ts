/** An image with this Node and a small server in it, for tests that need more than busybox answers: every method and path over HTTP, and UDP. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must, run, type TestCluster } from './cluster.ts';

/** `/echo tcp=80,8080 udp=80`: HTTP answers `{pod, port, method, path, from, body}`, UDP answers the pod's name. `/echo ask=host:port[:from]` asks over UDP. */
const server = `
const { createServer } = require('node:http');
const { hostname } = require('node:os');
for (const word of process.argv.slice(2)) {
  const [protocol, ports] = word.split('=');
  if (protocol === 'ask') {
    const [host, port, from] = ports.split(':');
    const socket = require('node:dgram').createSocket('udp4').on('message', (m) => (console.log(String(m)), process.exit()));
    socket.bind(Number(from ?? 0), () => socket.send('hi', Number(port), host));
    setTimeout(() => process.exit(1), 2000);
    continue;
  }
  for (const port of ports.split(',').map(Number))
    if (protocol === 'udp') {
      const socket = require('node:dgram').createSocket('udp4');
      socket.on('message', (_, r) => socket.send(hostname(), r.port, r.address)).bind(port);
    } else
      createServer(async (q, r) => {
        let body = '';
        for await (const part of q) body += part;
        if (q.url.startsWith('/to/')) return r.writeHead(302, { location: q.url.slice(3) }).end();
        r.setHeader('content-type', 'application/json');
        r.end(JSON.stringify({ pod: hostname(), port, method: q.method, path: q.url, from: q.socket.remoteAddress, body }));
      }).listen(port);
}
process.on('SIGTERM', () => process.exit(0));
`;

/** Builds and imports it; the name is localhost/echo:1. */
export async function importEcho(c: TestCluster): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'k8ts-echo-'));
  try {
    const fs = join(dir, 'root');
    const script = `mkdir -p ${fs}/bin ${fs}/etc ${fs}/tmp && cp '${process.execPath}' ${fs}/bin/node && for l in $(ldd '${process.execPath}' | grep -o '/[^ ]*'); do mkdir -p ${fs}$(dirname $l) && cp -L $l ${fs}$l; done && printf 'root:x:0:0:root:/:/bin/sh\\n' > ${fs}/etc/passwd`;
    await must('making the image', run('/bin/sh', ['-c', script]));
    writeFileSync(join(fs, 'echo.cjs'), server);
    const [archive, entry] = [join(dir, 'echo.tar'), '["/bin/node","/echo.cjs"]'];
    await c.k8ts('image', 'pack', fs, archive, '--name', 'localhost/echo:1', '--entrypoint', entry);
    await c.k8ts('image', 'import', '--data-dir', c.dataDir, archive);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
