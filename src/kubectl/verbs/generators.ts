/** Objects made from flags: what `kubectl create TYPE NAME …` sends (upstream: kubectl/pkg/cmd/create). */
import { randomInt } from 'node:crypto';
import { CommandError } from '../failure.ts';
import { array, bool, type FlagSpecs, int, list, type Parsed, text } from '../flags.ts';
import { parseQuantity } from '../../machinery/quantity.ts';
import { pathOf } from '../mapper.ts';
import type { Session } from '../session.ts';
import { parseTargets } from '../targets.ts';
import { at, type Json, textAt, type Thing } from '../thing.ts';
import { configMap, secrets } from './generated-data.ts';
import { rbacGenerators } from './generated-rbac.ts';

export { secrets };

export interface Generator {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly usage: string;
  readonly summary: string;
  readonly flags: FlagSpecs;
  /** Flags that must be given. */
  readonly required?: readonly string[];
  readonly apiVersion: string;
  readonly kind: string;
  /** Put before what the server says in refusing. */
  readonly failed?: string;
  make(flags: Parsed, name: string, s: Session): Json | Promise<Json>;
}

const intOrText = (v: string): string | number => (/^\d+$/.test(v) ? Number(v) : v);

function portNumber(v: string, zero = false): number {
  if (!/^\d+$/.test(v)) throw new CommandError(`strconv.ParseUint: parsing ${JSON.stringify(v)}: invalid syntax`);
  const n = Number(v);
  if (n > 65535) throw new CommandError(`strconv.ParseUint: parsing ${JSON.stringify(v)}: value out of range`);
  if (n === 0 && !zero) throw new CommandError(`invalid port number: ${v}`);
  return n;
}

/** Why a text is no name of a port; undefined for a good one. */
function portNameError(v: string): string | undefined {
  const errors: string[] = [];
  if (v.length > 15) errors.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(v)) errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(v)) errors.push('must contain at least one letter (a-z)');
  if (v.includes('--')) errors.push('must not contain consecutive hyphens');
  if (v.startsWith('-') || v.endsWith('-')) errors.push('must not begin or end with a hyphen');
  return errors.length ? errors.join(',') : undefined;
}

/** `80`, `80:8080`, `80:http` of --tcp. */
function servicePort(pair: string, nodePort: number): Json {
  const [port = '', target] = pair.split(':');
  const n = portNumber(port, true);
  let to: string | number = n;
  if (target !== undefined) {
    to = /^[+-]?\d+$/.test(target) ? Number(target) : target;
    const wrong =
      typeof to === 'number'
        ? to < 1 || to > 65535
          ? 'must be between 1 and 65535, inclusive'
          : undefined
        : portNameError(to);
    if (wrong) throw new CommandError(wrong);
  }
  return {
    name: pair.replace(':', '-'),
    ...(nodePort && { nodePort }),
    port: n,
    protocol: 'TCP',
    targetPort: to,
  };
}

const service = (type: string, name: string, flags: FlagSpecs, required: readonly string[] = []): Generator => ({
  name,
  usage: `create service ${name} NAME ${name === 'externalname' ? '--external-name external.name ' : ''}[--tcp=<port>:<targetPort>] [--dry-run=server|client|none]`,
  summary:
    name === 'clusterip'
      ? 'Create a ClusterIP service'
      : name === 'externalname'
        ? 'Create an ExternalName service'
        : name === 'nodeport'
          ? 'Create a NodePort service'
          : 'Create a LoadBalancer service',
  flags: { tcp: list("Port pairs can be specified as '<port>:<targetPort>'."), ...flags },
  required,
  apiVersion: 'v1',
  kind: 'Service',
  failed: `failed to create ${type} service: `,
  make(f, n) {
    const tcp = f.list('tcp');
    const ip = f.text('clusterip', '');
    const external = f.text('external-name', '');
    if (ip === 'None' && type !== 'ClusterIP')
      throw new CommandError('ClusterIP=None can only be used with ClusterIP service type');
    if (ip !== 'None' && tcp.length === 0 && type !== 'ExternalName')
      throw new CommandError('at least one tcp port specifier must be provided');
    if (type === 'ExternalName' && !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(external))
      throw new CommandError(`invalid service external name ${external}`);
    const nodePort = f.int('node-port') ?? 0;
    const ports = tcp.map((p) => servicePort(p, nodePort));
    return {
      metadata: { labels: { app: n }, name: n },
      spec: {
        ...(ip && { clusterIP: ip }),
        ...(external && { externalName: external }),
        ...(ports.length && { ports }),
        selector: { app: n },
        type,
      },
      status: { loadBalancer: {} },
    };
  },
});

