/** What the DNS server counts, under CoreDNS's metric names. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface DnsMetrics {
  readonly registry: Registry;
  answered(
    q: { readonly zone: string; readonly over: 'udp' | 'tcp'; readonly type: string },
    code: number,
    seconds: number,
  ): void;
  cache(hit: boolean, entries: number): void;
}

const codes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];
/** Other types are counted as one: clients must not make series. */
const countedTypes = new Set(['A', 'AAAA', 'MX', 'SOA', 'CNAME', 'PTR', 'TXT', 'NS', 'SRV', 'ANY', 'AXFR', 'IXFR']);

export function createDnsMetrics(server: string): DnsMetrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: 'coredns_dns_requests_total',
    help: 'Counter of DNS requests made per zone, protocol and family.',
    labelNames: ['server', 'zone', 'view', 'proto', 'family', 'type'],
    registers,
  });
  const responses = new Counter({
    name: 'coredns_dns_responses_total',
    help: 'Counter of response status codes.',
    labelNames: ['server', 'zone', 'view', 'rcode', 'plugin'],
    registers,
  });
  const duration = new Histogram({
    name: 'coredns_dns_request_duration_seconds',
    help: 'Histogram of the time (in seconds) each request took per zone.',
    labelNames: ['server', 'zone', 'view'],
    buckets: Array.from({ length: 16 }, (_, i) => 0.00025 * 2 ** i),
    registers,
  });
  const hits = new Counter({
    name: 'coredns_cache_hits_total',
    help: 'The count of cache hits.',
    labelNames: ['server', 'type', 'zones', 'view'],
    registers,
  });
  const misses = new Counter({
    name: 'coredns_cache_misses_total',
    help: 'The count of cache misses. Deprecated, derive misses from cache hits/requests counters.',
    labelNames: ['server', 'zones', 'view'],
    registers,
  });
  const size = new Gauge({
    name: 'coredns_cache_entries',
    help: 'The number of elements in the cache.',
    labelNames: ['server', 'type', 'zones', 'view'],
    registers,
  });
  const cached = { server, zones: '.', view: '' };
  const series = new Map<string, (code: number, seconds: number) => void>();
  const seriesOf = (zone: string, over: string, type: string) => {
    const labels = { server, zone, view: '' };
    const request = requests.labels({ ...labels, proto: over, family: '1', type });
    const time = duration.labels(labels);
    const plugin = zone === '.' ? 'forward' : 'kubernetes';
    const byCode = new Map<number, { inc(): void }>();
    return (code: number, seconds: number) => {
      request.inc();
      time.observe(seconds);
      let counter = byCode.get(code);
      if (!counter) {
        counter = responses.labels({ ...labels, rcode: codes[code] ?? String(code), plugin });
        byCode.set(code, counter);
      }
      counter.inc();
    };
  };
  return {
    registry,
    answered({ zone, over, type }, code, seconds) {
      const counted = countedTypes.has(type) ? type : 'other';
      const key = `${zone} ${over} ${counted}`;
      let add = series.get(key);
      if (!add) {
        add = seriesOf(zone, over, counted);
        series.set(key, add);
      }
      add(code, seconds);
    },
    cache(hit, entries) {
      if (hit) hits.inc({ ...cached, type: 'success' });
      else misses.inc(cached);
      size.set({ ...cached, type: 'success' }, entries);
    },
  };
}
