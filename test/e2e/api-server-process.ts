/** A whole API server on the disk store as a process of its own, for tests that kill it: `node api-server-process.ts DIR PORT`. */
import { readFile } from 'node:fs/promises';
import { ensureBootstrapObjects } from '../../src/apiserver/bootstrap/index.ts';
import { realClock as clock } from '../../src/base/clock.ts';
import { silent as log } from '../../src/base/log.ts';
import { createClient } from '../../src/client/index.ts';
import { assembleApiServer } from '../../src/cmd/api-server.ts';
import { newClusterSettings, paths } from '../../src/cmd/cluster-settings.ts';
import { ensureCertificates } from '../../src/cmd/lifecycle/certificates.ts';
import { openDiskStore } from '../../src/storage/index.ts';

const [dataDir, port] = process.argv.slice(2);
const s = newClusterSettings({ dataDir: dataDir!, nodeName: 'test', nodeIP: '127.0.0.1', apiPort: Number(port) });
const pki = paths(s).pki;
await ensureCertificates(s, clock);
const pem = (file: string) => readFile(`${pki}/${file}`, 'utf8');
const store = await openDiskStore({ dir: paths(s).store, clock, log });
const server = await assembleApiServer({
  serviceAccountKey: `${pki}/sa.key`,
  serviceAccountPub: `${pki}/sa.pub`,
  clusterDomain: s.clusterDomain,
  serviceCidrs: [s.serviceCidr],
  store,
  clock,
  log,
});
await server.ready();
const loopback = createClient(
  server.transport({ name: 'system:apiserver', uid: '', groups: ['system:masters'], extra: {} }),
  { userAgent: 'test' },
);
const clientCa = await pem('ca.crt');
await ensureBootstrapObjects(loopback, {
  serviceCidrs: [s.serviceCidr],
  serviceIP: s.serviceIP,
  advertiseAddress: '10.244.0.1',
  securePort: s.apiPort,
  clientCa,
  clock,
});
await server.listen({
  host: '127.0.0.1',
  port: s.apiPort,
  tls: { cert: await pem('apiserver.crt'), key: await pem('apiserver.key'), clientCa },
});
process.stdout.write('ready\n');
process.on(
  'SIGTERM',
  () =>
    void server
      .close()
      .then(() => store.close())
      .then(() => process.exit(0)),
);
