/** Flow control's state as the tables of /debug/api_priority_and_fairness/ (upstream: util/flowcontrol/apf_controller_debug.go). */
import { formatDuration } from '../../schema/go-time.ts';
import { textResponse } from '../request.ts';
import type { PathRoute } from '../router.ts';
import type { FlowControl, FlowRequest, Level } from './flow-control.ts';

type Row = readonly string[];

/** As Go's tabwriter with cells of at least 8 and one blank between; every cell but the last ends with a comma. */
export function table(rows: readonly Row[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(8, ...rows.map((r) => (r[i] ?? '').length + 2)));
  const line = (r: Row) => r.map((c, i) => (i === r.length - 1 ? c : `${c},`.padEnd(widths[i]!))).join('');
  return rows.map((r) => `${line(r)}\n`).join('');
}

/** `12.00300000ss` */
const seatSeconds = (n: number): string => `${Math.max(0, n).toFixed(8)}ss`;
const byName = (levels: readonly Level[]): readonly Level[] =>
  [...levels].sort((a, b) => (a.config.name < b.config.name ? -1 : 1));

const levelHead: Row = [
  'PriorityLevelName',
  'ActiveQueues',
  'IsIdle',
  'IsQuiescing',
  'WaitingRequests',
  'ExecutingRequests',
  'DispatchedRequests',
  'RejectedRequests',
  'TimedoutRequests',
  'CancelledRequests',
];

export const dumpLevels = (levels: readonly Level[]): string =>
  table([
    levelHead,
    ...byName(levels).map(({ config, set, quiescing }) => [
      config.name,
      ...[set.queues.filter((q) => q.waiting.length > 0).length, set.isIdle, quiescing, set.waiting].map(String),
      ...[set.executing.size, set.dispatched, set.rejected, 0, set.cancelled].map(String),
    ]),
  ]);

const queueHead: Row = [
  'PriorityLevelName',
  'Index',
  'PendingRequests',
  'ExecutingRequests',
  'SeatsInUse',
  'NextDispatchR',
  'InitialSeatsSum',
  'MaxSeatsSum',
  'TotalWorkSum',
];

export const dumpQueues = (levels: readonly Level[]): string =>
  table([
    queueHead,
    ...byName(levels).flatMap(({ config, set }) =>
      set.queues.map((q, i) => [
        config.name,
        ...[i, q.waiting.length, q.executing, q.seatsInUse].map(String),
        seatSeconds(q.nextDispatchR),
        String(q.waitingInitialSeats),
        String(q.waitingSeats),
        seatSeconds(q.waitingWork),
      ]),
    ),
  ]);

const requestHead: Row = [
  'PriorityLevelName',
  'FlowSchemaName',
  'QueueIndex',
  'RequestIndexInQueue',
  'FlowDistingsher',
  'ArriveTime',
  'InitialSeats',
  'FinalSeats',
  'AdditionalLatency',
  'StartTime',
];
const detailHead: Row = ['UserName', 'Verb', 'APIPath', 'Namespace', 'Name', 'APIVersion', 'Resource', 'SubResource'];

/** RFC 3339 without trailing zeros of the fraction; a request that has not begun has Go's zero time. */
const time = (ms: number | undefined): string =>
  ms === undefined
    ? '0001-01-01T00:00:00Z'
    : new Date(ms).toISOString().replace(/\.?0+Z$/, (z) => (z.startsWith('.') ? 'Z' : z));

/** `wall` is the time since the epoch, in ms, at second 0 of the requests' clock. */
export function dumpRequests(levels: readonly Level[], wall: number, details: boolean): string {
  const at = (seconds: number) => time(Math.round(wall + seconds * 1000));
  const row = (level: string, queue: number, index: number, f: FlowRequest): Row => [
    level,
    f.route.stats.schema,
    String(queue),
    String(index),
    f.distinguisher,
    at(f.arrivedAt),
    String(f.work.initialSeats),
    String(f.work.finalSeats),
    formatDuration(BigInt(Math.round(f.work.finalSeconds * 1e9))),
    f.state === 'waiting' ? time(undefined) : at(f.startedAt),
    ...(details
      ? [
          f.user.name,
          f.info.verb,
          f.info.path,
          f.info.namespace,
          f.info.name,
          f.info.group ? `${f.info.group}/${f.info.version}` : f.info.version,
          f.info.resource,
          f.info.subresource,
        ]
      : []),
  ];
  const rows = byName(levels).flatMap(({ config, set }) => [
    ...set.queues.flatMap((q, i) => [
      ...q.waiting.map((f, n) => row(config.name, i, n, f as FlowRequest)),
      ...[...set.executing].filter((f) => f.queue === q).map((f) => row(config.name, i, -1, f as FlowRequest)),
    ]),
    ...[...set.executing].filter((f) => !f.queue).map((f) => row(config.name, -1, -1, f as FlowRequest)),
  ]);
  return table([details ? [...requestHead, ...detailHead] : requestHead, ...rows]);
}

/** `wall` as of dumpRequests. */
export const flowDumpRoutes = (flows: FlowControl, wall: () => number): readonly PathRoute[] =>
  (
    [
      ['dump_priority_levels', () => dumpLevels(flows.levels)],
      ['dump_queues', () => dumpQueues(flows.levels)],
      ['dump_requests', (q) => dumpRequests(flows.levels, wall(), !!q.get('includeRequestDetails'))],
    ] as readonly (readonly [string, (query: URLSearchParams) => string])[]
  ).map(([name, text]) => ({
    path: `/debug/api_priority_and_fairness/${name}`,
    hidden: true,
    handler: (ctx) => textResponse(200, text(ctx.query)),
  }));
