/** What the server counts of its requests, under upstream's metric names (apiserver/pkg/endpoints/metrics). */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RequestInfo } from './attributes.ts';

export interface RequestMetrics {
  /** Call the result with the status code when the answer begins. */
  begin(info: RequestInfo, longRunning: boolean): (status: number) => void;
  text(): Promise<string>;
  readonly contentType: string;
  readonly registry: Registry;
}

const scopeOf = (i: RequestInfo): string =>
  !i.isResource ? '' : i.name ? 'resource' : i.namespace ? 'namespace' : 'cluster';

const verbOf = (i: RequestInfo): string => (i.verb === 'deletecollection' ? 'DELETECOLLECTION' : i.verb.toUpperCase());

/** `monotonic` in ms. */
export function createMetrics(monotonic: () => number): RequestMetrics {
  const registry = new Registry();
  const labelNames = ['verb', 'dry_run', 'group', 'version', 'resource', 'subresource', 'scope', 'component'] as const;
  const total = new Counter({
    name: 'apiserver_request_total',
    help: 'Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.',
    labelNames: [...labelNames, 'code'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'apiserver_request_duration_seconds',
    help: 'Response latency distribution in seconds for each verb, dry run value, group, version, resource, subresource, scope and component.',
    labelNames: [...labelNames],
    buckets: [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60],
    registers: [registry],
  });
  const longRunning = new Gauge({
    name: 'apiserver_longrunning_requests',
    help: 'Gauge of all active long-running apiserver requests broken out by verb, group, version, resource, scope and component.',
    labelNames: ['verb', 'group', 'version', 'resource', 'subresource', 'scope', 'component'],
    registers: [registry],
  });
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory size in bytes.',
    registers: [registry],
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  interface Series {
    readonly observe: (seconds: number) => void;
    readonly codes: Map<number, { inc(): void }>;
    readonly labels: Record<string, string>;
  }
  const series = new Map<string, Series>();
  const seriesOf = (i: RequestInfo): Series => {
    const verb = verbOf(i);
    const scope = scopeOf(i);
    const key = `${verb} ${i.group}/${i.version}/${i.resource}/${i.subresource} ${scope}`;
    let s = series.get(key);
    if (s) return s;
    const labels = {
      verb,
      dry_run: '',
      group: i.group,
      version: i.version,
      resource: i.resource,
      subresource: i.isResource ? i.subresource : '',
      scope,
      component: 'apiserver',
    };
    // Paths nobody serves must not fill the memory.
    if (series.size > 5000) series.clear();
    const h = duration.labels(labels);
    s = { observe: (v) => h.observe(v), codes: new Map(), labels };
    series.set(key, s);
    return s;
  };
  return {
    registry,
    contentType: registry.contentType,
    text: () => registry.metrics(),
    begin(info, long) {
      const s = seriesOf(info);
      const start = monotonic();
      return (status) => {
        let c = s.codes.get(status);
        if (!c) {
          c = total.labels({ ...s.labels, code: String(status) } as never);
          s.codes.set(status, c);
        }
        c.inc();
        if (!long) s.observe((monotonic() - start) / 1000);
        else {
          const { dry_run: _, ...rest } = s.labels;
          longRunning.labels(rest as never).inc(0);
        }
      };
    },
  };
}
