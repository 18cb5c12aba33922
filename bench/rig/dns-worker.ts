/** A DNS server over 5,000 services in a thread of its own; says its port when it listens and ends with the thread. */
import { parentPort } from 'node:worker_threads';
import { Namespaces, Services } from '../../src/api/core/v1/resources.ts';
import type { Service } from '../../src/api/core/v1/types.ts';
import { EndpointSlices } from '../../src/api/discovery/v1/resources.ts';
import type { EndpointSlice } from '../../src/api/discovery/v1/types.ts';
import type { AnyRow, KubeObject } from '../../src/api/resource-row.ts';
import { realClock } from '../../src/base/clock.ts';
import { silent } from '../../src/base/log.ts';
import { createInformer } from '../../src/client/index.ts';
import { createClusterView, createDnsServer } from '../../src/dns/index.ts';
import { sampleServices } from './sample-services.ts';

const fail = (e: unknown): never => {
  throw e;
};
const { services, slices } = sampleServices(5_000, 10);
const informers = {
  services: createInformer<Service>(Services as AnyRow, fail),
  slices: createInformer<EndpointSlice>(EndpointSlices as AnyRow, fail),
  namespaces: createInformer<KubeObject>(Namespaces as AnyRow, fail),
};
const view = createClusterView(informers as never);
informers.services.replace(services, '1');
informers.slices.replace(slices, '1');
informers.namespaces.replace(
  Array.from({ length: 50 }, (_, i) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: `ns-${i}` } })),
  '1',
);
const server = await createDnsServer({
  host: '127.0.0.1',
  port: 0,
  domain: 'cluster.local',
  view,
  upstream: { resolve: async () => undefined, busy: false },
  random: Math.random,
  clock: realClock,
  log: silent,
});
parentPort?.postMessage(server.port);
