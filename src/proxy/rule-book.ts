/**
 * What the table holds, service by service: a change costs what the changed services cost, however many there are.
 * Rules of a service bear its name, so those of two services never touch; elements of maps that move from one service to another go
 * in one script, out before in.
 */
import { familyOf, hairpinsOf, isOfService, type ModelOptions, nftModel, type NftModel } from './nft-model.ts';
import { changeScript, type Hairpins, tableName, tableScript } from './nft-script.ts';
import type { ServicePort } from './service-ports.ts';

export interface Change {
  /** One transaction for nft; empty when nothing differs. */
  readonly script: string;
  /** UDP endpoints may have gone: flows have to be looked at. */
  readonly udp: boolean;
  /** Say that the script was applied; without it the book still holds what was before. */
  done(): void;
}

/** Names in the table as it is, whoever wrote it; undefined = write it anew whatever it is. */
export interface TableNames {
  readonly chains: readonly string[];
  readonly sets: readonly string[];
}

/** How many services are worked out in one turn of the event loop. */
const servicesPerTurn = 50;
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
/** So long an unused chain stays. */
const idleMs = 1_000;

export interface RuleBook {
  /** `rowsOf` is asked for the rows of each service named; none for one that is gone. `now` is monotonic, in ms. */
  change(services: Iterable<string>, rowsOf: (service: string) => readonly ServicePort[], now: number): Change;
  /** The whole table, whatever it holds now. Yields to the event loop between services. */
  rewrite(
    services: readonly string[],
    rowsOf: (service: string) => readonly ServicePort[],
    now: number,
    table?: TableNames,
  ): Promise<Change>;
  /** Takes away chains that have been unused for long enough: a transaction of its own, empty when there are none. */
  sweep(now: number): string;
  /** Services whose traffic of a kind is dropped: policy Local, and no endpoint here. */
  noLocalEndpoints(): { readonly internal: number; readonly external: number };
  rows(): Iterable<ServicePort>;
}

/** What a row asks for that another service may ask for as well: addresses from outside, and node ports. */
const claimOf = (row: ServicePort, ip: string): string => `${ip} ${row.protocol} ${row.port}`;
const nodePortOf = (row: ServicePort): string => `node ${row.protocol} ${row.nodePort}`;
const claimsOf = (rows: readonly ServicePort[]): readonly string[] =>
  rows.flatMap((r) => [
    ...[...r.externalIPs, ...r.loadBalancerIPs].map((ip) => claimOf(r, ip)),
    ...(r.nodePort ? [nodePortOf(r)] : []),
  ]);

/** The first service that asks has it: the kernel takes no second answer for one address and port. */
function take(owners: Map<string, string>, service: string, rows: readonly ServicePort[]): readonly ServicePort[] {
  for (const c of claimsOf(rows)) if (!owners.has(c)) owners.set(c, service);
  const mine = (c: string) => owners.get(c) === service;
  if (claimsOf(rows).every(mine)) return rows;
  return rows.map((r) => ({
    ...r,
    externalIPs: r.externalIPs.filter((ip) => mine(claimOf(r, ip))),
    loadBalancerIPs: r.loadBalancerIPs.filter((ip) => mine(claimOf(r, ip))),
    nodePort: r.nodePort && mine(nodePortOf(r)) ? r.nodePort : undefined,
  }));
}

/** Adds to, or takes from, the counts of how many services have a connection. */
function count(counts: Map<string, number>, list: Iterable<string>, by: 1 | -1): void {
  for (const x of list) {
    const n = (counts.get(x) ?? 0) + by;
    if (n) counts.set(x, n);
    else counts.delete(x);
  }
}

const isUdp = (r: ServicePort): boolean => r.protocol === 'udp';
/** Was one endpoint of a UDP port taken away, or is there a first one? */
function udpChanged(was: readonly ServicePort[], is: readonly ServicePort[]): boolean {
  const text = (rows: readonly ServicePort[]) =>
    JSON.stringify(rows.filter(isUdp).map((r) => [r.service, r.portName, r.port, r.nodePort, r.serving]));
  return (was.some(isUdp) || is.some(isUdp)) && text(was) !== text(is);
}

