/** kube-proxy: keeps the node's packet rules true to services and endpoint slices. */
import type { Services } from '../api/core/v1/resources.ts';
import type { EndpointSlices } from '../api/discovery/v1/resources.ts';
import type { ObjectOf } from '../api/resource-row.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { PacketRules } from '../base/net/nft.ts';
import type { Running } from '../base/running.ts';
import type { Informer } from '../client/cache.ts';
import type { StaleFlow } from './conntrack.ts';
import { createRuleBook } from './rule-book.ts';
import { type Family, type ServicePort, servicePorts } from './service-ports.ts';

export interface ProxyOptions {
  readonly nodeName: string;
  readonly families: readonly Family[];
  /** Pods' addresses, by family; their packets keep their source. */
  readonly clusterCidr: Readonly<Partial<Record<Family, string>>>;
  readonly services: Informer<ObjectOf<typeof Services>>;
  readonly slices: Informer<ObjectOf<typeof EndpointSlices>>;
  readonly rules: PacketRules;
  /** Forgets connections that would go on to an endpoint that is gone. */
  readonly forget: (flows: readonly StaleFlow[]) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Changes are gathered for so long after a sync (upstream: minSyncPeriod). */
  readonly minSyncMs?: number;
}

const serviceIndex = 'service';
/** Everything is written anew now and then, in case somebody else changed the table. */
const fullSyncMs = 15 * 60_000;

const serviceOf = (slice: ObjectOf<typeof EndpointSlices>): string =>
  `${slice.metadata.namespace}/${slice.metadata.labels?.['kubernetes.io/service-name'] ?? ''}`;
const nameOf = (s: ObjectOf<typeof Services>): string => `${s.metadata.namespace}/${s.metadata.name}`;

/** Call before the informers start (an index is added). Rules stay when the signal aborts: services outlive this process. */
export function startProxy(o: ProxyOptions, signal: AbortSignal): Running {
  o.slices.addIndex(serviceIndex, (s) => [serviceOf(s)]);
  return { stopped: run(o, signal) };
}

async function run(o: ProxyOptions, signal: AbortSignal): Promise<void> {
  let wake = Promise.withResolvers<void>();
  /** Services whose rules may differ from the table's. */
  let changed = new Set<string>();
  const note = (...services: readonly string[]) => {
    for (const s of services) changed.add(s);
    wake.resolve();
  };
  const removals = [
    o.services.addHandler({
      onAdd: (s) => note(nameOf(s)),
      onUpdate: (_, s) => note(nameOf(s)),
      onDelete: (s) => note(nameOf(s)),
    }),
    o.slices.addHandler({
      onAdd: (s) => note(serviceOf(s)),
      onUpdate: (old, s) => note(serviceOf(old), serviceOf(s)),
      onDelete: (s) => note(serviceOf(s)),
    }),
  ];
  const stop = () => wake.resolve();
  signal.addEventListener('abort', stop, { once: true });
  const tables = o.families.map((family) => {
    const book = createRuleBook({ family, clusterCidr: o.clusterCidr[family] });
    return { family, book, rowsOf: (service: string) => rowsOf(o, family, service) };
  });
  let fullAt = 0;
  let backoff = 0;
  try {
    await Promise.all([o.services.synced(signal), o.slices.synced(signal)]).catch(() => {});
    while (!signal.aborted) {
      wake = Promise.withResolvers<void>();
      const full = o.clock.monotonic() >= fullAt;
      const services = changed;
      changed = new Set();
      try {
        for (const t of tables) {
          const change = full
            ? await t.book.rewrite(o.services.list().map(nameOf), t.rowsOf)
            : t.book.change(services, t.rowsOf);
          if (change.script) await apply(o, change.script, { family: t.family, full });
          change.done();
          if (change.stale.length) await o.forget(change.stale);
        }
        if (full) fullAt = o.clock.monotonic() + fullSyncMs;
        backoff = 0;
      } catch (e) {
        // Whatever the table holds now, it is not what we think: write it whole.
        fullAt = 0;
        backoff = Math.min(30_000, Math.max(100, backoff * 2));
        o.log.error('rules could not be set; trying again', { error: e as Error, inMs: backoff });
      }
      if (backoff) await o.clock.sleep(backoff, signal).catch(() => {});
      else {
        const again = o.clock.after(Math.max(0, fullAt - o.clock.monotonic()), stop);
        await wake.promise;
        again.cancel();
        await o.clock.sleep(o.minSyncMs ?? 10, signal).catch(() => {});
      }
    }
  } finally {
    for (const remove of removals) remove();
    signal.removeEventListener('abort', stop);
  }
}

function rowsOf(o: ProxyOptions, family: Family, service: string): readonly ServicePort[] {
  const found = o.services.get(service);
  if (!found) return [];
  const slicesOf = (ns: string, name: string) => o.slices.byIndex(serviceIndex, `${ns}/${name}`);
  return servicePorts({ services: [found], slicesOf, nodeName: o.nodeName }, family);
}

async function apply(
  o: ProxyOptions,
  script: string,
  what: { readonly family: Family; readonly full: boolean },
): Promise<void> {
  const began = o.clock.monotonic();
  await o.rules.apply(script);
  o.log.debug('rules set', { ...what, ms: Math.round(o.clock.monotonic() - began) });
}
