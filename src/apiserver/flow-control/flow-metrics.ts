/** What flow control counts, under upstream's metric names (util/flowcontrol/metrics): plain numbers, made into text only when asked. */
import type { FlowCounts } from './queue-set.ts';

const waitBuckets = [0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30];
const lengthBuckets = [0, 10, 25, 50, 100, 250, 500, 1000];
const seatBuckets = [1, 2, 4, 8, 16, 32, 64, 100];

export class Observed {
  readonly buckets: readonly number[];
  readonly #counts: number[];
  sum = 0;
  count = 0;
  constructor(buckets: readonly number[]) {
    this.buckets = buckets;
    this.#counts = buckets.map(() => 0);
  }
  observe(v: number): void {
    this.sum += v;
    this.count++;
    const { buckets } = this;
    for (let i = 0; i < buckets.length; i++)
      if (v <= buckets[i]!) {
        this.#counts[i]!++;
        return;
      }
  }
  /** How many were at most the bucket's bound. */
  upTo(bucket: number): number {
    let n = 0;
    for (let i = 0; i <= bucket; i++) n += this.#counts[i]!;
    return n;
  }
}

export type RejectReason = 'concurrency-limit' | 'queue-full' | 'time-out';

/** The counts of one FlowSchema at one level, since the server started. */
export interface FlowStats extends FlowCounts {
  readonly level: string;
  readonly schema: string;
  dispatched: number;
  readonly rejected: Record<RejectReason, number>;
  readonly waitedAndRan: Observed;
  readonly waitedInVain: Observed;
  readonly ran: Observed;
  readonly watchBegan: Observed;
  readonly estimatedSeats: Observed;
  readonly queueLength: Observed;
}

export const newFlowStats = (level: string, schema: string): FlowStats => ({
  level,
  schema,
  waiting: 0,
  waitingSeats: 0,
  executing: 0,
  executingSeats: 0,
  noRoom: 0,
  dispatched: 0,
  rejected: { 'concurrency-limit': 0, 'queue-full': 0, 'time-out': 0 },
  waitedAndRan: new Observed(waitBuckets),
  waitedInVain: new Observed(waitBuckets),
  ran: new Observed(waitBuckets),
  watchBegan: new Observed(waitBuckets),
  estimatedSeats: new Observed(seatBuckets),
  queueLength: new Observed(lengthBuckets),
});

/** The figures of one level as they are now. */
export interface LevelFigures {
  readonly name: string;
  readonly nominal: number;
  readonly min: number;
  readonly max: number;
  readonly current: number;
  readonly target: number;
  readonly demand: {
    readonly highest: number;
    readonly average: number;
    readonly deviation: number;
    readonly smoothed: number;
  };
  readonly r: number;
}

type Row = readonly [labels: string, value: number];
interface Family {
  readonly name: string;
  readonly stability: 'ALPHA' | 'BETA';
  readonly type: 'counter' | 'gauge';
  readonly help: string;
}
interface FlowFamily extends Family {
  readonly rows: (f: FlowStats, labels: string) => readonly Row[];
}
interface LevelFamily extends Family {
  readonly of: (l: LevelFigures) => number;
}

const one = (value: (f: FlowStats) => number) => (f: FlowStats, labels: string) => [[labels, value(f)] as const];
const reasons: readonly RejectReason[] = ['concurrency-limit', 'queue-full', 'time-out'];

const flowFamilies: readonly FlowFamily[] = [
  {
    name: 'rejected_requests_total',
    stability: 'BETA',
    type: 'counter',
    help: 'Number of requests rejected by API Priority and Fairness subsystem',
    rows: (f, labels) =>
      reasons.filter((r) => f.rejected[r] > 0).map((r) => [`${labels},reason="${r}"`, f.rejected[r]]),
  },
  {
    name: 'dispatched_requests_total',
    stability: 'BETA',
    type: 'counter',
    help: 'Number of requests executed by API Priority and Fairness subsystem',
    rows: one((f) => f.dispatched),
  },
  {
    name: 'current_inqueue_requests',
    stability: 'BETA',
    type: 'gauge',
    help: 'Number of requests currently pending in queues of the API Priority and Fairness subsystem',
    rows: one((f) => f.waiting),
  },
  {
    name: 'current_inqueue_seats',
    stability: 'ALPHA',
    type: 'gauge',
    help: 'Number of seats currently pending in queues of the API Priority and Fairness subsystem',
    rows: one((f) => f.waitingSeats),
  },
  {
    name: 'current_executing_requests',
    stability: 'BETA',
    type: 'gauge',
    help: 'Number of requests in initial (for a WATCH) or any (for a non-WATCH) execution stage in the API Priority and Fairness subsystem',
    rows: one((f) => f.executing),
  },
  {
    name: 'current_executing_seats',
    stability: 'BETA',
    type: 'gauge',
    help: 'Concurrency (number of seats) occupied by the currently executing (initial stage for a WATCH, any stage otherwise) requests in the API Priority and Fairness subsystem',
    rows: one((f) => f.executingSeats),
  },
  {
    name: 'request_dispatch_no_accommodation_total',
    stability: 'ALPHA',
    type: 'counter',
    help: 'Number of times a dispatch attempt resulted in a non accommodation due to lack of available seats',
    rows: one((f) => f.noRoom),
  },
];

