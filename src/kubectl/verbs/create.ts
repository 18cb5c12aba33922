/** `kubectl create`: objects from files, or one made from flags. */
import { CommandError, throwAll, UsageError, withSource } from '../failure.ts';
import { bool, type FlagSpecs, text } from '../flags.ts';
import { readManifests } from '../manifest.ts';
import { type Mapping, pathOf } from '../mapper.ts';
import { createAnswer, dryRunOf } from '../print/output.ts';
import { dryRunFlag, fileFlags, outputFlags, type Session } from '../session.ts';
import { isMap, put, textAt, type Thing } from '../thing.ts';
import type { Verb, VerbRow } from '../verb.ts';
import { validation, withLastApplied } from './apply.ts';
import { type Generator, generators, secrets, services } from './generators.ts';

const common: FlagSpecs = {
  ...outputFlags,
  ...dryRunFlag,
  'field-manager': text('Name of the manager used to track field ownership.'),
  'save-config': bool('If true, the configuration of current object will be saved in its annotation.'),
  validate: text('Must be one of: strict (or true), warn, ignore (or false).', undefined, 'strict'),
};

export const create: Verb = {
  usage: 'create -f FILENAME',
  summary: 'Create a resource from a file or from stdin',
  flags: { ...fileFlags, ...common },
  async run(s) {
    if (s.flags.args.length) throw new UsageError(`unexpected args: [${s.flags.args.join(' ')}]`);
    const answer = createAnswer(s);
    const errors: unknown[] = [];
    for (const m of await readManifests(s))
      try {
        answer(m.mapping, await send(s, m.mapping, m.namespace, m.object), 'created');
      } catch (e) {
        errors.push(withSource('creating', m.source, e));
      }
    throwAll(errors);
  },
};

/** Creates, or with a client-side dry run answers what would be sent. */
export async function send(
  s: Session,
  mapping: Mapping,
  namespace: string | undefined,
  object: Thing,
  manager = 'kubectl-create',
): Promise<Thing> {
  const dry = dryRunOf(s.flags);
  const body = s.flags.bool('save-config') ? withLastApplied(object) : object;
  if (dry === 'client') return body;
  return s.api.json<Thing>('POST', pathOf(mapping, namespace), {
    body,
    query: {
      fieldManager: s.flags.text('field-manager', manager),
      fieldValidation: validation(s),
      dryRun: dry === 'server' ? 'All' : undefined,
    },
  });
}

function fromFlags(g: Generator): Verb {
  return {
    usage: g.usage,
    summary: g.summary,
    flags: { ...common, ...g.flags },
    async run(s) {
      const [name, ...more] = s.flags.args;
      if (!name || more.length) throw new UsageError(`exactly one NAME is required, got ${s.flags.args.length}`);
      const made = { apiVersion: g.apiVersion, kind: g.kind, ...g.make(s.flags, name) } as Thing;
      const mapping = (await s.mapper()).byKind(g.apiVersion, g.kind);
      if (!mapping) throw new CommandError(`no matches for kind "${g.kind}" in version "${g.apiVersion}"`);
      const namespace = mapping.namespaced ? s.namespace : undefined;
      const object = namespace && s.namespaceGiven ? put(made, ['metadata', 'namespace'], namespace) : made;
      createAnswer(s)(mapping, await send(s, mapping, namespace, object), 'created');
    },
  };
}

const token: Verb = {
  usage: 'create token SERVICE_ACCOUNT_NAME',
  summary: 'Request a service account token',
  flags: {
    ...outputFlags,
    audience: text('Audience of the requested token.'),
    duration: text('Requested lifetime of the issued token.'),
    'bound-object-kind': text('Kind of an object to bind the token to.'),
    'bound-object-name': text('Name of an object to bind the token to.'),
  },
  async run(s) {
    const [name] = s.flags.args;
    if (!name || s.flags.args.length > 1) throw new UsageError('one NAME is required');
    const seconds = s.flags.duration('duration');
    const audience = s.flags.text('audience');
    const boundKind = s.flags.text('bound-object-kind');
    const mapping = (await s.mapper()).byName('serviceaccounts');
    const answer = await s.api.json<Thing>('POST', pathOf(mapping, s.namespace, name, 'token'), {
      body: {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: {
          ...(audience && { audiences: [audience] }),
          ...(seconds && { expirationSeconds: Math.round(seconds / 1000) }),
          ...(boundKind && {
            boundObjectRef: { apiVersion: 'v1', kind: boundKind, name: s.flags.text('bound-object-name') },
          }),
        },
      },
    });
    const { printerOf } = await import('../print/output.ts');
    const printer = printerOf(s.flags);
    s.io.out(printer ? printer(answer) : `${textAt(answer, 'status', 'token')}\n`);
  },
};

const row = (g: Generator): VerbRow => ({
  name: g.name,
  summary: g.summary,
  load: async () => fromFlags(g),
  ...(g.aliases && { aliases: g.aliases }),
});

/** Verbs below `create`; `create` alone reads files. */
export const createRows: readonly VerbRow[] = [
  ...generators.map(row),
  { name: 'token', summary: token.summary, load: async () => token },
  { name: 'secret', summary: 'Create a secret using a specified subcommand', verbs: secrets.map(row) },
  {
    name: 'service',
    aliases: ['svc'],
    summary: 'Create a service using a specified subcommand',
    verbs: services.map(row),
  },
];

