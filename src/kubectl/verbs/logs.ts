/** `kubectl logs`: of a pod, of a workload's pod, of several by label; followed or not. */
import { lines } from '../../client/rest-client.ts';
import { CommandError, UsageError } from '../failure.ts';
import { bool, text } from '../flags.ts';
import { pathOf } from '../mapper.ts';
import { podsOf } from '../pod-of.ts';
import { listAt, textAt, type Thing, type ThingList } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { containerOf } from './exec.ts';

export const logs: Verb = {
  usage: 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]',
  summary: 'Print the logs for a container in a pod',
  flags: {
    follow: bool('Specify if the logs should be streamed.', 'f'),
    previous: bool('If true, print the logs for the previous instance of the container in a pod if it exists.', 'p'),
    container: text('Print the logs of this container', 'c'),
    'all-containers': bool("Get all containers' logs in the pod(s)."),
    'all-pods': bool('Get logs from all pod(s).'),
    tail: text('Lines of recent log file to display.'),
    since: text('Only return logs newer than a relative duration like 5s, 2m, or 3h.'),
    'since-time': text('Only return logs after a specific date (RFC3339).'),
    timestamps: bool('Include timestamps on each line in the log output'),
    'limit-bytes': text('Maximum bytes of logs to return.'),
    prefix: bool('Prefix each log line with the log source (pod name and container name).'),
    selector: text('Selector (label query) to filter on.', 'l'),
    'ignore-errors': bool('If watching / following pod logs, allow for any errors that occur to be non-fatal'),
    'max-log-requests': text('Specify maximum number of concurrent logs to follow when using by a selector.'),
    'pod-running-timeout': text('The length of time to wait until at least one pod is running'),
    'insecure-skip-tls-verify-backend': bool(
      'Skip verifying the identity of the kubelet that logs are requested from.',
    ),
  },
  async run(s) {
    const { flags, io } = s;
    const selector = flags.text('selector');
    const [target, container] = flags.args;
    if (!target && !selector)
      throw new UsageError(
        "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command",
      );
    if (target && selector) throw new UsageError('only a selector (-l) or a POD name is allowed');
    if (flags.has('since') && flags.has('since-time'))
      throw new CommandError('at most one of `sinceTime` or `sinceSeconds` may be specified');
    const mapping = (await s.mapper()).byName('pods');
    let pods: readonly Thing[];
    if (selector) {
      pods = (await s.api.json<ThingList>('GET', pathOf(mapping, s.namespace), { query: { labelSelector: selector } }))
        .items;
      if (pods.length === 0) {
        io.err(`No resources found in ${s.namespace} namespace.\n`);
        return;
      }
    } else {
      const all = await podsOf(s, target!, (m) => `error from server (NotFound): ${m} in namespace "${s.namespace}"`);
      if (all.length === 0) throw new CommandError(`no pods found for ${target}`);
      if (all.length > 1 && !flags.bool('all-pods'))
        io.err(`Found ${all.length} pods, using pod/${all[0]!.metadata.name}\n`);
      pods = flags.bool('all-pods') ? all : all.slice(0, 1);
    }
    const sources = pods.flatMap((pod) =>
      (flags.bool('all-containers')
        ? ['initContainers', 'containers', 'ephemeralContainers'].flatMap((l) =>
            listAt(pod, 'spec', l).map((c) => textAt(c, 'name')),
          )
        : [container ?? containerOf(s, pod)]
      ).map((c) => ({ pod, container: c })),
    );
    const follow = flags.bool('follow');
    const most = flags.int('max-log-requests') ?? 5;
    if (follow && sources.length > most)
      throw new CommandError(
        `you are attempting to follow ${sources.length} log streams, but maximum allowed concurrency is ${most}, use --max-log-requests to increase the limit`,
      );
    const since = flags.duration('since');
    const tail = flags.int('tail') ?? (selector ? 10 : undefined);
    const prefix = flags.bool('prefix') || flags.bool('all-pods');
    const read = async ({ pod, container: c }: (typeof sources)[number]) => {
      const body = await s.api.stream(
        'GET',
        pathOf(mapping, pod.metadata.namespace ?? s.namespace, pod.metadata.name, 'log'),
        {
          query: {
            container: c,
            follow,
            previous: flags.bool('previous'),
            timestamps: flags.bool('timestamps'),
            tailLines: tail !== undefined && tail >= 0 ? tail : undefined,
            sinceSeconds: since ? Math.max(1, Math.ceil(since / 1000)) : undefined,
            sinceTime: flags.text('since-time'),
            limitBytes: flags.int('limit-bytes'),
          },
          signal: io.signal,
        },
      );
      if (prefix) for await (const line of lines(body)) io.out(`[pod/${pod.metadata.name}/${c}] ${line}\n`);
      else for await (const chunk of body) io.out(chunk);
    };
    if (follow) await Promise.all(sources.map(read));
    else for (const source of sources) await read(source);
  },
};
