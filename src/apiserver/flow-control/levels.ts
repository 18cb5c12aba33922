/** From FlowSchemas and PriorityLevelConfigurations to what flow control works with, as pure functions (upstream: util/flowcontrol/apf_controller.go). */
import type { FlowSchema, PriorityLevelConfiguration } from '../../api/flowcontrol/v1/types.ts';
import { flowSchemas as bootstrapSchemas, priorityLevels as bootstrapLevels } from '../bootstrap/flow-control.ts';
import { allocate, type Claim } from './allocation.ts';
import type { SeatDemand } from './seat-demand.ts';
import { canDeal } from './shuffle-sharding.ts';

export interface LevelConfig {
  readonly name: string;
  readonly uid: string;
  readonly exempt: boolean;
  readonly shares: number;
  readonly lendablePercent: number;
  /** undefined = it may borrow whatever others lend. */
  readonly borrowingLimitPercent: number | undefined;
  /** undefined = who finds no seat is turned away. */
  readonly queuing:
    | { readonly queues: number; readonly handSize: number; readonly queueLengthLimit: number }
    | undefined;
}

/** Seats of a level: by configuration, and how few or many they may become by lending and borrowing. */
export interface SeatBounds {
  readonly nominal: number;
  readonly min: number;
  readonly max: number;
}

export const exemptName = 'exempt';
export const catchAllName = 'catch-all';

/** undefined = broken: it counts as missing. */
export function readLevel(pl: PriorityLevelConfiguration): LevelConfig | undefined {
  const { type, limited, exempt } = pl.spec;
  const name = pl.metadata.name ?? '';
  const uid = pl.metadata.uid ?? '';
  if ((type === 'Limited') !== (limited !== undefined) || (type === 'Exempt') !== (exempt !== undefined))
    return undefined;
  if ((type === 'Exempt') !== (name === exemptName)) return undefined;
  if (!limited)
    return {
      name,
      uid,
      exempt: true,
      shares: exempt?.nominalConcurrencyShares ?? 0,
      lendablePercent: exempt?.lendablePercent ?? 0,
      borrowingLimitPercent: undefined,
      queuing: undefined,
    };
  const { queuing, type: response } = limited.limitResponse;
  if ((response === 'Reject') !== (queuing === undefined)) return undefined;
  const { queues = 0, handSize = 0, queueLengthLimit = 0 } = queuing ?? {};
  if (queuing && queues > 0 && !canDeal(queues, handSize)) return undefined;
  return {
    name,
    uid,
    exempt: false,
    shares: limited.nominalConcurrencyShares ?? 0,
    lendablePercent: limited.lendablePercent ?? 0,
    borrowingLimitPercent: limited.borrowingLimitPercent,
    queuing: queuing && { queues, handSize, queueLengthLimit },
  };
}

/** What a server goes by while the two mandatory levels are not there as objects. */
export const mandatoryLevels: readonly LevelConfig[] = [exemptName, catchAllName].map((name) => {
  const { spec } = bootstrapLevels.find((l) => l.name === name)!;
  return readLevel({ metadata: { name }, spec } as unknown as PriorityLevelConfiguration)!;
});

const mandatorySchema = (name: string): FlowSchema => {
  const { spec } = bootstrapSchemas.find((s) => s.name === name)!;
  return { metadata: { name }, spec } as unknown as FlowSchema;
};

const nameOf = (s: FlowSchema): string => s.metadata.name ?? '';

/** In the order they are asked; those whose level is missing are left out, the two mandatory ones are always there. */
export function orderSchemas(
  schemas: Iterable<FlowSchema>,
  levels: ReadonlyMap<string, unknown>,
): readonly FlowSchema[] {
  const usable = [...schemas]
    .filter((s) => levels.has(s.spec.priorityLevelConfiguration.name ?? ''))
    .sort(
      (a, b) => (a.spec.matchingPrecedence ?? 0) - (b.spec.matchingPrecedence ?? 0) || (nameOf(a) < nameOf(b) ? -1 : 1),
    );
  const has = (name: string) => usable.some((s) => nameOf(s) === name);
  return [
    ...(has(exemptName) ? [] : [mandatorySchema(exemptName)]),
    ...usable,
    ...(has(catchAllName) ? [] : [mandatorySchema(catchAllName)]),
  ];
}

