/** `kubectl run`: a pod from flags, attached to when asked (upstream: kubectl/pkg/cmd/run). */
import { CommandError, QuietExit, UsageError } from '../failure.ts';
import { array, bool, duration, int, type Parsed, text } from '../flags.ts';
import { type Mapping, pathOf } from '../mapper.ts';
import { createAnswer, dryRunOf, formatOf } from '../print/output.ts';
import { fileFlags, type Session } from '../session.ts';
import { listAt, numberAt, put, textAt, type Thing } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { watchUntil } from '../waiting.ts';
import { createFlags, requireFlags } from './create.ts';
import { send } from './send.ts';
import { overridden } from './overrides.ts';

const reference =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*(?::\d+)?\/|\[[a-fA-F0-9:]+\](?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$/;

/** `a=b` pairs; what has no equals sign is refused with these words. */
function pairs(items: readonly string[], wrong: (item: string) => string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const p of items) {
    const eq = p.indexOf('=');
    if (eq < 1) throw new CommandError(wrong(p));
    out[p.slice(0, eq)] = p.slice(eq + 1);
  }
  return out;
}

/** Go's Atoi. */
function atoi(v: string): number {
  if (!/^[+-]?\d+$/.test(v)) throw new CommandError(`strconv.Atoi: parsing ${JSON.stringify(v)}: invalid syntax`);
  return Number(v);
}

function podFrom(flags: Parsed, name: string, args: readonly string[]): Thing {
  const labels = flags.text('labels');
  const made = labels ? pairs(labels.split(','), (p) => `unexpected label spec: ${p}`) : { run: name };
  const annotations = pairs(flags.list('annotations'), (p) => `Malformed annotation: ${p}. Expected key=value`);
  const env = flags.list('env').map((e) => {
    const eq = e.indexOf('=');
    if (eq < 1 || !/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(e.slice(0, eq))) throw new CommandError(`invalid env: ${e}`);
    return { name: e.slice(0, eq), value: e.slice(eq + 1) };
  });
  const [policy, port] = [flags.text('image-pull-policy', ''), flags.text('port', '')];
  const stdin = flags.bool('stdin');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(Object.keys(annotations).length && { annotations }),
      labels: made,
      name,
    },
    spec: {
      containers: [
        {
          ...(args.length && { [flags.bool('command') ? 'command' : 'args']: args }),
          ...(env.length && { env }),
          image: flags.text('image'),
          ...(policy && { imagePullPolicy: policy }),
          name,
          ...(port && { ports: [{ containerPort: atoi(port) }] }),
          resources: {},
          ...(flags.bool('privileged') && { securityContext: { privileged: true } }),
          ...(stdin && { stdin: true, ...(!flags.bool('leave-stdin-open') && { stdinOnce: true }) }),
          ...(flags.bool('tty') && { tty: true }),
        },
      ],
      dnsPolicy: 'ClusterFirst',
      restartPolicy: flags.text('restart') || 'Always',
    },
    status: {},
  };
}

function serviceFor(flags: Parsed, name: string): Thing {
  const port = atoi(flags.text('port', ''));
  const labels = flags.text('labels');
  const selector = labels ? pairs(labels.split(','), (p) => `unexpected label spec: ${p}`) : { run: name };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...(labels && { labels: selector }), name },
    spec: { ports: [{ port, protocol: 'TCP', targetPort: port }], selector },
    status: { loadBalancer: {} },
  };
}

