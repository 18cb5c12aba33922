/** How long kube-proxy thinks: services and slices to rules, and the script for one changed endpoint. What nft takes is not in it. */
import type { EndpointSlice } from '../src/api/discovery/v1/types.ts';
import { createRuleBook } from '../src/proxy/rule-book.ts';
import { servicePorts } from '../src/proxy/service-ports.ts';
import { benchmark, main, timed } from './rig/benchmark.ts';
import { sampleServices } from './rig/sample-services.ts';

const count = 5_000;
const endpointsEach = 10;
const rounds = 5;

export const bench = benchmark({
  summary: 'Packet rules of 5,000 services with 10 endpoints each: all of them, and after one endpoint changed.',
  figures: {
    'full-5000-services': { unit: 'ms', better: 'less' },
    'one-change-5000-services': { unit: 'ms', better: 'less' },
    'full-script': { unit: 'MiB', better: 'less' },
  },
  async run(say) {
    const { services, slices } = sampleServices(count, endpointsEach);
    const bySlice = new Map(
      slices.map((s) => [`${s.metadata.namespace}/${s.metadata.labels?.['kubernetes.io/service-name']}`, s]),
    );
    const byName = new Map(services.map((s) => [`${s.metadata.namespace}/${s.metadata.name}`, s]));
    let changed: EndpointSlice | undefined;
    const slicesOf = (ns: string, name: string) => {
      const s = bySlice.get(`${ns}/${name}`);
      return s ? [changed && s.metadata.name === changed.metadata.name ? changed : s] : [];
    };
    const rowsOf = (name: string) => {
      const s = byName.get(name);
      return s ? servicePorts({ services: [s], slicesOf, nodeName: 'n1' }, 'IPv4') : [];
    };
    const book = createRuleBook({
      family: 'IPv4',
      clusterCidr: '10.244.0.0/14',
      nodeIPs: ['192.0.2.1'],
      serviceCIDRs: ['10.96.0.0/12'],
    });
    const first = slices[0]!;
    const touched = `${first.metadata.namespace}/${first.metadata.labels?.['kubernetes.io/service-name']}`;
    const fewer = { ...first, endpoints: first.endpoints!.slice(1) };
    const full: number[] = [];
    const one: number[] = [];
    let text = '';
    for (let i = 0; i < rounds; i++) {
      full.push(
        await timed(async () => {
          const change = await book.rewrite([...byName.keys()], rowsOf, 0);
          text = change.script;
          change.done();
        }),
      );
      changed = changed ? undefined : fewer;
      let script = '';
      one.push(
        await timed(() => {
          const change = book.change([touched], rowsOf, 0);
          script = change.script;
          change.done();
        }),
      );
      if (!script || script.length > text.length / 100) throw new Error('the script of one change is not small');
    }
    say('full-5000-services', Math.min(...full) * 1000);
    say('one-change-5000-services', Math.min(...one) * 1000);
    say('full-script', text.length / 2 ** 20);
  },
});

if (import.meta.main) await main(import.meta.filename, bench);
