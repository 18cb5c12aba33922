/** `kubectl expose`: a service for the pods of something there is (upstream: kubectl/pkg/cmd/expose). */
import { StatusError } from '../../machinery/status-error.ts';
import { CommandError, throwAll } from '../failure.ts';
import { bool, text } from '../flags.ts';
import { createAnswer } from '../print/output.ts';
import { dryRunFlag, fileFlags, outputFlags } from '../session.ts';
import { findObjects } from '../targets.ts';
import { at, isMap, listAt, numberAt, textAt, type Thing } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { podSpecPath } from './change.ts';
import { send } from './send.ts';
import { overridden } from './overrides.ts';

const exposable = new Set(['Pod', 'Service', 'ReplicationController', 'Deployment', 'ReplicaSet']);

/** `a=b,c=d`. @throws CommandError */
function pairs(spec: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const p of spec.split(',')) {
    const [k, v, more] = p.split('=');
    if (v === undefined || more !== undefined) throw new CommandError(`unexpected label spec: ${p}`);
    if (!k) throw new CommandError('unexpected empty label key');
    out[k] = v;
  }
  return out;
}

function selectorOf(o: Thing): Record<string, string> {
  const fail = (why: string): never => {
    throw new CommandError(`couldn't retrieve selectors via --selector flag or introspection: ${why}`);
  };
  const labels = (v: unknown) => (isMap(v) && Object.keys(v).length ? (v as Record<string, string>) : undefined);
  switch (o.kind) {
    case 'Pod':
      return labels(o.metadata.labels) ?? fail('the pod has no labels and cannot be exposed');
    case 'Service':
      return labels(at(o, 'spec', 'selector')) ?? fail('the service has no pod selector set');
    case 'ReplicationController':
      return labels(at(o, 'spec', 'selector')) ?? fail('the object has no selector');
    default:
      if (listAt(o, 'spec', 'selector', 'matchExpressions').length)
        return fail(
          `couldn't convert expressions - "${JSON.stringify(at(o, 'spec', 'selector', 'matchExpressions'))}" to map-based selector format`,
        );
      return (
        labels(at(o, 'spec', 'selector', 'matchLabels')) ??
        fail('invalid deployment: no selectors, therefore cannot be exposed')
      );
  }
}

interface Port {
  readonly port: number;
  readonly protocol: string;
}

const portsOf = (o: Thing): readonly Port[] =>
  o.kind === 'Service'
    ? listAt(o, 'spec', 'ports').map((p) => ({ port: numberAt(p, 'port'), protocol: textAt(p, 'protocol') || 'TCP' }))
    : listAt(at(o, ...podSpecPath(o.kind)), 'containers').flatMap((c) =>
        listAt(c, 'ports').map((p) => ({
          port: numberAt(p, 'containerPort'),
          protocol: textAt(p, 'protocol') || 'TCP',
        })),
      );

export const expose: Verb = {
  usage:
    'expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]',
  summary: 'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service',
  flags: {
    ...fileFlags,
    ...outputFlags,
    ...dryRunFlag,
    'field-manager': text('Name of the manager used to track field ownership.'),
    'save-config': bool('If true, the configuration of current object will be saved in its annotation.'),
    port: text('The port that the service should serve on.'),
    protocol: text("The network protocol for the service to be created. Default is 'TCP'."),
    'target-port': text('Name or number for the port on the container that the service should direct traffic to.'),
    name: text('The name for the newly created object.'),
    type: text('Type for this service: ClusterIP, NodePort, LoadBalancer, or ExternalName.'),
    'cluster-ip': text("ClusterIP to be assigned to the service. Leave empty to auto-allocate, or set to 'None'."),
    'external-ip': text('Additional external IP address (not managed by Kubernetes) to accept for the service.'),
    'load-balancer-ip': text('IP to assign to the LoadBalancer.'),
    labels: text('Labels to apply to the service created by this call.', 'l'),
    selector: text('A label selector to use for this service.'),
    'session-affinity': text("Legal values: 'None', 'ClientIP'"),
    overrides: text('An inline JSON override for the generated object.'),
    'override-type': text('The method used to override the generated object: json, merge, or strategic.'),
  },
  async run(s) {
    const { flags } = s;
    const answer = createAnswer(s);
    const mapping = (await s.mapper()).byName('services');
    const errors: unknown[] = [];
    const given = (n: string) => flags.text(n, '');
    for (const f of await findObjects(s, { needsNames: true, errors, noSelectors: true, asInFile: true }))
      try {
        const { kind, group } = f.mapping;
        if (!exposable.has(kind)) throw new CommandError(`cannot expose a ${kind}${group ? `.${group}` : ''}`);
        const object = { ...f.object, kind };
        const selector = given('selector') ? pairs(given('selector')) : selectorOf(object);
        const found = portsOf(object);
        const headless = given('cluster-ip') === 'None';
        if (!given('port') && found.length === 0 && !headless)
          throw new CommandError("couldn't find port via --port flag or introspection");
        const words = given('port') || [...new Set(found.map((p) => String(p.port)))].join(',');
        const asked = words === '' ? [] : words.split(',');
        const protocols = (p: number) => found.filter((x) => x.port === p).map((x) => x.protocol);
        const target = given('target-port');
        const ports = asked.flatMap((w, i) => {
          if (!/^[+-]?\d+$/.test(w))
            throw new CommandError(`strconv.Atoi: parsing ${JSON.stringify(w)}: invalid syntax`);
          const port = Number(w);
          const several = !given('protocol') && protocols(port).length > 1 ? protocols(port) : undefined;
          const to = target === '' ? port : /^\d+$/.test(target) ? Number(target) : target;
          return (several ?? [given('protocol') || protocols(port)[0] || 'TCP']).map((protocol) => ({
            ...(several
              ? { name: `port-${i + 1}-${protocol.toLowerCase()}` }
              : asked.length > 1 && { name: `port-${i + 1}` }),
            port,
            protocol,
            targetPort: to,
          }));
        });
        const affinity = given('session-affinity');
        if (affinity && affinity !== 'None' && affinity !== 'ClientIP')
          throw new CommandError(`unknown session affinity: ${affinity}`);
        const labels = given('labels') ? pairs(given('labels')) : f.object.metadata.labels;
        const svc: Thing = {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: {
            ...(labels && Object.keys(labels).length && { labels }),
            name: given('name') || f.name.slice(0, 63),
            ...(s.namespaceGiven && { namespace: s.namespace }),
          },
          spec: {
            ...(given('cluster-ip') && { clusterIP: given('cluster-ip') }),
            ...(given('external-ip') && { externalIPs: [given('external-ip')] }),
            ...(given('type') === 'LoadBalancer' &&
              given('load-balancer-ip') && { loadBalancerIP: given('load-balancer-ip') }),
            ...(ports.length && { ports }),
            selector,
            ...(affinity && { sessionAffinity: affinity }),
            ...(given('type') && { type: given('type') }),
          },
          status: { loadBalancer: {} },
        };
        const made = await overridden(s, mapping, svc);
        answer(mapping, await send(s, mapping, s.namespace, made, 'kubectl-expose'), 'exposed');
      } catch (e) {
        errors.push(e instanceof StatusError || e instanceof CommandError ? e : new CommandError(String(e)));
      }
    throwAll(errors);
  },
};
