/** Text of `kubectl describe`: indented, tab-separated lines that are aligned at the end, and the parts every kind has. */
import { humanDuration } from '../../api/human-duration.ts';
import { alignTabs, describeTabs } from '../print/tab-writer.ts';
import { at, listAt, numberAt, textAt, type Thing } from '../thing.ts';

/** The annotation of client-side apply is not shown. */
const hidden = 'kubectl.kubernetes.io/last-applied-configuration';
const longest = 140;

export interface Writer {
  /** Two spaces a level. The text says its own line ends. */
  write(level: number, text: string): void;
  /** Lines so far are aligned among themselves. */
  flush(): void;
  end(): string;
}

export function createWriter(): Writer {
  let done = '';
  let open = '';
  const flush = () => {
    if (open) done += alignTabs(open, describeTabs);
    open = '';
  };
  return {
    write(level, text) {
      open += '  '.repeat(level) + text;
    },
    flush,
    end() {
      flush();
      return done;
    },
  };
}

/** `k=v` lines; `initial` is put before the title and every further line. */
export function writeLabels(w: Writer, title: string, labels: Readonly<Record<string, string>> | undefined): void {
  const keys = Object.keys(labels ?? {}).sort();
  w.write(0, `${title}:\t`);
  if (keys.length === 0) w.write(0, '<none>\n');
  keys.forEach((k, i) => {
    w.write(0, `${i ? '\t' : ''}${k}=${labels![k]}\n`);
  });
}

export function writeAnnotations(
  w: Writer,
  title: string,
  annotations: Readonly<Record<string, string>> | undefined,
): void {
  const keys = Object.keys(annotations ?? {})
    .filter((k) => k !== hidden)
    .sort();
  w.write(0, `${title}:\t`);
  if (keys.length === 0) w.write(0, '<none>\n');
  const shorten = (s: string) => (s.length > longest - 2 ? `${s.slice(0, longest - 2)}...` : s);
  keys.forEach((k, i) => {
    const value = annotations![k]!.replace(/\n$/, '');
    if (i) w.write(0, '\t');
    if (value.length + k.length + 2 > longest || value.includes('\n')) {
      w.write(0, `${k}:\n`);
      for (const line of value.split('\n')) w.write(0, `\t  ${shorten(line)}\n`);
    } else w.write(0, `${k}: ${value}\n`);
  });
}

/** Name, namespace, labels and annotations. */
export function writeHead(w: Writer, o: Thing, namespaced = true): void {
  w.write(0, `Name:\t${o.metadata.name}\n`);
  if (namespaced) w.write(0, `Namespace:\t${o.metadata.namespace ?? ''}\n`);
  writeLabels(w, 'Labels', o.metadata.labels);
  writeAnnotations(w, 'Annotations', o.metadata.annotations);
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Go's time.RFC1123Z in local time: `Mon, 02 Jan 2006 15:04:05 -0700`; the zero time when there is none. */
export function rfc1123z(time: string): string {
  if (!time) return 'Mon, 01 Jan 0001 00:00:00 +0000';
  const d = new Date(time);
  const two = (n: number) => String(n).padStart(2, '0');
  const offset = -d.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.trunc(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
  return `${days[d.getDay()]}, ${two(d.getDate())} ${months[d.getMonth()]} ${d.getFullYear()} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())} ${zone}`;
}

export const ago = (time: string, now: number): string => (time ? humanDuration(now - Date.parse(time)) : '<unknown>');

/** `Terminating (lasts 5s)`, or the phase. */
export const phaseOf = (o: Thing, now: number): string =>
  o.metadata.deletionTimestamp
    ? `Terminating (lasts ${ago(o.metadata.deletionTimestamp, now)})`
    : textAt(o, 'status', 'phase');

export function writeEvents(w: Writer, events: readonly Thing[] | undefined, now: number): void {
  if (!events) return;
  if (events.length === 0) {
    w.write(0, 'Events:\t<none>\n');
    return;
  }
  w.flush();
  w.write(0, 'Events:\n  Type\tReason\tAge\tFrom\tMessage\n');
  w.write(1, '----\t------\t----\t----\t-------\n');
  const when = (e: Thing) =>
    Date.parse(textAt(e, 'series', 'lastObservedTime') || textAt(e, 'lastTimestamp') || textAt(e, 'eventTime')) || 0;
  for (const e of [...events].sort((a, b) => when(a) - when(b))) {
    const first = ago(textAt(e, 'eventTime') || textAt(e, 'firstTimestamp'), now);
    const age = at(e, 'series')
      ? `${ago(textAt(e, 'series', 'lastObservedTime'), now)} (x${numberAt(e, 'series', 'count')} over ${first})`
      : numberAt(e, 'count') > 1
        ? `${ago(textAt(e, 'lastTimestamp'), now)} (x${numberAt(e, 'count')} over ${first})`
        : first;
    const field = textAt(e, 'involvedObject', 'fieldPath');
    w.write(
      1,
      `${textAt(e, 'type')}\t${textAt(e, 'reason')}\t${age}\t${textAt(e, 'source', 'component') || textAt(e, 'reportingComponent')}\t${field ? `${field}: ` : ''}${textAt(e, 'message').trim()}\n`,
    );
  }
}

export const controllerOf = (o: Thing): string => {
  const r = o.metadata.ownerReferences?.find((x) => x.controller);
  return r ? `${r.kind}/${r.name}` : '';
};

/** `Conditions:` with Type, Status and Reason, as workloads show them. */
export function writeReasonConditions(w: Writer, o: Thing): void {
  const conditions = listAt(o, 'status', 'conditions');
  if (conditions.length === 0) return;
  w.write(0, 'Conditions:\n  Type\tStatus\tReason\n');
  w.write(1, '----\t------\t------\n');
  for (const c of conditions) w.write(1, `${textAt(c, 'type')} \t${textAt(c, 'status')}\t${textAt(c, 'reason')}\n`);
}
