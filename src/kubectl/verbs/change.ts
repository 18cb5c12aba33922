/** `kubectl patch`, `scale`, `set image`, `expose`: verbs that change one thing of an object. */
import { createTwoWayMergePatch } from '../../schema/merge/index.ts';
import { parseYaml } from '../../schema/yaml.ts';
import { StatusError } from '../../machinery/status-error.ts';
import { CommandError, throwAll, UsageError } from '../failure.ts';
import { text } from '../flags.ts';
import { pathOf } from '../mapper.ts';
import { createAnswer, dryRunOf } from '../print/output.ts';
import { dryRunFlag, fileFlags, outputFlags, selectorFlags, type Session } from '../session.ts';
import { findObjects } from '../targets.ts';
import { at, isMap, type Json, listAt, numberAt, put, textAt, type Thing } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { send } from './create.ts';

const common = {
  ...fileFlags,
  ...selectorFlags,
  ...outputFlags,
  ...dryRunFlag,
  'field-manager': text('Name of the manager used to track field ownership.'),
};

const patchTypes: Readonly<Record<string, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

const serverDry = (s: Session) => (dryRunOf(s.flags) === 'server' ? 'All' : undefined);

export const patch: Verb = {
  usage: 'patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
  summary: 'Update fields of a resource',
  flags: {
    ...common,
    patch: text('The patch to be applied to the resource JSON file.', 'p'),
    'patch-file': text('A file containing a patch to be applied to the resource.'),
    type: text('The type of patch being provided; one of [json merge strategic]'),
    subresource: text('If specified, patch will operate on the subresource of the requested object.'),
  },
  async run(s) {
    const type = s.flags.text('type', 'strategic').toLowerCase();
    const contentType = patchTypes[type];
    if (!contentType) throw new UsageError(`--type must be one of [json merge strategic], not "${type}"`);
    const given = s.flags.text('patch');
    const file = s.flags.text('patch-file');
    if (Boolean(given) === Boolean(file)) throw new UsageError('must specify exactly one of --patch or --patch-file');
    const source = given ?? (await import('node:fs')).readFileSync(file!, 'utf8');
    let body: unknown;
    try {
      body = parseYaml(source)[0];
    } catch (e) {
      throw new CommandError(`unable to parse "${source}": ${(e as Error).message}`);
    }
    const answer = createAnswer(s);
    const errors: unknown[] = [];
    for (const f of await findObjects(s, { needsNames: true, errors }))
      try {
        if (dryRunOf(s.flags) === 'client') {
          answer(f.mapping, f.object, 'patched');
          continue;
        }
        const after = await s.api.json<Thing>(
          'PATCH',
          pathOf(f.mapping, f.namespace, f.name, s.flags.text('subresource')),
          {
            body,
            contentType,
            query: { fieldManager: s.flags.text('field-manager', 'kubectl-patch'), dryRun: serverDry(s) },
          },
        );
        const same =
          after.metadata.resourceVersion === f.object.metadata.resourceVersion && dryRunOf(s.flags) === 'none';
        answer(f.mapping, after, same ? 'patched (no change)' : 'patched');
      } catch (e) {
        errors.push(e);
      }
    throwAll(errors);
  },
};