export const run: Verb = {
  usage:
    'run NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
  summary: 'Run a particular image on the cluster',
  flags: {
    ...createFlags,
    image: text('The image for the container to run.'),
    'image-pull-policy': text('The image pull policy for the container.'),
    env: array('Environment variables to set in the container.'),
    labels: text('Comma separated labels to apply to the pod.', 'l'),
    annotations: array('Annotations to apply to the pod.'),
    port: text('The port that this container exposes.'),
    expose: bool('If true, create a ClusterIP service associated with the pod.  Requires `--port`.'),
    restart: text('The restart policy for this Pod. Legal values [Always, OnFailure, Never].'),
    command: bool("If true and extra arguments are present, use them as the 'command' field in the container."),
    overrides: text('An inline JSON override for the generated object.'),
    'override-type': text('The method used to override the generated object: json, merge, or strategic.'),
    privileged: bool('If true, run the container in privileged mode.'),
    rm: bool('If true, delete the pod after it exits.'),
    attach: bool('If true, wait for the Pod to start running, and then attach to it.'),
    stdin: bool('Keep stdin open on the container in the pod.', 'i'),
    'leave-stdin-open': bool(
      'If the pod is started in interactive mode or with stdin, leave stdin open after the first attach completes.',
    ),
    tty: bool('Allocate a TTY for the container in the pod.', 't'),
    quiet: bool('If true, suppress prompt messages.', 'q'),
    'pod-running-timeout': duration('The length of time to wait until at least one pod is running'),
    // How the pod of --rm is deleted; upstream takes these and has them refused or overruled.
    ...fileFlags,
    cascade: text('Must be "background", "orphan", or "foreground".', undefined, 'background'),
    force: bool('If true, immediately remove resources from API and bypass graceful deletion.'),
    'grace-period': int('Period of time in seconds given to the resource to terminate gracefully.'),
    timeout: duration('The length of time to wait before giving up on a delete'),
    wait: bool('If true, wait for resources to be gone before returning.'),
  },
  async run(s) {
    const { flags } = s;
    requireFlags(s, ['image']);
    const [name, ...args] = flags.args;
    if (!name || (flags.rest && flags.before.length === 0)) throw new UsageError('NAME is required for run');
    const image = flags.text('image', '');
    if (!image) throw new CommandError('--image is required');
    for (const f of ['filename', 'kustomize', 'recursive', 'force', 'grace-period', 'timeout', 'wait'])
      if (flags.has(f)) throw new CommandError(`--${f} has no effect on run and is not supported`);
    const { propagationOf } = await import('./apply.ts');
    const propagationPolicy = propagationOf(flags.text('cascade', 'background'));
    if (!reference.test(image))
      throw new CommandError(`Invalid image name ${JSON.stringify(image)}: invalid reference format`);
    const [stdin, tty] = [flags.bool('stdin'), flags.bool('tty')];
    if (tty && !stdin) throw new UsageError('-i/--stdin is required for containers with -t/--tty=true');
    if (flags.bool('expose') && !flags.text('port')) throw new UsageError('--port must be set when exposing a service');
    const restart = flags.text('restart', 'Always') || (stdin ? 'OnFailure' : 'Always');
    if (!['Always', 'OnFailure', 'Never'].includes(restart)) throw new UsageError(`invalid restart policy: ${restart}`);
    const attach = flags.has('attach') ? flags.bool('attach') : stdin;
    const remove = flags.bool('rm');
    if (remove && !attach) throw new UsageError('--rm should only be used for attached containers');
    const dry = dryRunOf(flags);
    if (attach && dry !== 'none')
      throw new UsageError(
        "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
      );
    const pull = flags.text('image-pull-policy', '');
    if (!['', 'Always', 'IfNotPresent', 'Never'].includes(pull))
      throw new UsageError(`invalid image pull policy: ${pull}`);
    const answer = createAnswer(s);
    const mapper = await s.mapper();
    const pods = mapper.byName('pods');
    const make = async (mapping: Mapping, object: Thing) =>
      send(
        s,
        mapping,
        s.namespace,
        s.namespaceGiven ? put(object, ['metadata', 'namespace'], s.namespace) : object,
        'kubectl-run',
      );
    const pod = await make(pods, await overridden(s, pods, podFrom(flags, name, args)));
    const made: { readonly mapping: Mapping; readonly name: string }[] = [
      { mapping: pods, name: pod.metadata.name ?? name },
    ];
    if (flags.bool('expose')) {
      const services = mapper.byName('services');
      answer(services, await make(services, serviceFor(flags, name)), 'created');
      if (formatOf(flags) === 'yaml') s.io.out('---\n');
      made.push({ mapping: services, name });
    }
    if (!attach) {
      answer(pods, pod, 'created');
      return 0;
    }
    try {
      return await joined(s, pods, pod.metadata.name ?? name, restart);
    } finally {
      if (remove)
        for (const m of made) {
          await s.api.json('DELETE', pathOf(m.mapping, s.namespace, m.name), {
            body: { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy },
          });
          if (!flags.bool('quiet'))
            s.io.out(
              formatOf(flags) === 'name'
                ? `${m.mapping.kind.toLowerCase()}/${m.name}\n`
                : `${m.mapping.kind.toLowerCase()} "${m.name}" deleted from ${s.namespace} namespace\n`,
            );
        }
    }
  },
};

/** Attached while it runs, its log when it has ended before; the exit code is its own where it does not start again. */
async function joined(s: Session, pods: Mapping, name: string, restart: string): Promise<number> {
  const timeout = s.flags.duration('pod-running-timeout') ?? 60_000;
  const phase = await watchUntil(
    s,
    pods,
    s.namespace,
    name,
    (o) => {
      const p = textAt(o, 'status', 'phase');
      if (!o) return 'Gone';
      if (p === 'Succeeded' || p === 'Failed') return p;
      const ready = listAt(o, 'status', 'conditions').some(
        (c) => textAt(c, 'type') === 'Ready' && textAt(c, 'status') === 'True',
      );
      return p === 'Running' && ready ? p : undefined;
    },
    timeout,
  );
  if (phase === 'Gone') throw new CommandError('pods "" not found');
  const log = async () => {
    for await (const c of await s.api.stream('GET', pathOf(pods, s.namespace, name, 'log'), {
      query: { container: name },
    }))
      s.io.out(c);
  };
  if (phase === 'Running') {
    // What was said before the attachment is in the log.
    await log();
    const { attachTo } = await import('./exec.ts');
    try {
      await attachTo(s, name, name);
    } catch (e) {
      s.io.err(`warning: couldn't attach to pod/${name}, falling back to streaming logs: ${(e as Error).message}\n`);
      await log();
    }
  } else await log();
  if (s.flags.bool('leave-stdin-open') || restart === 'Always') return 0;
  const ended = await watchUntil(
    s,
    pods,
    s.namespace,
    name,
    (o) => {
      if (!o) throw new CommandError('pods "" not found');
      const p = textAt(o, 'status', 'phase');
      return p === 'Succeeded' || (p === 'Failed' && restart === 'Never') ? o : undefined;
    },
    timeout,
  );
  if (textAt(ended, 'status', 'phase') === 'Succeeded') return 0;
  const [status] = listAt(ended, 'status', 'containerStatuses');
  const code = numberAt(status, 'state', 'terminated', 'exitCode');
  const where = `${s.namespace}/${name}`;
  const message = textAt(status, 'state', 'terminated', 'message');
  if (!code) throw new CommandError(`pod ${where} failed with unknown exit code`);
  s.io.err(
    `pod ${where} terminated (${textAt(status, 'state', 'terminated', 'reason')})\n${message && `${message}\n`}`,
  );
  throw new QuietExit(code);
}
