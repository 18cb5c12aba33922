/**
 * API Priority and Fairness at work: follows its configuration, admits requests to their levels, lets them go when it is their turn, and
 * moves seats from level to level (upstream: util/flowcontrol/apf_controller.go, server/filters/priority-and-fairness.go; KEP-1040).
 */
import type { FlowSchema, PriorityLevelConfiguration } from '../../api/flowcontrol/v1/types.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import type { ObjectReader, RequestInfo, UserInfo } from '../attributes.ts';
import { flowMetricsText, type FlowStats, newFlowStats, type RejectReason } from './flow-metrics.ts';
import {
  catchAllName,
  danglingCondition,
  type DanglingCondition,
  type LevelConfig,
  lend,
  mandatoryLevels,
  maxSeatsOf,
  orderSchemas,
  readLevel,
  type SeatBounds,
  seatBounds,
} from './levels.ts';
import { flowSchemaMatches } from './matching.ts';
import { type Flight, newFlight, QueueSet, type Queuing } from './queue-set.ts';
import { droppedRequests } from './retry-after.ts';
import { DemandMeter, noDemand, type SeatDemand } from './seat-demand.ts';
import { deal, hashFlow } from './shuffle-sharding.ts';
import { watchCount } from './watch-count.ts';
import { estimateWork, oneSeat, type StoredObjects } from './work-estimate.ts';

/** A level at work. */
export interface Level {
  config: LevelConfig;
  readonly set: QueueSet;
  readonly meter: DemandMeter;
  bounds: SeatBounds;
  demand: SeatDemand;
  current: number;
  target: number;
  maxSeats: number | undefined;
  /** Its object is gone; it goes when its last request has. */
  quiescing: boolean;
}

/** A schema and where it leads, with the hands its flows were dealt. */
interface Route {
  readonly schema: FlowSchema;
  readonly uid: string;
  readonly level: Level;
  readonly stats: FlowStats;
  readonly hands: Map<string, readonly number[]>;
}

/** A request that came to its level. */
export interface FlowRequest extends Flight {
  readonly route: Route;
  readonly distinguisher: string;
  readonly info: RequestInfo;
  readonly user: UserInfo;
  /** Lets it go, while it waits. */
  grant: (() => void) | undefined;
}

const queuingOf = (c: LevelConfig): Queuing =>
  c.exempt ? { queues: -1, queueLengthLimit: 0 } : (c.queuing ?? { queues: 0, queueLengthLimit: 0 });

const newLevel = (config: LevelConfig, bounds: SeatBounds, now: number): Level => {
  const current = bounds.nominal - Math.trunc((bounds.nominal - bounds.min) / 2);
  return {
    config,
    set: new QueueSet(queuingOf(config), current, now),
    meter: new DemandMeter(now),
    bounds,
    demand: noDemand,
    current,
    target: 0,
    maxSeats: undefined,
    quiescing: false,
  };
};

/** What admission asks of a request. */
export interface FlowSubject {
  readonly info: RequestInfo;
  readonly query: URLSearchParams;
  readonly user: UserInfo;
  readonly signal: AbortSignal;
}

export interface StatusUpdate {
  readonly schema: string;
  readonly condition: DanglingCondition;
}

export interface FlowControlOptions {
  readonly clock: Clock;
  readonly reader: ObjectReader;
  /** Requests at once over all levels that are not exempt (upstream: --max-requests-inflight plus --max-mutating-requests-inflight). */
  readonly seats: number;
  /** What is known of the objects that a list reads; undefined = they are not stored here. */
  readonly stored?: (info: RequestInfo) => StoredObjects | undefined;
  /** Conditions that schemas should have and have not; asked for a while after the configuration changed. */
  readonly onStatus?: (updates: readonly StatusUpdate[]) => void;
}

const adjustEvery = 10_000;
/** Objects come one by one at start-up: statuses are written when they have settled. */
const statusAfter = 100;
const maxHands = 4096;
const oneHand: readonly number[] = [0];
const group = 'flowcontrol.apiserver.k8s.io';

export class FlowControl {
  readonly #o: FlowControlOptions;
  readonly #schemas = new Map<string, FlowSchema>();
  readonly #objects = new Map<string, PriorityLevelConfiguration>();
  readonly #stats = new Map<string, FlowStats>();
  readonly #watches = watchCount();
  readonly #dropped = droppedRequests();
  readonly #finishing = new Set<Timer>();
  #levels = new Map<string, Level>();
  #routes: readonly Route[] = [];
  #fairFraction = 0;
  #isStale = false;
  #adjusting: Timer | undefined;
  #telling: Timer | undefined;
  #isClosed = false;

  constructor(options: FlowControlOptions) {
    this.#o = options;
    this.#digest();
    this.#follow('flowschemas', this.#schemas);
    this.#follow('prioritylevelconfigurations', this.#objects);
    this.#adjustLater();
  }