/** `kubectl create service …` */
export const services: readonly Generator[] = [
  service('ClusterIP', 'clusterip', {
    clusterip: text('Assign your own ClusterIP or set to "None" for a headless service.'),
  }),
  service('ExternalName', 'externalname', { 'external-name': text('External name of service') }, ['external-name']),
  service('LoadBalancer', 'loadbalancer', {}),
  service('NodePort', 'nodeport', { 'node-port': int('Port used to expose the service on each node in a cluster.') }),
];

/** `registry/nginx:1.2` → `nginx`; one with dots or underscores gets letters at random after it, for it is no longer unique. */
export function containerName(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1).replace(/[:@].*$/, '');
  if (!/[_.]/.test(last)) return last;
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  const suffix = Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('');
  return `${last.replace(/[_.]/g, '-')}-${suffix}`;
}

const ingressRule = /^(?<host>[\w*\-.]*)(?<path>\/[^=,]*)=(?<svc>[\w-]+):(?<port>[\w-]+)(?<tls>,(tls)(=?[\w-.]*)?)?$/;

function ingressBackend(word: string): Json {
  const [name, port = ''] = word.split(':');
  return { service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } };
}

const ingress: Generator = {
  name: 'ingress',
  aliases: ['ing'],
  usage: 'create ingress NAME --rule=host/path=service:port[,tls[=secret]]',
  summary: 'Create an ingress with the specified name',
  flags: {
    class: text('Ingress Class to be used'),
    rule: array('Rule in format host/path=service:port[,tls=secretname].'),
    'default-backend': text('Default service for backend, in format of svcname:port'),
    annotation: array('Annotation to insert in the ingress object, in the format annotation=value'),
  },
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  failed: 'failed to create ingress: ',
  make(flags, name) {
    const [given, backend] = [flags.list('rule'), flags.text('default-backend', '')];
    const className = flags.text('class', '');
    if (given.length === 0 && !backend)
      throw new CommandError(
        'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)',
      );
    for (const r of given)
      if (!ingressRule.test(r))
        throw new CommandError(`rule ${r} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`);
    const annotations: Record<string, string> = {};
    for (const a of flags.list('annotation')) {
      const eq = a.indexOf('=');
      if (eq < 0) throw new CommandError(`annotation ${a} is invalid and should be in format key=[value]`);
      annotations[a.slice(0, eq)] = a.slice(eq + 1);
    }
    if (backend && backend.split(':').length !== 2)
      throw new CommandError('default-backend should be in format servicename:serviceport');
    const tls: { hosts?: string[]; secretName?: string }[] = [];
    const seen = new Set<string>();
    const rules: { host: string; paths: Json[] }[] = [];
    for (const r of given) {
      const [rule = '', mark] = r.split(',');
      const [host = '', rest = ''] = rule.split(/\/(.*)/s);
      if (mark !== undefined && !seen.has(host)) {
        seen.add(host);
        const secretName = mark.split('=')[1] ?? '';
        const same = tls.find((t) => (t.secretName ?? '') === secretName);
        if (same) same.hosts = [...(same.hosts ?? []), host];
        else if (host || secretName) tls.push({ ...(host && { hosts: [host] }), ...(secretName && { secretName }) });
      }
      const [path = '', svc = ''] = rest.split('=');
      const prefix = path.endsWith('*');
      const entry = {
        backend: ingressBackend(svc),
        path: `/${prefix ? path.slice(0, -1) : path}`,
        pathType: prefix ? 'Prefix' : 'Exact',
      };
      const known = rules.find((x) => x.host === host);
      if (known) known.paths.push(entry);
      else rules.push({ host, paths: [entry] });
    }
    return {
      metadata: { ...(Object.keys(annotations).length && { annotations }), name },
      spec: {
        ...(backend && { defaultBackend: ingressBackend(backend) }),
        ...(className && { ingressClassName: className }),
        ...(rules.length && {
          rules: rules.map((r) => ({ ...(r.host && { host: r.host }), http: { paths: r.paths } })),
        }),
        ...(tls.length && { tls }),
      },
      status: { loadBalancer: {} },
    };
  },
};

