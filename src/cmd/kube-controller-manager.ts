/** `kube-controller-manager`: the controllers in a process of their own, under upstream's flags. */
import { readFile } from 'node:fs/promises';
import { realClock } from '../base/clock.ts';
import { createEventRecorder, createInformerFactory, serviceAccountClients } from '../client/index.ts';
import { controllers, startControllers } from '../controllers/index.ts';
import { tokenIssuerOf } from './api-server.ts';
import { apartFlags, runApart } from './apart.ts';
import type { FlagTable } from './upstream-flags.ts';

const clock = realClock;
const flags = {
  ...apartFlags('kube-controller-manager'),
  controllers: {
    type: 'list',
    default: '*',
    help: `Controllers to start: * is all, foo that one, -foo all but that one. All: ${controllers.map((c) => c.name).join(', ')}`,
  },
  'use-service-account-credentials': {
    type: 'bool',
    default: 'false',
    help: 'If true, use individual service account credentials for each controller.',
  },
  'root-ca-file': { type: 'string', default: '', help: 'CA bundle that namespaces and token Secrets get' },
  'service-account-private-key-file': {
    type: 'string',
    default: '',
    help: 'PEM key that signs the tokens of service-account-token Secrets',
  },
  'cluster-cidr': { type: 'string', default: '', help: 'CIDR range of pods; needs --allocate-node-cidrs' },
  'allocate-node-cidrs': { type: 'bool', default: 'false', help: 'Give every node its part of the pod network' },
  'node-monitor-grace-period': {
    type: 'duration',
    default: '50s',
    help: 'How long a node may be silent before it counts as unhealthy',
  },
} as const satisfies FlagTable;

/** The names that `--controllers` chooses; undefined = all. @throws Error for a name that is none. */
export function chosenControllers(wanted: readonly string[]): readonly string[] | undefined {
  const all = controllers.map((c) => c.name);
  for (const name of wanted)
    if (name !== '*' && !all.includes(name.replace(/^-/, '')))
      throw new Error(`"${name.replace(/^-/, '')}" is not in the list of known controllers`);
  if (wanted.length === 1 && wanted[0] === '*') return undefined;
  return all.filter((n) => wanted.includes(n) || (wanted.includes('*') && !wanted.includes(`-${n}`)));
}

export const kubeControllerManager = (args: readonly string[]): Promise<void> =>
  runApart(
    {
      name: 'kube-controller-manager',
      summary: 'The control loops that bring the cluster from what it is to what it should be.',
      flags,
      check: (f) => void chosenControllers(f.controllers),
      async lead({ client, log, ca, anonymous }, f, signal) {
        const only = chosenControllers(f.controllers);
        const key = f['service-account-private-key-file'];
        const issuer = key ? tokenIssuerOf(await readFile(key, 'utf8'), 'cluster.local', clock) : undefined;
        const informers = createInformerFactory({ client, clock, random: Math.random, log: log.child('informers') });
        const transport = f['use-service-account-credentials'] ? anonymous() : undefined;
        const running = startControllers(
          {
            client,
            ...(transport && {
              clientFor: serviceAccountClients({
                client,
                transport,
                namespace: 'kube-system',
                userAgent: 'kube-controller-manager/v1.36 (k8ts)',
                clock,
              }),
            }),
            informers,
            recorderFor: (component, own) =>
              createEventRecorder({ client: own, component, clock, log: log.child('events') }),
            clock,
            log: log.child('controllers'),
            random: Math.random,
            rootCa: f['root-ca-file'] ? await readFile(f['root-ca-file'], 'utf8') : ca,
            nodeMonitorGracePeriodMs: f['node-monitor-grace-period'],
            ...(issuer && { legacyToken: issuer.legacyToken }),
            ...(f['allocate-node-cidrs'] && f['cluster-cidr'] && { clusterCidr: f['cluster-cidr'] }),
            ...(only && { only }),
          },
          signal,
        );
        informers.start(signal);
        await running.stopped;
        await transport?.close();
      },
    },
    args,
  );
