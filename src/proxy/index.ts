/** kube-proxy: keeps the node's packet rules true to services and endpoint slices. */
import type { Services } from '../api/core/v1/resources.ts';
import type { EndpointSlices } from '../api/discovery/v1/resources.ts';
import type { ObjectOf } from '../api/resource-row.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { PacketRules } from '../base/net/nft.ts';
import type { Running } from '../base/running.ts';
import type { Informer } from '../client/cache.ts';
import { staleFlows, type StaleFlow } from './conntrack.ts';
import { type NftModel, nftModel } from './nft-model.ts';
import { changeScript, fullScript } from './nft-script.ts';
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

/** Call before the informers start (an index is added). Rules stay when the signal aborts: services outlive this process. */
export function startProxy(o: ProxyOptions, signal: AbortSignal): Running {
  o.slices.addIndex(serviceIndex, (s) => [
    `${s.metadata.namespace}/${s.metadata.labels?.['kubernetes.io/service-name'] ?? ''}`,
  ]);
  return { stopped: run(o, signal) };
}

interface Applied {
  readonly model: NftModel;
  readonly ports: readonly ServicePort[];
}

async function run(o: ProxyOptions, signal: AbortSignal): Promise<void> {
  let wake = Promise.withResolvers<void>();
  const changed = () => wake.resolve();
  const handler = { onAdd: changed, onUpdate: changed, onDelete: changed };
  const removals = [o.services.addHandler(handler), o.slices.addHandler(handler)];
  signal.addEventListener('abort', changed, { once: true });
  const applied = new Map<Family, Applied>();
  let fullAt = 0;
  let backoff = 0;
  try {
    await Promise.all([o.services.synced(signal), o.slices.synced(signal)]).catch(() => {});
    while (!signal.aborted) {
      wake = Promise.withResolvers<void>();
      if (o.clock.monotonic() >= fullAt) applied.clear();
      try {
        for (const family of o.families) await sync(o, family, applied);
        if (o.clock.monotonic() >= fullAt) fullAt = o.clock.monotonic() + fullSyncMs;
        backoff = 0;
      } catch (e) {
        // Whatever the table holds now, it is not what we think: write it whole.
        applied.clear();
        backoff = Math.min(30_000, Math.max(100, backoff * 2));
        o.log.error('rules could not be set; trying again', { error: e as Error, inMs: backoff });
      }
      if (backoff) await o.clock.sleep(backoff, signal).catch(() => {});
      else {
        const again = o.clock.after(Math.max(0, fullAt - o.clock.monotonic()), changed);
        await wake.promise;
        again.cancel();
        await o.clock.sleep(o.minSyncMs ?? 10, signal).catch(() => {});
      }
    }
  } finally {
    for (const remove of removals) remove();
  }
}

async function sync(o: ProxyOptions, family: Family, applied: Map<Family, Applied>): Promise<void> {
  const view = {
    services: o.services.list(),
    slicesOf: (ns: string, name: string) => o.slices.byIndex(serviceIndex, `${ns}/${name}`),
    nodeName: o.nodeName,
  };
  const ports = servicePorts(view, family);
  const model = nftModel(ports, { family, clusterCidr: o.clusterCidr[family] });
  const before = applied.get(family);
  const script = before ? changeScript(before.model, model) : fullScript(model);
  if (script) {
    const began = o.clock.monotonic();
    await o.rules.apply(script);
    o.log.debug('rules set', {
      family,
      services: ports.length,
      full: !before,
      ms: Math.round(o.clock.monotonic() - began),
    });
  }
  applied.set(family, { model, ports });
  const stale = before ? staleFlows(before.ports, ports) : [];
  if (stale.length) await o.forget(stale);
}