/** `kubectl run`: a pod from flags. */
export const run: Verb = {
  usage: 'run NAME --image=image [--env="key=value"] [--port=port] [--command] -- [COMMAND] [args...]',
  summary: 'Run a particular image on the cluster',
  flags: {
    ...common,
    image: text('The image for the container to run.'),
    'image-pull-policy': text('The image pull policy for the container.'),
    env: { type: 'array', help: 'Environment variables to set in the container.' },
    labels: { type: 'list', short: 'l', help: 'Comma separated labels to apply to the pod.' },
    annotations: { type: 'array', help: 'Annotations to apply to the pod.' },
    port: text('The port that this container exposes.'),
    restart: text('The restart policy for this Pod. Legal values [Always, OnFailure, Never].'),
    command: bool("If true and extra arguments are present, use them as the 'command' field in the container."),
    overrides: text('An inline JSON override for the generated object.'),
    privileged: bool('If true, run the container in privileged mode.'),
    rm: bool('If true, delete the pod after it exits.'),
    attach: bool('If true, wait for the Pod to start running, and then attach to it.'),
    stdin: bool('Keep stdin open on the container in the pod.', 'i'),
    tty: bool('Allocate a TTY for the container in the pod.', 't'),
    quiet: bool('If true, suppress prompt messages.', 'q'),
    'pod-running-timeout': text('The length of time to wait until at least one pod is running'),
  },
  async run(s) {
    const { flags } = s;
    const [name, ...extra] = flags.args;
    if (!name) throw new UsageError('NAME is required for run');
    const image = flags.text('image');
    if (!image) throw new CommandError('required flag(s) "image" not set');
    const interactive = flags.bool('stdin');
    const attach = flags.bool('attach', interactive);
    if (flags.bool('rm') && !attach) throw new CommandError('--rm should only be used for attached containers');
    const command = [...extra, ...(flags.rest ?? [])];
    const pairs = (items: readonly string[]) =>
      Object.fromEntries(
        items.map((p) => {
          const eq = p.indexOf('=');
          if (eq < 1) throw new CommandError(`unexpected label spec: ${p}`);
          return [p.slice(0, eq), p.slice(eq + 1)];
        }),
      );
    const port = flags.int('port');
    const env = flags.list('env').map((e) => {
      const eq = e.indexOf('=');
      if (eq < 1) throw new CommandError(`invalid env: ${e}`);
      return { name: e.slice(0, eq), value: e.slice(eq + 1) };
    });
    const policy = flags.text('image-pull-policy');
    const made: Thing = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        labels: flags.has('labels') ? pairs(flags.list('labels')) : { run: name },
        name,
        ...(flags.has('annotations') && { annotations: pairs(flags.list('annotations')) }),
        ...(s.namespaceGiven && { namespace: s.namespace }),
      },
      spec: {
        containers: [
          {
            ...(command.length && { [flags.bool('command') ? 'command' : 'args']: command }),
            ...(env.length && { env }),
            image,
            ...(policy && { imagePullPolicy: policy }),
            name,
            ...(port !== undefined && { ports: [{ containerPort: port }] }),
            resources: {},
            ...(flags.bool('privileged') && { securityContext: { privileged: true } }),
            ...(interactive && { stdin: true, stdinOnce: true }),
            ...(flags.bool('tty') && { tty: true }),
          },
        ],
        dnsPolicy: 'ClusterFirst',
        restartPolicy: flags.text('restart', 'Always'),
      },
      status: {},
    };
    const overrides = flags.text('overrides');
    const { jsonMergePatch } = await import('../../schema/merge/index.ts');
    const object = overrides ? (jsonMergePatch(made, parse(overrides)) as unknown as Thing) : made;
    const mapping = (await s.mapper()).byName('pods');
    const pod = await send(s, mapping, s.namespace, object, 'kubectl-run');
    if (!attach || dryRunOf(flags) !== 'none') {
      createAnswer(s)(mapping, pod, 'created');
      return 0;
    }
    const { attachTo } = await import('./exec.ts');
    const { watchUntil } = await import('../waiting.ts');
    const phase = await watchUntil(
      s,
      mapping,
      s.namespace,
      name,
      (o) => {
        const p = textAt(o, 'status', 'phase');
        return !o || p === 'Running' || p === 'Succeeded' || p === 'Failed' ? p || 'Failed' : undefined;
      },
      flags.duration('pod-running-timeout') ?? 60_000,
    );
    let code = 0;
    try {
      if (phase === 'Running') code = await attachTo(s, name, name);
      else s.io.out(await s.api.text('GET', pathOf(mapping, s.namespace, name, 'log'), { query: { container: name } }));
      if (flags.text('restart', 'Always') === 'Never') code = await exitOf(s, mapping, name);
    } finally {
      if (flags.bool('rm')) {
        await s.api.json('DELETE', pathOf(mapping, s.namespace, name));
        s.io.out(`pod "${name}" deleted from ${s.namespace} namespace\n`);
      }
    }
    return code;
  },
};

/** The exit code of the pod's only container once it has ended. */
async function exitOf(s: Session, mapping: Mapping, name: string): Promise<number> {
  const { watchUntil } = await import('../waiting.ts');
  return watchUntil(s, mapping, s.namespace, name, (o) => {
    if (!o) return 1;
    const statuses = (
      o as unknown as { status?: { containerStatuses?: readonly { state?: { terminated?: { exitCode: number } } }[] } }
    ).status?.containerStatuses;
    return statuses?.[0]?.state?.terminated?.exitCode;
  });
}

function parse(text: string): unknown {
  try {
    const v: unknown = JSON.parse(text);
    if (isMap(v)) return v;
  } catch {
    // Said below.
  }
  throw new CommandError('Invalid JSON Patch');
}