/** Shares out the server's seats; sums may be a little more than there are, as all are rounded up. */
export function seatBounds(levels: readonly LevelConfig[], serverSeats: number): readonly SeatBounds[] {
  const shares = levels.reduce((n, l) => n + l.shares, 0);
  return levels.map((l) => {
    const nominal = shares === 0 ? 0 : Math.ceil((serverSeats * l.shares) / shares);
    const borrows =
      l.borrowingLimitPercent === undefined ? serverSeats : Math.round((nominal * l.borrowingLimitPercent) / 100);
    return { nominal, min: nominal - Math.round((nominal * l.lendablePercent) / 100), max: nominal + borrows };
  });
}

/** Seats that one request may take of a level that queues. */
export const maxSeatsOf = (l: LevelConfig, nominal: number): number | undefined =>
  l.queuing && Math.max(1, Math.min(Math.ceil(nominal * 0.15), Math.trunc(nominal / l.queuing.handSize)));

export interface Borrower extends SeatBounds {
  readonly exempt: boolean;
  readonly demand: SeatDemand;
  readonly current: number;
}

export interface Lent {
  /** The limit of each level for the next period. */
  readonly current: readonly number[];
  readonly targets: readonly number[];
  readonly fairFraction: number;
}

/** Seats go from levels that do not want theirs to those that want more (KEP-1040; upstream: updateBorrowingLocked). */
export function lend(levels: readonly Borrower[]): Lent {
  const least = (l: Borrower) =>
    l.exempt ? Math.max(l.min, l.demand.highest) : Math.max(l.min, Math.min(l.nominal, l.demand.highest));
  const targets = levels.map((l) => (l.exempt ? least(l) : Math.max(least(l), l.demand.smoothed)));
  const all = levels.reduce((n, l) => n + l.nominal, 0);
  const limited = levels.filter((l) => !l.exempt);
  const left = all - levels.reduce((n, l) => n + (l.exempt ? least(l) : 0), 0);
  const mins = limited.reduce((n, l) => n + l.min, 0);
  const leasts = limited.reduce((n, l) => n + least(l), 0);
  let fairFraction = 0;
  let give: (l: Borrower) => number;
  if (left <= mins) give = (l) => l.min;
  else if (left <= leasts) {
    const part = (left - mins) / (leasts - mins);
    give = (l) => l.min + Math.round((least(l) - l.min) * part);
  } else {
    const claims = limited.map(
      (l): Claim => ({ target: Math.max(least(l), l.demand.smoothed), lower: least(l), upper: l.max }),
    );
    const shared = shareOut(all, claims);
    fairFraction = shared?.fairFraction ?? 0;
    give = (l) => (shared ? Math.round(shared.seats[limited.indexOf(l)]!) : l.current);
  }
  return { current: levels.map((l) => (l.exempt ? least(l) : give(l))), targets, fairFraction };
}

/** undefined = the bounds make it impossible (levels that borrow little, all of them idle but one). */
function shareOut(total: number, claims: readonly Claim[]) {
  try {
    return allocate(total, claims);
  } catch {
    return undefined;
  }
}

export interface DanglingCondition {
  readonly type: 'Dangling';
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

/** The condition a schema should have; undefined = it has it. */
export function danglingCondition(s: FlowSchema, levels: ReadonlyMap<string, unknown>): DanglingCondition | undefined {
  const level = s.spec.priorityLevelConfiguration.name ?? '';
  const refers = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)}`;
  const wanted: DanglingCondition = levels.has(level)
    ? { type: 'Dangling', status: 'False', reason: 'Found', message: `${refers} and it exists` }
    : { type: 'Dangling', status: 'True', reason: 'NotFound', message: `${refers} but there is no such object` };
  const is = s.status?.conditions?.find((c) => c.type === 'Dangling');
  const same = is?.status === wanted.status && is.reason === wanted.reason && is.message === wanted.message;
  return same ? undefined : wanted;
}
