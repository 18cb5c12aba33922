/** `kubectl logs`: of a pod, of a workload's pods, of several by label; followed or not (upstream: kubectl/pkg/cmd/logs, polymorphichelpers/logsforobject.go). */
import { lines } from '../../client/rest-client.ts';
import { StatusError } from '../../machinery/status-error.ts';
import { CommandError, UsageError } from '../failure.ts';
import { bool, duration, int, text } from '../flags.ts';
import { pathOf } from '../mapper.ts';
import { podsOf } from '../pod-of.ts';
import type { Session } from '../session.ts';
import { listAt, textAt, type Thing, type ThingList } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { describeNames, podTimeout } from './exec.ts';

const usageText =
  "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command";
const selectorTail = 10;
const retryMs = 1000;
const podWaitMs = 20_000;

interface Source {
  readonly pod: Thing;
  readonly container: string;
}

export const logs: Verb = {
  usage: 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]',
  summary: 'Print the logs for a container in a pod',
  flags: {
    follow: bool('Specify if the logs should be streamed.', 'f'),
    previous: bool('If true, print the logs for the previous instance of the container in a pod if it exists.', 'p'),
    container: text('Print the logs of this container', 'c'),
    'all-containers': bool("Get all containers' logs in the pod(s)."),
    'all-pods': bool('Get logs from all pod(s).'),
    tail: int('Lines of recent log file to display.'),
    since: duration('Only return logs newer than a relative duration like 5s, 2m, or 3h.'),
    'since-time': text('Only return logs after a specific date (RFC3339).'),
    timestamps: bool('Include timestamps on each line in the log output'),
    'limit-bytes': int('Maximum bytes of logs to return.'),
    prefix: bool('Prefix each log line with the log source (pod name and container name).'),
    selector: text('Selector (label query) to filter on.', 'l'),
    'ignore-errors': bool('If watching / following pod logs, allow for any errors that occur to be non-fatal'),
    'max-log-requests': int('Specify maximum number of concurrent logs to follow when using by a selector.'),
    'pod-running-timeout': duration('The length of time to wait until at least one pod is running'),
    'insecure-skip-tls-verify-backend': bool(
      'Skip verifying the identity of the kubelet that logs are requested from.',
    ),
  },
  async run(s) {
    const { flags, io } = s;
    const selector = flags.text('selector', '');
    const [target, inline, ...more] = flags.args;
    if ((!target && !selector) || more.length) throw new UsageError(usageText);
    if (flags.args.length === 1 && selector) throw new UsageError('only a selector (-l) or a POD name is allowed');
    const refuse = (message: string) => {
      throw new CommandError(message);
    };
    const timeout = podTimeout(s, podWaitMs);
    const allPods = flags.bool('all-pods');
    const sinceTime = flags.text('since-time', '');
    const since = flags.duration('since') ?? 0;
    if (sinceTime && Number.isNaN(Date.parse(sinceTime)))
      refuse(
        `parsing time ${JSON.stringify(sinceTime)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(sinceTime)} as "2006"`,
      );
    const all = await objects(s, target, selector, timeout);
    if (sinceTime && since) refuse('at most one of `sinceTime` or `sinceSeconds` may be specified');
    const container = inline ?? flags.text('container', '');
    const every = flags.bool('all-containers');
    if (every && container) refuse(`--all-containers=true should not be specified with container name ${container}`);
    if (flags.has('container') && inline !== undefined)
      refuse('only one of -c or an inline [CONTAINER] arg is allowed');
    const bytes = flags.int('limit-bytes') ?? 0;
    if (bytes < 0) refuse('--limit-bytes must be greater than 0');
    if (since < 0) refuse('--since must be greater than 0');
    const tail = flags.int('tail') ?? (selector ? selectorTail : -1);
    if (tail < -1) refuse('--tail must be greater than or equal to -1');
    if (!selector && all.length > 1 && !allPods)
      io.err(`Found ${all.length} pods, using pod/${all[0]!.metadata.name}\n`);
    const pods = selector || allPods ? all : all.slice(0, 1);
    const sources = pods.flatMap((pod): readonly Source[] =>
      every
        ? ['initContainers', 'containers', 'ephemeralContainers']
            .flatMap((l) => listAt(pod, 'spec', l).map((c) => textAt(c, 'name')))
            .map((c) => ({ pod, container: c }))
        : [{ pod, container: containerOf(s, pod, container) }],
    );
    const follow = flags.bool('follow');
    const most = flags.int('max-log-requests') ?? 5;
    if (follow && sources.length > 1 && sources.length > most)
      refuse(
        `you are attempting to follow ${sources.length} log streams, but maximum allowed concurrency is ${most}, use --max-log-requests to increase the limit`,
      );
    const query = {
      follow,
      previous: flags.bool('previous'),
      timestamps: flags.bool('timestamps'),
      tailLines: tail !== -1 ? tail : undefined,
      sinceSeconds: since ? Math.round(since / 1000) : undefined,
      sinceTime: sinceTime || undefined,
      limitBytes: bytes || undefined,
      insecureSkipTLSVerifyBackend: flags.bool('insecure-skip-tls-verify-backend'),
    };
    const prefix = flags.bool('prefix') || allPods;
    if (follow) await Promise.all(sources.map((x) => read(s, x, query, prefix, timeout)));
    else for (const x of sources) await read(s, x, query, prefix, timeout);
  },
};