/** `a=b,c in (d)` as a label selector. */
async function labelSelector(words: string): Promise<Json> {
  const { parseLabelSelector } = await import('../../machinery/label-selector.ts');
  const matchLabels: Record<string, string> = {};
  const matchExpressions: Json[] = [];
  const operators: Readonly<Record<string, string>> = {
    in: 'In',
    notin: 'NotIn',
    '!=': 'NotIn',
    exists: 'Exists',
    '!': 'DoesNotExist',
  };
  for (const r of parseLabelSelector(words).requirements)
    if (r.operator === '=' || r.operator === '==') matchLabels[r.key] = r.values[0]!;
    else
      matchExpressions.push({
        key: r.key,
        operator: operators[r.operator] ?? r.operator,
        ...(r.values.length && { values: r.values }),
      });
  return {
    ...(matchExpressions.length && { matchExpressions }),
    ...(Object.keys(matchLabels).length && { matchLabels }),
  };
}

const jobSpec = (name: string, image: string, command: readonly string[], restartPolicy: string): Json => ({
  template: {
    metadata: {},
    spec: {
      containers: [{ ...(command.length && { command }), image, name, resources: {} }],
      restartPolicy,
    },
  },
});

export const generators: readonly Generator[] = [
  ...rbacGenerators.slice(0, 2),
  configMap,
  {
    name: 'cronjob',
    aliases: ['cj'],
    usage: "create cronjob NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags]",
    summary: 'Create a cron job with the specified name',
    flags: {
      image: text('Image name to run.'),
      schedule: text('A schedule in the Cron format the job should be run with.'),
      restart: text("job's restart policy. supported values: OnFailure, Never"),
    },
    required: ['image', 'schedule'],
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    failed: 'failed to create cronjob: ',
    make: (flags, name) => ({
      metadata: { name },
      spec: {
        jobTemplate: {
          metadata: { name },
          spec: jobSpec(name, flags.text('image', ''), flags.args.slice(1), flags.text('restart') || 'OnFailure'),
        },
        schedule: flags.text('schedule'),
      },
      status: {},
    }),
  },
  {
    name: 'deployment',
    aliases: ['deploy'],
    usage: 'create deployment NAME --image=image -- [COMMAND] [args...]',
    summary: 'Create a deployment with the specified name',
    flags: {
      image: list('Image names to run. A deployment can have multiple images set for multi-container pod.'),
      replicas: int('Number of replicas to create. Default is 1.', 'r'),
      port: int('The containerPort that this deployment exposes.'),
    },
    required: ['image'],
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    failed: 'failed to create deployment: ',
    make(flags, name) {
      const images = flags.list('image');
      const command = flags.args.slice(1);
      if (images.length > 1 && command.length)
        throw new CommandError('cannot specify multiple --image options and command');
      const labels = { app: name };
      const port = flags.int('port') ?? -1;
      return {
        metadata: { labels, name },
        spec: {
          replicas: flags.int('replicas') ?? 1,
          selector: { matchLabels: labels },
          strategy: {},
          template: {
            metadata: { labels },
            spec: {
              containers: images.map((image, i) => ({
                ...(command.length && { command }),
                image,
                name: containerName(image),
                ...(port >= 0 && i === 0 && { ports: [{ containerPort: port }] }),
                resources: {},
              })),
            },
          },
        },
        status: {},
      };
    },
  },
  ingress,
  {
    name: 'job',
    usage: 'create job NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]',
    summary: 'Create a job with the specified name',
    flags: {
      image: text('Image name to run.'),
      from: text('The name of the resource to create a Job from (only cronjob is supported).'),
    },
    apiVersion: 'batch/v1',
    kind: 'Job',
    failed: 'failed to create job: ',
    async make(flags, name, s) {
      const [image, from, command] = [flags.text('image', ''), flags.text('from', ''), flags.args.slice(1)];
      if (Boolean(image) === Boolean(from)) throw new CommandError('either --image or --from must be specified');
      if (command.length && from) throw new CommandError('cannot specify --from and command');
      if (image) return { metadata: { name }, spec: jobSpec(name, image, command, 'Never'), status: {} };
      const [t] = parseTargets(await s.mapper(), [from]);
      if (!t?.name) throw new CommandError('from must be an existing cronjob');
      const found = await s.api.json<Thing>('GET', pathOf(t.mapping, s.namespace, t.name));
      if (found.kind !== 'CronJob') throw new CommandError(`unknown object type *${t.mapping.version}.${found.kind}`);
      const template = at(found, 'spec', 'jobTemplate');
      const labels = at(template, 'metadata', 'labels');
      return {
        metadata: {
          annotations: {
            'cronjob.kubernetes.io/instantiate': 'manual',
            ...(at(template, 'metadata', 'annotations') as object | undefined),
          },
          ...(labels !== undefined && { labels }),
          name,
          ownerReferences: [
            {
              apiVersion: 'batch/v1',
              controller: true,
              kind: 'CronJob',
              name: found.metadata.name,
              uid: textAt(found, 'metadata', 'uid'),
            },
          ],
        },
        spec: at(template, 'spec'),
        status: {},
      };
    },
  },
  {
    name: 'namespace',
    aliases: ['ns'],
    usage: 'create namespace NAME [--dry-run=server|client|none]',
    summary: 'Create a namespace with the specified name',
    flags: {},
    apiVersion: 'v1',
    kind: 'Namespace',
    make: (_, name) => ({ metadata: { name }, spec: {}, status: {} }),
  },
  {
    name: 'poddisruptionbudget',
    aliases: ['pdb'],
    usage: 'create poddisruptionbudget NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]',
    summary: 'Create a pod disruption budget with the specified name',
    flags: {
      selector: text(
        'A label selector to use for this budget. Only equality-based selector requirements are supported.',
      ),
      'min-available': text('The minimum number or percentage of available pods this budget requires.'),
      'max-unavailable': text('The maximum number or percentage of unavailable pods this budget requires.'),
    },
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    failed: 'failed to create poddisruptionbudgets: ',
    async make(flags, name) {
      const [selector, min, max] = ['selector', 'min-available', 'max-unavailable'].map((n) => flags.text(n, ''));
      if (!selector) throw new CommandError('a selector must be specified');
      if (!min && !max) throw new CommandError('one of min-available or max-unavailable must be specified');
      if (min && max) throw new CommandError('min-available and max-unavailable cannot be both specified');
      const good = /^\d+%?$/;
      if (min && !good.test(min)) throw new CommandError('invalid format specified for min-available');
      if (max && !good.test(max)) throw new CommandError('invalid format specified for max-unavailable');
      return {
        metadata: { name },
        spec: {
          ...(max && { maxUnavailable: intOrText(max) }),
          ...(min && { minAvailable: intOrText(min) }),
          selector: await labelSelector(selector),
        },
        status: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
      };
    },
  },
  {
    name: 'priorityclass',
    aliases: ['pc'],
    usage: 'create priorityclass NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]',
    summary: 'Create a priority class with the specified name',
    flags: {
      value: int('the value of this priority class.'),
      'global-default': bool(
        'global-default specifies whether this PriorityClass should be considered as the default priority.',
      ),
      description: text(
        'description is an arbitrary string that usually provides guidelines on when this priority class should be used.',
      ),
      'preemption-policy': text('preemption-policy is the policy for preempting pods with lower priority.'),
    },
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    failed: 'failed to create priorityclass: ',
    make(flags, name) {
      const description = flags.text('description', '');
      return {
        ...(description && { description }),
        ...(flags.bool('global-default') && { globalDefault: true }),
        metadata: { name },
        preemptionPolicy: flags.text('preemption-policy', 'PreemptLowerPriority'),
        value: flags.int('value') ?? 0,
      };
    },
  },
  {
    name: 'quota',
    aliases: ['resourcequota'],
    usage: 'create quota NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]',
    summary: 'Create a quota with the specified name',
    flags: {
      hard: text('A comma-delimited set of resource=quantity pairs that define a hard limit.'),
      scopes: text('A comma-delimited set of quota scopes that must all match each object tracked by the quota.'),
    },
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    failed: 'failed to create quota: ',
    make(flags, name) {
      const hard = resourceList(flags.text('hard', ''));
      const scopes = flags.text('scopes', '');
      const named = scopes ? scopes.split(',') : [];
      if (named.includes('')) throw new CommandError('invalid resource quota scope ""');
      return {
        metadata: { name },
        spec: { ...(hard && { hard }), ...(named.length && { scopes: named }) },
        status: {},
      };
    },
  },
  ...rbacGenerators.slice(2),
  {
    name: 'serviceaccount',
    aliases: ['sa'],
    usage: 'create serviceaccount NAME [--dry-run=server|client|none]',
    summary: 'Create a service account with the specified name',
    flags: {},
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    failed: 'failed to create serviceaccount: ',
    make: (_, name) => ({ metadata: { name } }),
  },
];

/** `cpu=1,memory=1Gi`; undefined when there is nothing. @throws CommandError */
export function resourceList(spec: string): Readonly<Record<string, string>> | undefined {
  if (!spec) return undefined;
  return Object.fromEntries(
    spec.split(',').map((statement) => {
      const parts = statement.split('=');
      if (parts.length !== 2)
        throw new CommandError(`Invalid argument syntax ${statement}, expected <resource>=<value>`);
      try {
        parseQuantity(parts[1]!);
      } catch (e) {
        throw new CommandError((e as Error).message);
      }
      return parts as [string, string];
    }),
  );
}
