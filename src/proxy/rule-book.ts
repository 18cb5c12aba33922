/**
 * What the table holds, service by service: a change costs what the changed services cost, however many there are.
 * Rules of a service bear its name, so those of two services never touch; elements of maps that move from one service to another go
 * in one script, out before in.
 */
import { staleFlows, type StaleFlow } from './conntrack.ts';
import { nftModel, type ModelOptions } from './nft-model.ts';
import { changeScript, tableScript } from './nft-script.ts';
import type { ServicePort } from './service-ports.ts';

export interface Change {
  /** One transaction for nft; empty when nothing differs. */
  readonly script: string;
  readonly stale: readonly StaleFlow[];
  /** Say that the script was applied; without it the book still holds what was before. */
  done(): void;
}

/** How many services are worked out in one turn of the event loop. */
const servicesPerTurn = 50;
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

export interface RuleBook {
  /** `rowsOf` is asked for the rows of each service named; none for one that is gone. */
  change(services: Iterable<string>, rowsOf: (service: string) => readonly ServicePort[]): Change;
  /** The whole table anew, whatever it holds now. Yields to the event loop between services. */
  rewrite(services: readonly string[], rowsOf: (service: string) => readonly ServicePort[]): Promise<Change>;
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

export function createRuleBook(options: ModelOptions): RuleBook {
  let book = new Map<string, readonly ServicePort[]>();
  let owners = new Map<string, string>();
  return {
    change(services, rowsOf) {
      const names = [...new Set(services)];
      const was = names.flatMap((s) => book.get(s) ?? []);
      for (const c of claimsOf(was)) owners.delete(c);
      const next = names.map((s) => [s, take(owners, s, rowsOf(s))] as const);
      const is = next.flatMap(([, rows]) => rows);
      return {
        script: changeScript(nftModel(was, options), nftModel(is, options)),
        stale: staleFlows(was, is),
        done() {
          for (const [s, rows] of next)
            if (rows.length) book.set(s, rows);
            else book.delete(s);
        },
      };
    },
    async rewrite(services, rowsOf) {
      const next = new Map<string, readonly ServicePort[]>();
      const claimed = new Map<string, string>();
      const empty = nftModel([], options);
      const parts = [tableScript(empty.family)];
      const stale: StaleFlow[] = [];
      for (let at = 0; at < services.length; at += servicesPerTurn) {
        const batch = services.slice(at, at + servicesPerTurn).map((s) => [s, take(claimed, s, rowsOf(s))] as const);
        for (const [s, rows] of batch) {
          if (rows.length) next.set(s, rows);
          stale.push(...staleFlows(book.get(s) ?? [], rows));
        }
        const rows = batch.flatMap(([, list]) => list);
        parts.push(changeScript(empty, nftModel(rows, options)));
        await nextTurn();
      }
      for (const [s, rows] of book) if (!next.has(s)) stale.push(...staleFlows(rows, []));
      return {
        script: parts.join(''),
        stale,
        done() {
          book = next;
          owners = claimed;
        },
      };
    },
  };
}
