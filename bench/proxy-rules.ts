/** How long kube-proxy thinks: services and slices to rules, and the script for one changed endpoint. What nft takes is not in it. */
import type { EndpointSlice } from '../src/api/discovery/v1/types.ts';
import { nftModel } from '../src/proxy/nft-model.ts';
import { changeScript, fullScript } from '../src/proxy/nft-script.ts';
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
    const model = (changed?: EndpointSlice) => {
      const slicesOf = (ns: string, name: string) => {
        const s = bySlice.get(`${ns}/${name}`);
        return s ? [changed && s.metadata.name === changed.metadata.name ? changed : s] : [];
      };
      return nftModel(servicePorts({ services, slicesOf, nodeName: 'n1' }, 'IPv4'), {
        family: 'IPv4',
        clusterCidr: '10.244.0.0/14',
      });
    };
    const first = slices[0]!;
    const changed = { ...first, endpoints: first.endpoints!.slice(1) };
    const full: number[] = [];
    const one: number[] = [];
    let text = '';
    let before = model();
    for (let i = 0; i < rounds; i++) {
      full.push(await timed(() => (text = fullScript(model()))));
      let script: string | undefined = '';
      one.push(
        await timed(() => {
          const next = model(i % 2 ? undefined : changed);
          script = changeScript(before, next);
          before = next;
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
