/** `k8ts up`: from whatever is there to a Ready node whose DNS answers, one named step after the other. */
import { copyFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { Leases } from '../../api/coordination/v1/resources.ts';
import { Nodes } from '../../api/core/v1/resources.ts';
import type { Clock } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';
import {
  type ClusterSettings,
  newClusterSettings,
  paths,
  readClusterSettings,
  writeClusterSettings,
} from '../cluster-settings.ts';
import { askAddresses } from '../../dns/ask.ts';
import { adminClient } from '../connect.ts';
import { installPackages, missingPackages } from '../host/packages.ts';
import { gatherFacts, preflightProblems } from '../host/preflight.ts';
import { processState, startSupervised } from '../host/processes.ts';
import { addContext } from '../kubeconfig-context.ts';
import type { Steps } from '../steps.ts';
import { ensureCertificates } from './certificates.ts';
import { componentSpec } from './component-spec.ts';
import { prepareContainerd } from './containerd.ts';

export interface UpOptions {
  readonly dataDir: string;
  readonly apiPort?: number | undefined;
  readonly store?: 'disk' | 'memory' | undefined;
  readonly nodeName?: string | undefined;
  /** Write the kubeconfig here instead of merging it into the user's own. */
  readonly kubeconfig?: string | undefined;
  readonly timeoutMs: number;
  readonly steps: Steps;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A refusal before anything was changed: every problem with what to do. */
export class PreflightError extends Error {
  constructor(problems: readonly { readonly what: string; readonly todo: string }[]) {
    super(problems.map((p) => `${p.what}\n    → ${p.todo}`).join('\n  '));
    this.name = 'PreflightError';
  }
}

/** Brings the cluster of `dataDir` up and returns its settings. Idempotent: what runs already is left alone. */
export async function up(o: UpOptions): Promise<ClusterSettings> {
  const { steps, clock } = o;
  const existing = await readClusterSettings(o.dataDir);
  const s = settle(o, existing);
  await steps.run('checking this machine', () => preflight(s));
  await steps.run('programs', async (note) => {
    const missing = await missingPackages();
    if (!missing.length) return;
    note(`installing ${missing.join(', ')}`);
    await installPackages(missing, note);
  });
  await steps.run('certificates', async () => {
    await writeClusterSettings(s);
    await ensureCertificates(s, clock);
  });
  let agentStarted = 0;
  await steps.run('starting', async (note) => {
    const started: string[] = [];
    const containerd = await prepareContainerd(s);
    for (const spec of [containerd, componentSpec(s, 'control-plane'), componentSpec(s, 'node-agent')]) {
      if ((await processState(s, spec.name)).supervisorPid) continue;
      if (spec.name === 'node-agent') agentStarted = clock.now();
      await startSupervised(s.runDir, paths(s).logs, spec);
      started.push(spec.name);
    }
    note(started.length ? started.join(', ') : 'everything runs already');
  });
  const client = await adminClient(s);
  try {
    const wait = { clock, signal: o.signal, until: clock.monotonic() + o.timeoutMs };
    await steps.run('API server', () =>
      until(wait, logHint(s, 'control-plane'), async () => void (await client.raw('GET', '/readyz'))),
    );
    await steps.run(`node ${s.nodeName} Ready`, (note) =>
      until(wait, logHint(s, 'node-agent'), () => nodeReady(client, s.nodeName, agentStarted, note)),
    );
    await steps.run('DNS', () => until(wait, logHint(s, 'node-agent'), dnsAnswers(s, clock)));
  } finally {
    await client.close();
  }
  if (o.kubeconfig) {
    await copyFile(paths(s).adminKubeconfig, o.kubeconfig);
  } else await addContext(paths(s).adminKubeconfig);
  return s;
}

function settle(o: UpOptions, existing: ClusterSettings | undefined): ClusterSettings {
  const given = { ...(o.apiPort && { apiPort: o.apiPort }), ...(o.store && { store: o.store }) };
  if (existing) {
    if (o.nodeName && o.nodeName !== existing.nodeName)
      throw new Error(
        `this cluster's node is ${existing.nodeName}; a node cannot be renamed (k8ts down --purge starts anew)`,
      );
    return { ...existing, ...given };
  }
  return newClusterSettings({
    dataDir: o.dataDir,
    nodeName: (o.nodeName ?? hostname()).toLowerCase(),
    nodeIP: hostAddress() ?? '127.0.0.1',
    ...given,
  });
}

/** The first IPv4 address of this machine that is not loopback and not a bridge of ours. */
export function hostAddress(
  interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): string | undefined {
  for (const [name, list] of Object.entries(interfaces)) {
    if (/^(lo|k8ts|cni|docker|veth|flannel)/.test(name)) continue;
    const v4 = list?.find((a) => a.family === 'IPv4' && !a.internal);
    if (v4) return v4.address;
  }
  return undefined;
}

async function preflight(s: ClusterSettings): Promise<void> {
  const runs = async (name: string) => Boolean((await processState(s, name)).supervisorPid);
  const ports = [
    ...((await runs('control-plane')) ? [] : [{ port: s.apiPort, host: '127.0.0.1', what: 'API server' }]),
    ...((await runs('node-agent')) ? [] : [{ port: s.kubeletPort, host: '127.0.0.1', what: 'kubelet' }]),
  ];
  const problems = preflightProblems(await gatherFacts(s.dataDir, ports));
  if (problems.length) throw new PreflightError(problems);
}

interface Wait {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly until: number;
}

/** Tries until it works; at the deadline throws what it failed with last, and where to look. */
async function until(w: Wait, hint: string, attempt: () => Promise<void>): Promise<void> {
  for (;;) {
    let failure: unknown;
    try {
      return await attempt();
    } catch (e) {
      failure = e;
    }
    w.signal.throwIfAborted();
    if (w.clock.monotonic() > w.until)
      throw new Error(`${failure instanceof Error ? failure.message : failure} (${hint})`);
    await w.clock.sleep(25, w.signal);
  }
}

const logHint = (s: ClusterSettings, name: string): string => `see: k8ts logs ${name}, or ${paths(s).logs}/${name}.log`;

/** Ready, as an agent says that was alive after `since` (milliseconds): what the store remembers of an older one does not count. */
async function nodeReady(client: Client, name: string, since: number, note: (text: string) => void): Promise<void> {
  const node = await client.get(Nodes, { name });
  const ready = node.status.conditions?.find((c) => c.type === 'Ready');
  if (ready?.status !== 'True') {
    note(ready?.message ?? 'not reported yet');
    throw new Error(`node ${name} is not Ready: ${ready?.message ?? 'it has not reported yet'}`);
  }
  const lease = await client.get(Leases, { namespace: 'kube-node-lease', name });
  if (!(Date.parse(lease.spec?.renewTime ?? '') >= since))
    throw new Error(`node ${name} has not renewed its lease since its agent was started`);
}

/** Asked again and again, at first at short intervals: what is asked before the service's rules are set is lost. */
function dnsAnswers(s: ClusterSettings, clock: Clock): () => Promise<void> {
  const name = `kubernetes.default.svc.${s.clusterDomain}`;
  let ms = 40;
  return async () => {
    const answer = await askAddresses(s.dnsIP, name, { ms, clock, random: Math.random }).catch((e: unknown) => {
      ms = Math.min(1_000, ms * 1.5);
      throw e;
    });
    if (answer[0] !== s.serviceIP)
      throw new Error(`DNS at ${s.dnsIP} says ${name} is ${answer.join(', ') || 'nothing'} instead of ${s.serviceIP}`);
  };
}