async function objects(s: Session, target: string | undefined, selector: string, timeout: number) {
  if (!selector)
    return podsOf(
      s,
      target!,
      (m) => `error from server (NotFound): ${m} in namespace "${s.namespace}"`,
      timeout,
      'get the logs from',
    );
  const mapping = (await s.mapper()).byName('pods');
  const list = await s.api.json<ThingList>('GET', pathOf(mapping, s.namespace), {
    query: { labelSelector: selector },
  });
  if (list.items.length === 0) s.io.err(`No resources found in ${s.namespace} namespace.\n`);
  return list.items;
}

/** The container asked for, the annotated default, or the first. @throws CommandError */
function containerOf(s: Session, pod: Thing, asked: string): string {
  const names = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((l) =>
    listAt(pod, 'spec', l).map((c) => textAt(c, 'name')),
  );
  if (asked) {
    if (!names.includes(asked)) throw new CommandError(`container ${asked} is not valid for pod ${pod.metadata.name}`);
    return asked;
  }
  const marked = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  if (marked && names.includes(marked)) return marked;
  const first = names[0] ?? '';
  if (names.length > 1) s.io.err(`Defaulted container "${first}" out of: ${describeNames(pod)}\n`);
  return first;
}

async function read(
  s: Session,
  { pod, container }: Source,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
  prefix: boolean,
  timeout: number,
): Promise<void> {
  const mapping = (await s.mapper()).byName('pods');
  const path = pathOf(mapping, pod.metadata.namespace ?? s.namespace, pod.metadata.name, 'log');
  const lenient = s.flags.bool('ignore-errors');
  const end = s.io.clock.monotonic() + timeout;
  for (;;)
    try {
      const body = await s.api.stream('GET', path, { query: { ...query, container }, signal: s.io.signal });
      if (prefix) for await (const line of lines(body)) s.io.out(`[pod/${pod.metadata.name}/${container}] ${line}\n`);
      else for await (const chunk of body) s.io.out(chunk);
      return;
    } catch (e) {
      const message = (e as Error).message;
      if (lenient) return s.io.out(`error: ${message}\n`);
      if (query['follow'] !== true) throw e;
      // A container that has not begun is asked again.
      s.io.err(`${message}\n`);
      if (!(e instanceof StatusError)) throw e;
      if (s.io.clock.monotonic() > end) throw new CommandError('timed out waiting for the condition');
      await s.io.clock.sleep(retryMs, s.io.signal);
    }
}
