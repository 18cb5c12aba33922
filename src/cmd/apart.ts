/** What kube-controller-manager and kube-scheduler share when they run apart from the API server: its address, logs, leader election. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { realClock } from '../base/clock.ts';
import { createLogger, type Logger } from '../base/log.ts';
import {
  type Client,
  createClient,
  createEventRecorder,
  connectionOf,
  createHttpTransport,
  loadKubeconfig,
  runLeaderElection,
  type Transport,
} from '../client/index.ts';
import { exitOnFault, shutdownSignal } from './shutdown.ts';
import { type FlagTable, flagsHelp, type FlagValues, parseFlags } from './upstream-flags.ts';

const clock = realClock;

/** Flags that both take, by upstream's names. */
export const apartFlags = (leaseName: string) =>
  ({
    kubeconfig: {
      type: 'string',
      default: '',
      help: 'Path to kubeconfig file with authorization and API server location information',
    },
    'leader-elect': {
      type: 'bool',
      default: 'true',
      help: 'Start a leader election client and gain leadership before executing the main loop',
    },
    'leader-elect-lease-duration': {
      type: 'duration',
      default: '15s',
      help: 'How long candidates wait after the last renewal they saw',
    },
    'leader-elect-renew-deadline': {
      type: 'duration',
      default: '10s',
      help: 'How long the leader tries to renew before it stops leading',
    },
    'leader-elect-retry-period': {
      type: 'duration',
      default: '2s',
      help: 'How long to wait between attempts to take or renew leadership',
    },
    'leader-elect-resource-name': { type: 'string', default: leaseName, help: 'Name of the Lease that is held' },
    'leader-elect-resource-namespace': {
      type: 'string',
      default: 'kube-system',
      help: 'Namespace of the Lease that is held',
    },
    'logging-format': { type: 'string', default: 'text', help: 'Log format: text or json' },
    v: { type: 'string', default: '0', help: 'Log level verbosity: 4 and more is debugging' },
  }) as const satisfies FlagTable;

type ApartFlags = FlagValues<ReturnType<typeof apartFlags>>;

export interface Apart {
  readonly client: Client;
  readonly log: Logger;
  readonly host: string;
  /** A transport to the same server without credentials; the caller closes it. */
  readonly anonymous: () => Transport;
  /** PEM of the authority that the kubeconfig trusts. */
  readonly ca: string;
}

export interface ApartComponent<T extends FlagTable> {
  readonly name: string;
  readonly summary: string;
  readonly flags: T;
  /** Throws for values that cannot be; before anything is begun. */
  readonly check?: (flags: FlagValues<T>) => void;
  /** Runs until the signal aborts. */
  readonly lead: (a: Apart, flags: FlagValues<T>, signal: AbortSignal) => Promise<void>;
}

/**
 * Parses the flags, connects, and calls `lead` while this instance leads; ends the process when that ends. Without leader election it
 * leads at once.
 */
export async function runApart<T extends ReturnType<typeof apartFlags>>(
  { name: component, summary, flags: table, check, lead }: ApartComponent<T>,
  args: readonly string[],
): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(flagsHelp(component, summary, table));
    return;
  }
  const flags = parseFlags(table, args);
  const f = flags as unknown as ApartFlags;
  const format = f['logging-format'];
  if (format !== 'text' && format !== 'json') throw new Error(`--logging-format is text or json, not ${format}`);
  if (!f.kubeconfig) throw new Error(`${component} needs --kubeconfig: a file that says where the API server is`);
  const duration = f['leader-elect-lease-duration'];
  const deadline = f['leader-elect-renew-deadline'];
  const period = f['leader-elect-retry-period'];
  if (duration <= deadline) throw new Error('leaseDuration must be greater than renewDeadline');
  if (deadline <= 1.2 * period) throw new Error('renewDeadline must be greater than retryPeriod*JitterFactor');
  check?.(flags);
  const log = createLogger({ format, level: Number(f.v) >= 4 ? 'debug' : 'info' }).child(component);
  exitOnFault(log);
  const signal = shutdownSignal(log);
  const { transport } = connectionOf(loadKubeconfig(f.kubeconfig));
  const client = createClient(createHttpTransport(transport), { userAgent: `${component}/v1.36 (k8ts)` });
  const { cert: _, key: __, token: ___, tokenFile: ____, ...bare } = transport;
  const a: Apart = {
    client,
    anonymous: () => createHttpTransport(bare),
    log,
    host: hostname(),
    ca: transport.ca ?? '',
  };
  if (!f['leader-elect']) await lead(a, flags, signal);
  else {
    const identity = `${a.host}_${randomUUID()}`;
    const lease = { namespace: f['leader-elect-resource-namespace'], name: f['leader-elect-resource-name'] };
    log.info('attempting to acquire leader lease', { lease: `${lease.namespace}/${lease.name}`, identity });
    await runLeaderElection({
      client,
      lease,
      identity,
      clock,
      random: Math.random,
      log,
      recorder: createEventRecorder({ client, component, clock, log: log.child('events') }),
      signal,
      leaseDurationMs: duration,
      renewDeadlineMs: deadline,
      retryPeriodMs: period,
      onLeader: (leader) => log.info('the leader is', { leader }),
      lead: (leading) => lead(a, flags, leading),
    });
  }
  await client.close();
  log.info('stopped');
  process.exit(0);
}
