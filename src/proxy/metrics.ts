/** What kube-proxy counts, under upstream's metric names (pkg/proxy/metrics). */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Family } from './service-ports.ts';

export interface ProxyMetrics {
  readonly registry: Registry;
  change(kind: 'endpoint' | 'service', family: Family): void;
  synced(family: Family, full: boolean, seconds: number): void;
  failed(family: Family, during: 'sync' | 'cleanup'): void;
  noLocalEndpoints(family: Family, counts: { readonly internal: number; readonly external: number }): void;
  flowsForgotten(family: Family, deleted: number, seconds: number): void;
  asked(path: 'healthz' | 'livez', code: number): void;
}

/** `now` in ms since the epoch. */
export function createProxyMetrics(now: () => number): ProxyMetrics {
  const registry = new Registry();
  const registers = [registry];
  const labelNames = ['ip_family'];
  const buckets = Array.from({ length: 15 }, (_, i) => 0.001 * 2 ** i);
  const latency = (name: string, help: string) => new Histogram({ name, help, labelNames, buckets, registers });
  const counter = (name: string, help: string, labels: readonly string[] = labelNames) =>
    new Counter({ name, help, labelNames: [...labels], registers });
  const gauge = (name: string, help: string, labels: readonly string[] = labelNames) =>
    new Gauge({ name, help, labelNames: [...labels], registers });

  const all = latency('kubeproxy_sync_proxy_rules_duration_seconds', 'SyncProxyRules latency in seconds');
  const full = latency(
    'kubeproxy_sync_full_proxy_rules_duration_seconds',
    'SyncProxyRules latency in seconds for full resyncs',
  );
  const partial = latency(
    'kubeproxy_sync_partial_proxy_rules_duration_seconds',
    'SyncProxyRules latency in seconds for partial resyncs',
  );
  const last = gauge(
    'kubeproxy_sync_proxy_rules_last_timestamp_seconds',
    'The last time proxy rules were successfully synced',
  );
  const queued = gauge(
    'kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds',
    'The last time a sync of proxy rules was queued',
  );
  const pending = {
    endpoint: gauge('kubeproxy_sync_proxy_rules_endpoint_changes_pending', 'Pending proxy rules Endpoint changes', []),
    service: gauge('kubeproxy_sync_proxy_rules_service_changes_pending', 'Pending proxy rules Service changes', []),
  };
  const total = {
    endpoint: counter(
      'kubeproxy_sync_proxy_rules_endpoint_changes_total',
      'Cumulative proxy rules Endpoint changes',
      [],
    ),
    service: counter('kubeproxy_sync_proxy_rules_service_changes_total', 'Cumulative proxy rules Service changes', []),
  };
  const failures = {
    sync: counter('kubeproxy_sync_proxy_rules_nftables_sync_failures_total', 'Cumulative proxy nftables sync failures'),
    cleanup: counter(
      'kubeproxy_sync_proxy_rules_nftables_cleanup_failures_total',
      'Cumulative proxy nftables cleanup failures',
    ),
  };
  const noLocal = gauge(
    'kubeproxy_sync_proxy_rules_no_local_endpoints_total',
    'Number of services with a Local traffic policy and no endpoints',
    ['traffic_policy', 'ip_family'],
  );
  const flows = latency(
    'kubeproxy_conntrack_reconciler_sync_duration_seconds',
    'ReconcileConntrackFlowsLatency latency in seconds',
  );
  const deleted = counter(
    'kubeproxy_conntrack_reconciler_deleted_entries_total',
    'Cumulative conntrack flows deleted by conntrack reconciler',
  );
  const health = {
    healthz: counter('kubeproxy_proxy_healthz_total', 'Cumulative proxy healthz HTTP status', ['code']),
    livez: counter('kubeproxy_proxy_livez_total', 'Cumulative proxy livez HTTP status', ['code']),
  };
  return {
    registry,
    change(kind, ip_family) {
      total[kind].inc();
      pending[kind].inc();
      queued.set({ ip_family }, now() / 1000);
    },
    synced(ip_family, wasFull, seconds) {
      all.observe({ ip_family }, seconds);
      (wasFull ? full : partial).observe({ ip_family }, seconds);
      last.set({ ip_family }, now() / 1000);
      pending.endpoint.set(0);
      pending.service.set(0);
    },
    failed: (ip_family, during) => failures[during].inc({ ip_family }),
    noLocalEndpoints(ip_family, counts) {
      noLocal.set({ ip_family, traffic_policy: 'internal' }, counts.internal);
      noLocal.set({ ip_family, traffic_policy: 'external' }, counts.external);
    },
    flowsForgotten(ip_family, n, seconds) {
      flows.observe({ ip_family }, seconds);
      deleted.inc({ ip_family }, n);
    },
    asked: (path, code) => health[path].inc({ code: String(code) }),
  };
}
