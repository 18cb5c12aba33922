/** Which endpoints of a service port the node may send packets to: readiness, traffic policies and topology hints. Pure. */
import type { EndpointSlice } from '../api/discovery/v1/types.ts';
import type { Protocol } from './service-ports.ts';

export interface Endpoint {
  readonly ip: string;
  readonly port: number;
  /** On this node. */
  readonly local: boolean;
}

/** Where the node is; hints of slices name such places. */
export interface NodePlace {
  readonly nodeName: string;
  /** The node's `topology.kubernetes.io/zone`, when labelled. */
  readonly zone?: string | undefined;
}

export interface Candidate extends Endpoint {
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  /** undefined: no hints were given. */
  readonly zones: readonly string[] | undefined;
  readonly nodes: readonly string[] | undefined;
}

/** Every endpoint of one port, in a stable order; one that two slices name counts once. */
export function candidates(
  slices: readonly EndpointSlice[],
  portName: string,
  protocol: Protocol,
  place: NodePlace,
): readonly Candidate[] {
  const byAddress = new Map<string, Candidate>();
  for (const slice of slices) {
    // A slice may hold one name with several numbers: pods that number it differently.
    for (const p of slice.ports ?? []) {
      if ((p.name ?? '') !== portName || (p.protocol ?? 'TCP').toLowerCase() !== protocol || !p.port) continue;
      for (const e of slice.endpoints ?? []) {
        const ip = e.addresses?.[0];
        if (!ip) continue;
        const key = `${ip} ${p.port}`;
        const terminating = e.conditions.terminating === true;
        // While an endpoint moves from slice to slice, or its address to another pod, it is there twice: the one that stays counts.
        if (byAddress.has(key) && terminating) continue;
        byAddress.set(key, {
          ip,
          port: p.port,
          local: e.nodeName !== undefined && e.nodeName === place.nodeName,
          ready: e.conditions.ready !== false,
          serving: e.conditions.serving !== false,
          terminating,
          zones: e.hints?.forZones?.length ? e.hints.forZones.map((z) => z.name) : undefined,
          nodes: e.hints?.forNodes?.length ? e.hints.forNodes.map((n) => n.name) : undefined,
        });
      }
    }
  }
  return [...byAddress.values()].sort((a, b) => (a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : a.port - b.port));
}

export interface Usable {
  /** Under the Cluster policy; empty when the port never uses it. */
  readonly cluster: readonly Endpoint[];
  /** Under the Local policy; empty when the port never uses it. */
  readonly local: readonly Endpoint[];
  /** Some node could answer, though perhaps not this one. */
  readonly any: boolean;
}

/**
 * Ready endpoints, near ones when every one carries a hint and one is meant for this place; while none is ready, those that still
 * serve as they end, for each policy by itself (upstream: pkg/proxy/topology.go, KEP-1669, KEP-2433, KEP-3015).
 */
export function usable(
  all: readonly Candidate[],
  uses: { readonly cluster: boolean; readonly local: boolean },
  place: NodePlace,
): Usable {
  const ending = (e: Candidate) => !e.ready && e.serving && e.terminating;
  const pick = (of: readonly Candidate[]): readonly Endpoint[] => {
    const ready = of.filter((e) => e.ready);
    return (ready.length ? ready : of.filter(ending)).map(bare);
  };
  return {
    cluster: uses.cluster ? pick(near(all, place)) : [],
    local: uses.local ? pick(all.filter((e) => e.local)) : [],
    any: all.some((e) => e.ready || ending(e)),
  };
}

const bare = ({ ip, port, local }: Candidate): Endpoint => ({ ip, port, local });

function near(all: readonly Candidate[], { nodeName, zone }: NodePlace): readonly Candidate[] {
  const ready = all.filter((e) => e.ready);
  const hinted = (of: (e: Candidate) => readonly string[] | undefined, here: string | undefined) => {
    if (!ready.length || here === undefined || !ready.every((e) => of(e))) return undefined;
    const found = ready.filter((e) => of(e)!.includes(here));
    return found.length ? found : undefined;
  };
  return hinted((e) => e.nodes, nodeName) ?? hinted((e) => e.zones, zone) ?? all;
}