  get levels(): readonly Level[] {
    return [...this.#levels.values()];
  }

  /**
   * The request came: `state` is `executing` (serve it, then `end` it), `waiting` (await `turn`) or `done` (it is turned away: see
   * `refuse`).
   */
  begin(r: FlowSubject): FlowRequest {
    const route = this.#routeOf(r.info, r.user);
    const { level, stats } = route;
    const { config } = level;
    const distinguisher = config.queuing && config.queuing.queues > 1 ? distinguisherOf(route.schema, r) : '';
    const work =
      config.exempt && r.info.verb !== 'list'
        ? oneSeat
        : estimateWork(r.info, r.query, {
            stored: (info) => this.#o.stored?.(info),
            watchers: (info) => this.#watches.interested(info),
            maxSeats: level.maxSeats,
          });
    const f: FlowRequest = {
      ...newFlight(stats, work),
      route,
      distinguisher,
      info: r.info,
      user: r.user,
      grant: undefined,
    };
    stats.estimatedSeats.observe(f.seats);
    const now = this.#now();
    const going = level.set.start(f, this.#handOf(route, distinguisher), now);
    this.#note(level, now, going);
    if (f.queue && f.state !== 'done') stats.queueLength.observe(Math.max(1, f.queue.waiting.length));
    if (f.state === 'executing') this.#noteStart(f, 0);
    else if (f.state === 'done') this.#noteRefusal(f, config.queuing ? 'queue-full' : 'concurrency-limit', 0);
    return f;
  }

  /** Resolves when the request may go on (true), has waited `ms` or lost its client (false). */
  turn(f: FlowRequest, ms: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (granted: boolean) => {
        timer.cancel();
        signal.removeEventListener('abort', leave);
        f.grant = undefined;
        resolve(granted);
      };
      const leave = () => {
        const now = this.#now();
        const { level } = f.route;
        const going = level.set.cancel(f, now);
        this.#noteRefusal(f, 'time-out', now - f.arrivedAt);
        settle(false);
        this.#note(level, now, going);
        this.#reap(level);
      };
      const timer = this.#o.clock.after(ms, leave);
      f.grant = () => {
        this.#noteStart(f, this.#now() - f.arrivedAt);
        settle(true);
      };
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** It was answered (a watch: has begun). Once for each that was let go; more often does nothing. */
  end(f: FlowRequest): void {
    if (f.state !== 'executing') return;
    const now = this.#now();
    const { level, stats } = f.route;
    (f.info.verb === 'watch' ? stats.watchBegan : stats.ran).observe(now - f.startedAt);
    const going = level.set.finish(f, now);
    if (f.work.finalSeconds > 0) this.#releaseLater(f);
    this.#note(level, now, going);
    this.#reap(level);
  }

  /** Seconds that the client of a request that was turned away is to wait. */
  retryAfter(f: FlowRequest): number {
    return this.#dropped.record(f.route.level.config.name, this.#o.clock.now());
  }

  /** Counts a watch while it lasts: call the result when it ends. */
  watching(r: FlowSubject): () => void {
    return this.#watches.register(r.info, r.query);
  }

  metricsText(): string {
    const figures = this.levels.map(({ config, bounds, current, target, demand, set }) => ({
      name: config.name,
      ...bounds,
      current,
      target,
      demand,
      r: set.r,
    }));
    return flowMetricsText(this.#stats.values(), figures, this.#fairFraction);
  }

  close(): void {
    this.#isClosed = true;
    this.#adjusting?.cancel();
    this.#telling?.cancel();
    for (const t of this.#finishing) t.cancel();
    this.#finishing.clear();
  }

  #now(): number {
    return this.#o.clock.monotonic() / 1000;
  }

  #follow<T extends FlowSchema | PriorityLevelConfiguration>(plural: string, into: Map<string, T>): void {
    this.#o.reader.subscribe?.({ group, plural }, (old, object) => {
      if (object) into.set(object.metadata.name ?? '', object as T);
      else if (old) into.delete(old.metadata.name ?? '');
      this.#changed();
    });
  }

  /** Many changes of one turn are digested once. */
  #changed(): void {
    if (this.#isStale || this.#isClosed) return;
    this.#isStale = true;
    queueMicrotask(() => {
      if (this.#isStale && !this.#isClosed) this.#digest();
    });
  }

  #routeOf(info: RequestInfo, user: UserInfo): Route {
    if (this.#isStale) this.#digest();
    for (const r of this.#routes) if (flowSchemaMatches(r.schema, info, user)) return r;
    // Everybody belongs to one of the groups that catch-all names; who does not is served there all the same.
    return this.#routes.findLast((r) => r.schema.metadata.name === catchAllName)!;
  }

  #handOf(route: Route, distinguisher: string): readonly number[] {
    const { queuing, name } = route.level.config;
    if (!queuing || queuing.queues <= 1) return oneHand;
    let hand = route.hands.get(distinguisher);
    if (!hand) {
      if (route.hands.size >= maxHands) route.hands.clear();
      const schema = route.schema.metadata.name ?? name;
      hand = deal(hashFlow(schema, distinguisher), queuing.queues, queuing.handSize);
      route.hands.set(distinguisher, hand);
    }
    return hand;
  }

  #note(level: Level, now: number, going: readonly Flight[]): void {
    level.meter.set(level.set.demand, now);
    for (const g of going) (g as FlowRequest).grant?.();
  }

  #noteStart(f: FlowRequest, waited: number): void {
    const { stats, level } = f.route;
    stats.dispatched++;
    if (!level.config.exempt) stats.waitedAndRan.observe(waited);
  }