export const scale: Verb = {
  usage: 'scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)',
  summary: 'Set a new size for a deployment, replica set, or replication controller',
  flags: {
    ...common,
    replicas: text('The new desired number of replicas. Required.'),
    'current-replicas': text('Precondition for current size.'),
    'resource-version': text('Precondition for resource version.'),
    timeout: text("The length of time to wait before giving up on a scale operation, zero means don't wait."),
  },
  async run(s) {
    const replicas = s.flags.int('replicas');
    if (replicas === undefined || replicas < 0)
      throw new CommandError('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
    const current = s.flags.int('current-replicas');
    const answer = createAnswer(s);
    const errors: unknown[] = [];
    for (const f of await findObjects(s, { needsNames: true, errors }))
      try {
        const path = pathOf(f.mapping, f.namespace, f.name, 'scale');
        if (dryRunOf(s.flags) !== 'client') {
          const now = await s.api.json<Thing>('GET', path);
          if (current !== undefined && current !== -1 && numberAt(now, 'spec', 'replicas') !== current)
            throw new CommandError(`Expected replicas to be ${current}, was ${numberAt(now, 'spec', 'replicas')}`);
          await s.api.json('PATCH', path, {
            body: { spec: { replicas } },
            contentType: 'application/merge-patch+json',
            query: { fieldManager: 'kubectl-scale', dryRun: serverDry(s) },
          });
          const timeout = s.flags.duration('timeout');
          if (timeout) {
            const { watchUntil } = await import('../waiting.ts');
            await watchUntil(
              s,
              f.mapping,
              f.namespace,
              f.name,
              (o) => (numberAt(o, 'status', 'replicas') === replicas ? true : undefined),
              timeout,
            );
          }
        }
        answer(f.mapping, f.object, 'scaled');
      } catch (e) {
        errors.push(e);
      }
    throwAll(errors);
  },
};

/** Where a kind has its pod spec. */
export const podSpecPath = (kind: string): readonly string[] =>
  kind === 'Pod'
    ? ['spec']
    : kind === 'CronJob'
      ? ['spec', 'jobTemplate', 'spec', 'template', 'spec']
      : ['spec', 'template', 'spec'];

/** Sends what differs between two forms of an object. */
export async function sendDifference(
  s: Session,
  f: {
    readonly mapping: Parameters<typeof pathOf>[0];
    readonly namespace: string | undefined;
    readonly name: string;
    readonly object: Thing;
  },
  after: Thing,
  fieldManager: string,
): Promise<Thing | undefined> {
  const { resources } = await import('../../api/resources.ts');
  const { group, version, kind } = f.mapping;
  const row = resources.find((r) => r.group === group && r.version === version && r.kind === kind);
  const { createJsonMergePatch } = await import('../../schema/merge/index.ts');
  const body = row ? createTwoWayMergePatch(row.schema, f.object, after) : createJsonMergePatch(f.object, after);
  if (Object.keys(body).length === 0) return undefined;
  if (s.flags.has('dry-run') && dryRunOf(s.flags) === 'client') return after;
  return s.api.json<Thing>('PATCH', pathOf(f.mapping, f.namespace, f.name), {
    body,
    contentType: row ? patchTypes['strategic']! : patchTypes['merge']!,
    query: { fieldManager, dryRun: s.flags.has('dry-run') ? serverDry(s) : undefined },
  });
}

export const setImage: Verb = {
  usage:
    'set image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N',
  summary: 'Update existing container image(s) of resources',
  flags: common,
  async run(s) {
    const images = s.flags.args.filter((a) => a.includes('='));
    const resources = s.flags.args.filter((a) => !a.includes('='));
    if (images.length === 0) throw new CommandError('at least one image update is required');
    const wanted = new Map(images.map((i) => [i.slice(0, i.indexOf('=')), i.slice(i.indexOf('=') + 1)] as const));
    await changeContainers(
      s,
      resources,
      'image updated',
      'kubectl-set',
      (c) => {
        const image = wanted.get(textAt(c, 'name')) ?? wanted.get('*');
        return image === undefined ? undefined : { ...c, image };
      },
      [...wanted.keys()].filter((n) => n !== '*'),
    );
  },
};

export const setEnv: Verb = {
  usage: 'set env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N KEY-',
  summary: 'Update environment variables on a pod template',
  flags: {
    ...common,
    containers: text('The names of containers in the selected pod templates to change', 'c'),
    list: { type: 'bool', help: 'If true, display the environment.' },
  },
  async run(s) {
    const isEnv = (a: string) => a.includes('=') || (a.endsWith('-') && !a.includes('/'));
    const changes = s.flags.args.filter((a, i) => i > 0 && isEnv(a));
    const resources = s.flags.args.filter((a) => !changes.includes(a));
    const only = s.flags.text('containers', '*');
    if (s.flags.bool('list')) {
      for (const f of await findObjects(s, { args: resources, needsNames: true })) {
        s.io.out('');
        for (const c of listAt(at(f.object, ...podSpecPath(f.mapping.kind)), 'containers')) {
          s.io.out(`# ${f.mapping.kind.toLowerCase()} ${f.name}, container ${textAt(c, 'name')}\n`);
          for (const e of listAt(c, 'env')) s.io.out(`${textAt(e, 'name')}=${textAt(e, 'value')}\n`);
        }
      }
      return;
    }
    if (changes.length === 0) throw new CommandError('at least one environment variable must be provided');
    await changeContainers(
      s,
      resources,
      'env updated',
      'kubectl-set',
      (c) => {
        if (only !== '*' && textAt(c, 'name') !== only) return undefined;
        const env = new Map(listAt(c, 'env').map((e) => [textAt(e, 'name'), e] as const));
        for (const a of changes) {
          const eq = a.indexOf('=');
          if (eq < 0) env.delete(a.slice(0, -1));
          else env.set(a.slice(0, eq), { name: a.slice(0, eq), value: a.slice(eq + 1) });
        }
        return { ...c, env: [...env.values()] };
      },
      [],
    );
  },
};

async function changeContainers(
  s: Session,
  resources: readonly string[],
  did: string,
  manager: string,
  change: (container: Json) => Json | undefined,
  mustBeThere: readonly string[],
): Promise<void> {
  const answer = createAnswer(s);
  const errors: unknown[] = [];
  for (const f of await findObjects(s, { args: resources, needsNames: true, errors }))
    try {
      const where = podSpecPath(f.mapping.kind);
      const spec = at(f.object, ...where);
      if (!isMap(spec)) throw new CommandError(`${f.mapping.kind} ${f.name} has no pod template`);
      const changed = (list: string) => listAt(spec, list).map((c) => change(c as Json) ?? (c as Json));
      const names = [...listAt(spec, 'containers'), ...listAt(spec, 'initContainers')].map((c) => textAt(c, 'name'));
      const missing = mustBeThere.find((n) => !names.includes(n));
      if (missing !== undefined) throw new CommandError(`unable to find container named "${missing}"`);
      const after = put(f.object, where, {
        ...spec,
        containers: changed('containers'),
        ...(spec['initContainers'] !== undefined && { initContainers: changed('initContainers') }),
      });
      const sent = await sendDifference(s, f, after, manager);
      if (sent) answer(f.mapping, sent, did);
    } catch (e) {
      errors.push(e);
    }
  throwAll(errors);
}

export const expose: Verb = {
  usage:
    'expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--type=type]',
  summary: 'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service',
  flags: {
    ...common,
    port: text('The port that the service should serve on.'),
    protocol: text("The network protocol for the service to be created. Default is 'TCP'."),
    'target-port': text('Name or number for the port on the container that the service should direct traffic to.'),
    name: text('The name for the newly created object.'),
    type: text('Type for this service: ClusterIP, NodePort, LoadBalancer, or ExternalName.'),
    'cluster-ip': text("ClusterIP to be assigned to the service. Leave empty to auto-allocate, or set to 'None'."),
    labels: text('Labels to apply to the service created by this call.', 'l'),
    'session-affinity': text(
      "If non-empty, set the session affinity for the service to this; legal values: 'None', 'ClientIP'",
    ),
  },
  async run(s) {
    const answer = createAnswer(s);
    const mapper = await s.mapper();
    const mapping = mapper.byName('services');
    const errors: unknown[] = [];
    for (const f of await findObjects(s, { needsNames: true, errors }))
      try {
        const kind = f.mapping.kind;
        if (!['Pod', 'Service', 'ReplicationController', 'Deployment', 'ReplicaSet'].includes(kind))
          throw new CommandError(`cannot expose a ${kind}${f.mapping.group ? `.${f.mapping.group}` : ''}`);
        const selector =
          kind === 'Pod'
            ? f.object.metadata.labels
            : kind === 'Service' || kind === 'ReplicationController'
              ? at(f.object, 'spec', 'selector')
              : at(f.object, 'spec', 'selector', 'matchLabels');
        if (!isMap(selector) || Object.keys(selector).length === 0)
          throw new CommandError(
            `couldn't retrieve selectors via --selector flag or introspection: ${kind === 'Pod' ? 'the pod has no labels and cannot be exposed' : 'the object has no selector'}`,
          );
        const found =
          kind === 'Service'
            ? listAt(f.object, 'spec', 'ports').map((p) => ({
                port: numberAt(p, 'port'),
                protocol: textAt(p, 'protocol'),
              }))
            : listAt(at(f.object, ...podSpecPath(kind)), 'containers').flatMap((c) =>
                listAt(c, 'ports').map((p) => ({
                  port: numberAt(p, 'containerPort'),
                  protocol: textAt(p, 'protocol') || 'TCP',
                })),
              );
        const port = s.flags.text('port');
        if (!port && found.length === 0) throw new CommandError("couldn't find port via --port flag or introspection");
        const target = s.flags.text('target-port');
        const targetOf = (p: number) => (target === undefined ? p : /^\d+$/.test(target) ? Number(target) : target);
        const asked = port
          ? port.split(',').map((p) => ({
              port: Number(p),
              protocol: s.flags.text('protocol') ?? found.find((x) => x.port === Number(p))?.protocol ?? 'TCP',
            }))
          : found;
        const ports = asked.map((p, i) => ({
          ...(asked.length > 1 && { name: `port-${i + 1}` }),
          port: p.port,
          protocol: p.protocol,
          targetPort: targetOf(p.port),
        }));
        const name = s.flags.text('name') ?? f.name;
        const labels = s.flags.text('labels');
        const type = s.flags.text('type');
        const ip = s.flags.text('cluster-ip');
        const affinity = s.flags.text('session-affinity');
        const svc: Thing = {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: {
            ...(labels
              ? { labels: Object.fromEntries(labels.split(',').map((l) => l.split('=') as [string, string])) }
              : f.object.metadata.labels && { labels: f.object.metadata.labels }),
            name,
            ...(s.namespaceGiven && { namespace: s.namespace }),
          },
          spec: {
            ports,
            selector,
            ...(type && { type }),
            ...(ip && { clusterIP: ip }),
            ...(affinity && { sessionAffinity: affinity }),
          },
          status: { loadBalancer: {} },
        };
        answer(mapping, await send(s, mapping, f.namespace, svc, 'kubectl-expose'), 'exposed');
      } catch (e) {
        errors.push(e instanceof StatusError || e instanceof CommandError ? e : new CommandError(String(e)));
      }
    throwAll(errors);
  },
};