const levelFamily = (
  name: string,
  stability: 'ALPHA' | 'BETA',
  help: string,
  of: (l: LevelFigures) => number,
): LevelFamily => ({ name, stability, type: 'gauge', help, of });

const levelFamilies: readonly LevelFamily[] = [
  levelFamily(
    'nominal_limit_seats',
    'BETA',
    'Nominal number of execution seats configured for each priority level',
    (l) => l.nominal,
  ),
  levelFamily(
    'lower_limit_seats',
    'ALPHA',
    'Configured lower bound on number of execution seats available to each priority level',
    (l) => l.min,
  ),
  levelFamily(
    'upper_limit_seats',
    'ALPHA',
    'Configured upper bound on number of execution seats available to each priority level',
    (l) => l.max,
  ),
  levelFamily(
    'current_limit_seats',
    'ALPHA',
    'current derived number of execution seats available to each priority level',
    (l) => l.current,
  ),
  levelFamily('target_seats', 'ALPHA', 'Seat allocation targets', (l) => l.target),
  levelFamily(
    'demand_seats_high_watermark',
    'ALPHA',
    'High watermark, over last adjustment period, of demand_seats',
    (l) => l.demand.highest,
  ),
  levelFamily(
    'demand_seats_average',
    'ALPHA',
    'Time-weighted average, over last adjustment period, of demand_seats',
    (l) => l.demand.average,
  ),
  levelFamily(
    'demand_seats_stdev',
    'ALPHA',
    'Time-weighted standard deviation, over last adjustment period, of demand_seats',
    (l) => l.demand.deviation,
  ),
  levelFamily('demand_seats_smoothed', 'ALPHA', 'Smoothed seat demands', (l) => l.demand.smoothed),
  levelFamily('current_r', 'ALPHA', 'R(time of last change)', (l) => l.r),
];

interface HistogramFamily {
  readonly name: string;
  readonly stability: 'ALPHA' | 'BETA';
  readonly help: string;
  readonly of: (f: FlowStats) => readonly (readonly [extra: string, observed: Observed])[];
}

const histogramFamilies: readonly HistogramFamily[] = [
  {
    name: 'request_wait_duration_seconds',
    stability: 'BETA',
    help: 'Length of time a request spent waiting in its queue',
    of: (f) => [
      [',execute="true"', f.waitedAndRan],
      [',execute="false"', f.waitedInVain],
    ],
  },
  {
    name: 'request_execution_seconds',
    stability: 'ALPHA',
    help: 'Duration of initial stage (for a WATCH) or any (for a non-WATCH) stage of request execution in the API Priority and Fairness subsystem',
    of: (f) => [
      [',type="regular"', f.ran],
      [',type="watch"', f.watchBegan],
    ],
  },
  {
    name: 'request_queue_length_after_enqueue',
    stability: 'ALPHA',
    help: 'Length of queue in the API Priority and Fairness subsystem, as seen by each request after it is enqueued',
    of: (f) => [['', f.queueLength]],
  },
  {
    name: 'work_estimated_seats',
    stability: 'ALPHA',
    help: 'Number of estimated seats (maximum of initial and final seats) associated with requests in API Priority and Fairness',
    of: (f) => [['', f.estimatedSeats]],
  },
];

const prefix = 'apiserver_flowcontrol_';
const quoted = (s: string): string => s.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`));
const levelLabel = (level: string): string => `priority_level="${quoted(level)}"`;

/** Text in Prometheus' exposition format, ending with a line break. */
export function flowMetricsText(
  flows: Iterable<FlowStats>,
  levels: readonly LevelFigures[],
  fairFraction: number,
): string {
  const stats = [...flows].map((f) => [f, `flow_schema="${quoted(f.schema)}",${levelLabel(f.level)}`] as const);
  const out: string[] = [];
  const head = (name: string, type: string, stability: string, help: string) =>
    out.push(`# HELP ${prefix}${name} [${stability}] ${help}`, `# TYPE ${prefix}${name} ${type}`);
  const row = (name: string, labels: string, value: number) => out.push(`${prefix}${name}{${labels}} ${value}`);
  for (const family of flowFamilies) {
    head(family.name, family.type, family.stability, family.help);
    for (const [f, labels] of stats) for (const [l, v] of family.rows(f, labels)) row(family.name, l, v);
  }
  for (const { name, stability, help, of } of histogramFamilies) {
    head(name, 'histogram', stability, help);
    for (const [f, flow] of stats)
      for (const [extra, o] of of(f)) {
        if (o.count === 0) continue;
        const labels = `${flow}${extra}`;
        for (const [i, le] of o.buckets.entries()) row(`${name}_bucket`, `${labels},le="${le}"`, o.upTo(i));
        row(`${name}_bucket`, `${labels},le="+Inf"`, o.count);
        row(`${name}_sum`, labels, o.sum);
        row(`${name}_count`, labels, o.count);
      }
  }
  for (const { name, stability, help, of } of levelFamilies) {
    head(name, 'gauge', stability, help);
    for (const l of levels) row(name, levelLabel(l.name), of(l));
  }
  head(
    'seat_fair_frac',
    'gauge',
    'ALPHA',
    "Fair fraction of server's concurrency to allocate to each priority level that can use it",
  );
  out.push(`${prefix}seat_fair_frac ${fairFraction}`);
  return `${out.join('\n')}\n`;
}