/** Hairpin connections, once for each service that has them: services share them. */
const perService = (rows: ReadonlyMap<string, readonly ServicePort[]>): readonly string[] =>
  [...rows.values()].flatMap((r) => [...new Set(r.flatMap(hairpinsOf))]);

export function createRuleBook(options: ModelOptions): RuleBook {
  let book = new Map<string, readonly ServicePort[]>();
  let owners = new Map<string, string>();
  let hairpins = new Map<string, number>();
  let idle = new Map<string, number>();
  const t = `${familyOf(options.family)} ${tableName}`;
  return {
    change(services, rowsOf, now) {
      const names = [...new Set(services)];
      const before = new Map(names.map((s) => [s, book.get(s) ?? []] as const));
      const was = [...before.values()].flat();
      for (const c of claimsOf(was)) owners.delete(c);
      const next = new Map(names.map((s) => [s, take(owners, s, rowsOf(s))] as const));
      const is = [...next.values()].flat();
      const shared = new Map(hairpins);
      const [out, into] = [perService(before), perService(next)];
      count(shared, out, -1);
      count(shared, into, 1);
      const touched = [...new Set([...out, ...into])];
      const moved: Hairpins = {
        gone: touched.filter((h) => hairpins.has(h) && !shared.has(h)),
        come: touched.filter((h) => !hairpins.has(h) && shared.has(h)),
      };
      const model = nftModel(is, options);
      const script = changeScript(nftModel(was, options), model, moved);
      return {
        script: script.text,
        udp: udpChanged(was, is),
        done() {
          for (const [s, rows] of next)
            if (rows.length) book.set(s, rows);
            else book.delete(s);
          hairpins = shared;
          for (const chain of model.chains.keys()) idle.delete(chain);
          for (const chain of script.idle) idle.set(chain, now);
        },
      };
    },
    async rewrite(services, rowsOf, now, table) {
      const next = new Map<string, readonly ServicePort[]>();
      const claimed = new Map<string, string>();
      const shared = new Map<string, number>();
      const used = new Set<string>();
      const empty = nftModel([], options);
      const parts = [tableScript(options, !table)];
      for (let at = 0; at < services.length; at += servicesPerTurn) {
        const batch = new Map(
          services.slice(at, at + servicesPerTurn).map((s) => [s, take(claimed, s, rowsOf(s))] as const),
        );
        for (const [s, rows] of batch) if (rows.length) next.set(s, rows);
        const model = nftModel([...batch.values()].flat(), options);
        for (const name of namesOf(model)) used.add(name);
        count(shared, perService(batch), 1);
        parts.push(changeScript(empty, model).text);
        await nextTurn();
      }
      const leftSets = (table?.sets ?? []).filter((s) => isOfService(s) && !used.has(s));
      const leftChains = (table?.chains ?? []).filter((c) => isOfService(c) && !used.has(c));
      for (const set of leftSets) parts.push(`delete set ${t} ${set}\n`);
      return {
        script: parts.join(''),
        udp: true,
        done() {
          book = next;
          owners = claimed;
          hairpins = shared;
          idle = new Map(leftChains.map((c) => [c, now]));
        },
      };
    },
    sweep(now) {
      const old = [...idle].filter(([, since]) => now - since > idleMs).map(([c]) => c);
      for (const c of old) idle.delete(c);
      return old.map((c) => `delete chain ${t} ${c}\n`).join('');
    },
    noLocalEndpoints() {
      const rows = [...book.values()].flat().filter((r) => r.anyEndpoints && !r.local.length);
      return {
        internal: rows.filter((r) => r.internalLocal).length,
        external: rows.filter((r) => r.externalLocal).length,
      };
    },
    *rows() {
      for (const rows of book.values()) yield* rows;
    },
  };
}

const namesOf = (m: NftModel): readonly string[] => [...m.chains.keys(), ...m.sets.keys()];
