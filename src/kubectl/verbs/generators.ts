/** Objects made from flags: what `kubectl create TYPE NAME …` and `kubectl run` send (upstream: kubectl/pkg/cmd/create). */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CommandError, UsageError } from '../failure.ts';
import { array, bool, type FlagSpecs, list, type Parsed, text } from '../flags.ts';
import type { Json } from '../thing.ts';

export interface Generator {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly usage: string;
  readonly summary: string;
  readonly flags: FlagSpecs;
  readonly apiVersion: string;
  readonly kind: string;
  make(flags: Parsed, name: string): Json;
}

const fromFlags: FlagSpecs = {
  'from-literal': array('Specify a key and literal value to insert (i.e. mykey=somevalue)'),
  'from-file': list('Key file can be specified using its file path, or with a name given: name=path.'),
  'from-env-file': list('Specify the path to a file to read lines of key=val pairs.'),
  'append-hash': bool('Append a hash of the object to its name.'),
};

/** Keys and values of --from-literal, --from-file and --from-env-file. */
function dataOf(flags: Parsed): ReadonlyMap<string, Buffer> {
  const out = new Map<string, Buffer>();
  const add = (key: string, value: Buffer) => {
    if (!/^[-._a-zA-Z0-9]+$/.test(key))
      throw new CommandError(
        `"${key}" is not a valid key name: a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
      );
    if (out.has(key)) throw new CommandError(`cannot add key "${key}", another key by that name already exists`);
    out.set(key, value);
  };
  const read = (file: string) => {
    try {
      return readFileSync(file);
    } catch {
      throw new CommandError(`error reading ${file}: no such file or directory`);
    }
  };
  for (const l of flags.list('from-literal')) {
    const eq = l.indexOf('=');
    if (eq < 1) throw new CommandError(`invalid literal source ${l}, expected key=value`);
    add(l.slice(0, eq), Buffer.from(l.slice(eq + 1)));
  }
  for (const f of flags.list('from-file')) {
    const eq = f.indexOf('=');
    const path = f.slice(eq + 1);
    let directory: boolean;
    try {
      directory = statSync(path).isDirectory();
    } catch {
      throw new CommandError(`error reading ${path}: no such file or directory`);
    }
    if (directory) {
      if (eq >= 0) throw new CommandError('cannot give a key name for a directory path');
      for (const e of readdirSync(path, { withFileTypes: true })) if (e.isFile()) add(e.name, read(join(path, e.name)));
    } else add(eq < 0 ? basename(path) : f.slice(0, eq), read(path));
  }
  for (const f of flags.list('from-env-file'))
    for (const line of read(f).toString().split('\n')) {
      const l = line.trimStart();
      if (!l || l.startsWith('#')) continue;
      const eq = l.indexOf('=');
      add(eq < 0 ? l : l.slice(0, eq), Buffer.from(eq < 0 ? (process.env[l] ?? '') : l.slice(eq + 1)));
    }
  return out;
}

const isText = (b: Buffer): boolean => Buffer.from(b.toString('utf8')).equals(b);
const entries = (m: ReadonlyMap<string, Buffer>, keep: (b: Buffer) => boolean, show: (b: Buffer) => string) =>
  Object.fromEntries([...m].filter(([, v]) => keep(v)).map(([k, v]) => [k, show(v)]));
const nonEmpty = (key: string, m: Json): Json => (Object.keys(m).length ? { [key]: m } : {});

/** `80`, `80:8080`, `http=80:http` of --tcp. */
function servicePorts(flags: Parsed): readonly Json[] {
  return flags.list('tcp').map((p) => {
    const [port, target = port] = p.split(':');
    const n = Number(port);
    if (!Number.isInteger(n) || n < 1 || n > 65535)
      throw new CommandError(`strconv.Atoi: parsing "${port}": invalid syntax`);
    return {
      name: p.replace(':', '-'),
      port: n,
      protocol: 'TCP',
      targetPort: /^\d+$/.test(target!) ? Number(target) : target,
    };
  });
}

const service = (type: string, name: string): Generator => ({
  name,
  usage: `create service ${name} NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]`,
  summary: `Create a ${name} service`,
  flags: {
    tcp: list("Port pairs can be specified as '<port>:<targetPort>'."),
    clusterip: text('Assign your own ClusterIP or set to "None" for a headless service.'),
    'node-port': text('Port used to expose the service on each node in a cluster.'),
  },
  apiVersion: 'v1',
  kind: 'Service',
  make(flags, n) {
    const ports = servicePorts(flags);
    const ip = flags.text('clusterip');
    if (ports.length === 0 && ip !== 'None') throw new CommandError('at least one tcp port specifier must be provided');
    const nodePort = flags.int('node-port');
    return {
      metadata: { labels: { app: n }, name: n },
      spec: {
        ...(ip && { clusterIP: ip }),
        ports: nodePort === undefined ? ports : ports.map((p) => ({ ...p, nodePort })),
        selector: { app: n },
        type,
      },
      status: { loadBalancer: {} },
    };
  },
});

/** The resources of a rule as the server's discovery spells them are sent as given: `pods`, `deployments.apps`. */
function rules(flags: Parsed): readonly Json[] {
  const verbs = [...new Set(flags.list('verb'))];
  if (verbs.length === 0) throw new CommandError('at least one verb must be specified');
  const urls = flags.list('non-resource-url');
  if (urls.length) return [{ nonResourceURLs: urls, verbs }];
  const resources = flags.list('resource');
  if (resources.length === 0) throw new CommandError('at least one resource must be specified');
  const resourceNames = flags.list('resource-name');
  const byGroup = new Map<string, string[]>();
  for (const r of resources) {
    const [path = '', sub] = r.split('/');
    const dot = path.indexOf('.');
    const group = dot < 0 ? (knownGroups[path] ?? '') : path.slice(dot + 1);
    const plural = dot < 0 ? path : path.slice(0, dot);
    byGroup.set(group, [...(byGroup.get(group) ?? []), sub ? `${plural}/${sub}` : plural]);
  }
  return [...byGroup].map(([group, of]) => ({
    apiGroups: [group],
    resources: of,
    ...(resourceNames.length && { resourceNames }),
    verbs,
  }));
}
const knownGroups: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    apps: 'deployments replicasets statefulsets daemonsets controllerrevisions',
    batch: 'jobs cronjobs',
    'networking.k8s.io': 'ingresses networkpolicies ingressclasses',
    'rbac.authorization.k8s.io': 'roles rolebindings clusterroles clusterrolebindings',
    'coordination.k8s.io': 'leases',
    'storage.k8s.io': 'storageclasses csidrivers csinodes volumeattachments',
    'discovery.k8s.io': 'endpointslices',
    policy: 'poddisruptionbudgets',
    autoscaling: 'horizontalpodautoscalers',
  }).flatMap(([g, ps]) => ps.split(' ').map((p) => [p, g])),
);

const ruleFlags: FlagSpecs = {
  verb: list('Verb that applies to the resources contained in the rule'),
  resource: list('Resource that the rule applies to'),
  'resource-name': array('Resource in the white list that the rule applies to'),
  'non-resource-url': list('A partial url that user should have access to.'),
};
const bindingFlags: FlagSpecs = {
  clusterrole: text('ClusterRole this binding should reference'),
  role: text('Role this binding should reference'),
  user: array('Usernames to bind to the role.'),
  group: array('Groups to bind to the role.'),
  serviceaccount: array('Service accounts to bind to the role, in the format <namespace>:<name>.'),
};
const rbac = 'rbac.authorization.k8s.io';

function binding(flags: Parsed, name: string): Json {
  const [role, clusterRole] = [flags.text('role'), flags.text('clusterrole')];
  if (Boolean(role) === Boolean(clusterRole))
    throw new CommandError('exactly one of clusterrole or role must be specified');
  const accounts = flags.list('serviceaccount').map((a) => {
    const [namespace, account, more] = a.split(':');
    if (!namespace || !account || more !== undefined)
      throw new CommandError('serviceaccount must be <namespace>:<name>');
    return { kind: 'ServiceAccount', name: account, namespace };
  });
  return {
    metadata: { name },
    roleRef: { apiGroup: rbac, kind: role ? 'Role' : 'ClusterRole', name: role ?? clusterRole },
    subjects: [
      ...flags.list('user').map((n) => ({ apiGroup: rbac, kind: 'User', name: n })),
      ...flags.list('group').map((n) => ({ apiGroup: rbac, kind: 'Group', name: n })),
      ...accounts,
    ],
  };
}

export const generators: readonly Generator[] = [
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
    name: 'configmap',
    aliases: ['cm'],
    usage: 'create configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1]',
    summary: 'Create a config map from a local file, directory or literal value',
    flags: fromFlags,
    apiVersion: 'v1',
    kind: 'ConfigMap',
    make(flags, name) {
      const data = dataOf(flags);
      return {
        ...nonEmpty(
          'data',
          entries(data, isText, (b) => b.toString()),
        ),
        ...nonEmpty(
          'binaryData',
          entries(
            data,
            (b) => !isText(b),
            (b) => b.toString('base64'),
          ),
        ),
        metadata: { name },
      };
    },
  },
  {
    name: 'deployment',
    aliases: ['deploy'],
    usage: 'create deployment NAME --image=image -- [COMMAND] [args...]',
    summary: 'Create a deployment with the specified name',
    flags: {
      image: array('Image names to run.'),
      replicas: text('Number of replicas to create. Default is 1.', 'r'),
      port: text('The containerPort that this deployment exposes.'),
    },
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    make(flags, name) {
      const images = flags.list('image');
      if (images.length === 0) throw new UsageError('required flag(s) "image" not set');
      if (images.length > 1 && flags.rest?.length)
        throw new CommandError('cannot specify multiple --image options and command');
      const labels = { app: name };
      const port = flags.int('port');
      return {
        metadata: { labels, name },
        spec: {
          replicas: flags.int('replicas') ?? 1,
          selector: { matchLabels: labels },
          strategy: {},
          template: {
            metadata: { labels },
            spec: {
              containers: images.map((image) => ({
                ...(flags.rest?.length && { command: flags.rest }),
                image,
                name: containerName(image),
                ...(port !== undefined && { ports: [{ containerPort: port }] }),
                resources: {},
              })),
            },
          },
        },
        status: {},
      };
    },
  },
  {
    name: 'serviceaccount',
    aliases: ['sa'],
    usage: 'create serviceaccount NAME [--dry-run=server|client|none]',
    summary: 'Create a service account with the specified name',
    flags: {},
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    make: (_, name) => ({ metadata: { name } }),
  },
  {
    name: 'role',
    usage: 'create role NAME --verb=verb --resource=resource.group/subresource',
    summary: 'Create a role with single rule',
    flags: ruleFlags,
    apiVersion: `${rbac}/v1`,
    kind: 'Role',
    make: (flags, name) => ({ metadata: { name }, rules: rules(flags) }),
  },
  {
    name: 'clusterrole',
    usage: 'create clusterrole NAME --verb=verb --resource=resource.group',
    summary: 'Create a cluster role',
    flags: ruleFlags,
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRole',
    make: (flags, name) => ({ metadata: { name }, rules: rules(flags) }),
  },
  {
    name: 'rolebinding',
    usage: 'create rolebinding NAME --clusterrole=NAME|--role=NAME [--user=username] [--serviceaccount=namespace:name]',
    summary: 'Create a role binding for a particular role or cluster role',
    flags: bindingFlags,
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    make: binding,
  },
  {
    name: 'clusterrolebinding',
    usage: 'create clusterrolebinding NAME --clusterrole=NAME [--user=username] [--serviceaccount=namespace:name]',
    summary: 'Create a cluster role binding for a particular cluster role',
    flags: bindingFlags,
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    make: binding,
  },
];

/** `kubectl create secret …` */
export const secrets: readonly Generator[] = [
  {
    name: 'generic',
    usage: 'create secret generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1]',
    summary: 'Create a secret from a local file, directory, or literal value',
    flags: { ...fromFlags, type: text('The type of secret to create') },
    apiVersion: 'v1',
    kind: 'Secret',
    make(flags, name) {
      const type = flags.text('type');
      return {
        ...nonEmpty(
          'data',
          entries(
            dataOf(flags),
            () => true,
            (b) => b.toString('base64'),
          ),
        ),
        metadata: { name },
        ...(type && { type }),
      };
    },
  },
  {
    name: 'tls',
    usage: 'create secret tls NAME --cert=path/to/cert/file --key=path/to/key/file',
    summary: 'Create a TLS secret',
    flags: {
      cert: text('Path to PEM encoded public key certificate.'),
      key: text('Path to private key associated with given certificate.'),
    },
    apiVersion: 'v1',
    kind: 'Secret',
    make(flags, name) {
      const [cert, key] = [flags.text('cert'), flags.text('key')];
      if (!cert || !key) throw new CommandError('key and cert must be specified');
      return {
        data: { 'tls.crt': readFileSync(cert).toString('base64'), 'tls.key': readFileSync(key).toString('base64') },
        metadata: { name },
        type: 'kubernetes.io/tls',
      };
    },
  },
];
/** `kubectl create service …` */
export const services: readonly Generator[] = [
  service('ClusterIP', 'clusterip'),
  service('NodePort', 'nodeport'),
  service('LoadBalancer', 'loadbalancer'),
];

/** `registry/nginx:1.2` → `nginx`. */
export function containerName(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1).replace(/[:@].*$/, '');
  return last
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-')
    .replace(/^-+|-+$/g, '');
}
