/**
 * Subsets in their canonical form: each address once, ports gathered by the addresses that offer them. Both the Endpoints controller
 * and whoever reads Endpoints written by hand go through it (upstream: pkg/api/v1/endpoints/util.go RepackSubsets).
 */
import type { EndpointAddress, EndpointPort, EndpointSubset } from '../../api/core/v1/types.ts';
import { stableJson } from '../../machinery/index.ts';

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byAddress = (a: EndpointAddress, b: EndpointAddress): number =>
  byText(a.ip, b.ip) || byText(a.targetRef?.uid ?? '', b.targetRef?.uid ?? '');

export function repackSubsets(subsets: readonly EndpointSubset[]): readonly EndpointSubset[] {
  /** The first one seen of an address stands for all of them; two pods may share one on the host's network. */
  const addresses = new Map<string, EndpointAddress>();
  /** Port → address → whether it is ready there: one that is not ready in any subset is not. */
  const byPort = new Map<string, { readonly port: EndpointPort | undefined; readonly ready: Map<string, boolean> }>();
  for (const s of subsets)
    for (const port of s.ports?.length ? s.ports : [undefined]) {
      const key = port ? stableJson(port) : '';
      const entry = byPort.get(key) ?? { port, ready: new Map<string, boolean>() };
      byPort.set(key, entry);
      const put = (a: EndpointAddress, ready: boolean): void => {
        const id = `${a.ip} ${a.targetRef?.uid ?? ''}`;
        if (!addresses.has(id)) addresses.set(id, a);
        entry.ready.set(id, ready && entry.ready.get(id) !== false);
      };
      for (const a of s.addresses ?? []) put(a, true);
      for (const a of s.notReadyAddresses ?? []) put(a, false);
    }
  const groups = new Map<string, { readonly ports: EndpointPort[]; readonly ready: ReadonlyMap<string, boolean> }>();
  for (const { port, ready } of byPort.values()) {
    const key = [...ready]
      .map(([id, up]) => `${id} ${up}`)
      .sort()
      .join(',');
    const group = groups.get(key) ?? { ports: [], ready };
    groups.set(key, group);
    if (port) group.ports.push(port);
  }
  return [...groups.values()]
    .map(({ ports, ready }): EndpointSubset => {
      const of = (wanted: boolean) =>
        [...ready]
          .filter(([, up]) => up === wanted)
          .map(([id]) => addresses.get(id)!)
          .sort(byAddress);
      const [up, down] = [of(true), of(false)];
      return {
        ...(up.length > 0 && { addresses: up }),
        ...(down.length > 0 && { notReadyAddresses: down }),
        ...(ports.length > 0 && { ports: ports.sort((a, b) => byText(stableJson(a), stableJson(b))) }),
      };
    })
    .sort((a, b) => byText(stableJson(a.ports ?? []), stableJson(b.ports ?? [])));
}