  #noteRefusal(f: FlowRequest, reason: RejectReason, waited: number): void {
    const { stats } = f.route;
    stats.rejected[reason]++;
    stats.waitedInVain.observe(waited);
  }

  #releaseLater(f: FlowRequest): void {
    const { level } = f.route;
    const timer = this.#o.clock.after(f.work.finalSeconds * 1000, () => {
      this.#finishing.delete(timer);
      const now = this.#now();
      this.#note(level, now, level.set.release(f, now));
    });
    this.#finishing.add(timer);
  }

  #reap(level: Level): void {
    if (level.quiescing && level.set.isIdle) this.#changed();
  }

  /** Levels and routes from the objects as they are. Requests that are here stay in their queues. */
  #digest(): void {
    this.#isStale = false;
    const now = this.#now();
    const configs = new Map<string, LevelConfig>();
    for (const o of this.#objects.values()) {
      const c = readLevel(o);
      if (c) configs.set(c.name, c);
    }
    const existing = new Set(configs.keys());
    for (const c of mandatoryLevels)
      if (!configs.has(c.name)) configs.set(c.name, this.#levels.get(c.name)?.config ?? c);
    for (const [name, { config, set }] of this.#levels)
      if (!configs.has(name) && !set.isIdle) configs.set(name, config);
    const list = [...configs.values()];
    const bounds = seatBounds(list, this.#o.seats);
    const before = this.#levels;
    this.#levels = new Map();
    for (const [i, config] of list.entries()) {
      const b = bounds[i]!;
      // One that is there stays itself: requests that are at work know it.
      const level = before.get(config.name) ?? newLevel(config, b, now);
      level.config = config;
      level.bounds = b;
      level.maxSeats = maxSeatsOf(config, b.nominal);
      level.quiescing = !existing.has(config.name) && !mandatoryLevels.some((m) => m.name === config.name);
      this.#levels.set(config.name, level);
    }
    const usable = new Map([...this.#levels].filter(([, l]) => !l.quiescing));
    this.#routes = orderSchemas(this.#schemas.values(), usable).map((schema): Route => {
      const level = usable.get(schema.spec.priorityLevelConfiguration.name ?? '')!;
      const name = schema.metadata.name ?? '';
      const stats = this.#stats.getOrInsertComputed(`${level.config.name}\0${name}`, () =>
        newFlowStats(level.config.name, name),
      );
      return { schema, uid: schema.metadata.uid ?? '', level, stats, hands: new Map() };
    });
    this.#adjust();
    this.#tellLater(existing);
  }

  #adjustLater(): void {
    this.#adjusting = this.#o.clock.after(adjustEvery, () => {
      this.#adjust();
      this.#adjustLater();
    });
  }

  #adjust(): void {
    const now = this.#now();
    const levels = this.levels;
    for (const l of levels) l.demand = l.meter.take(l.demand, now);
    const lent = lend(
      levels.map((l) => ({ ...l.bounds, exempt: l.config.exempt, demand: l.demand, current: l.current })),
    );
    this.#fairFraction = lent.fairFraction;
    levels.forEach((l, i) => {
      l.current = lent.current[i]!;
      l.target = lent.targets[i]!;
      this.#note(l, now, l.set.reconfigure(queuingOf(l.config), l.current, now));
    });
  }

  #tellLater(existing: ReadonlySet<string>): void {
    const { onStatus, clock } = this.#o;
    this.#telling?.cancel();
    this.#telling = undefined;
    if (!onStatus) return;
    const levels = new Map([...existing].map((name) => [name, true]));
    const updates: StatusUpdate[] = [];
    for (const s of this.#schemas.values()) {
      const condition = danglingCondition(s, levels);
      if (condition) updates.push({ schema: s.metadata.name ?? '', condition });
    }
    if (updates.length > 0) this.#telling = clock.after(statusAfter, () => onStatus(updates));
  }
}

function distinguisherOf(s: FlowSchema, r: FlowSubject): string {
  switch (s.spec.distinguisherMethod?.type) {
    case 'ByUser':
      return r.user.name;
    case 'ByNamespace':
      return r.info.namespace;
    default:
      return '';
  }
}
