/** `k8ts status`: what runs, where it answers, what it costs. */
import { Nodes } from '../../api/core/v1/resources.ts';
import { readClusterSettings } from '../cluster-settings.ts';
import { adminClient } from '../connect.ts';
import { clusterProcessesHere } from '../host/find-processes.ts';
import { processState, processUse } from '../host/processes.ts';
import { clusterProcesses } from './processes-of.ts';

export interface ComponentStatus {
  readonly name: string;
  readonly state: 'running' | 'restarting' | 'stopped';
  readonly pid: number | null;
  /** Upstream's names of what runs in it. */
  readonly runs: readonly string[];
  /** Proportional share of resident memory, in bytes. */
  readonly memory: number | null;
}

export interface ClusterStatus {
  readonly running: boolean;
  readonly dataDir: string;
  readonly server: string;
  readonly serverVersion: string | null;
  readonly components: readonly ComponentStatus[];
  readonly nodes: readonly {
    readonly name: string;
    readonly ready: boolean;
    readonly version: string;
    readonly runtime: string;
    readonly address: string;
  }[];
  /** All components together, containers (and their shims) not counted, in bytes. */
  readonly memory: number;
  /** What the shims of the containers cost, in bytes. */
  readonly shimMemory: number;
}

/** Throws when there is no cluster in `dataDir`; a stopped one is reported as such. */
export async function status(dataDir: string): Promise<ClusterStatus> {
  const s = await readClusterSettings(dataDir);
  if (!s) throw new Error(`there is no cluster in ${dataDir}; start one with: k8ts up`);
  const list: ComponentStatus[] = [];
  let memory = 0;
  for (const { name, components } of clusterProcesses) {
    const p = await processState(s, name);
    const use = p.pid ? await processUse(p.pid) : undefined;
    const supervisor = p.supervisorPid ? await processUse(p.supervisorPid) : undefined;
    memory += (use?.pss ?? 0) + (supervisor?.pss ?? 0);
    list.push({
      name,
      state: p.pid ? 'running' : p.supervisorPid ? 'restarting' : 'stopped',
      pid: p.pid ?? null,
      runs: Object.keys(components),
      memory: use?.pss ?? null,
    });
  }
  const shims = (await clusterProcessesHere(s)).filter((p) => p.role === 'shim');
  let shimMemory = 0;
  for (const { pid } of shims) shimMemory += (await processUse(pid))?.pss ?? 0;
  const base = {
    running: list.every((c) => c.state === 'running'),
    dataDir,
    server: `https://127.0.0.1:${s.apiPort}`,
    components: list,
    memory,
    shimMemory,
  };
  if (list[0]?.state !== 'running') return { ...base, serverVersion: null, nodes: [] };
  const client = await adminClient(s);
  try {
    const signal = AbortSignal.timeout(3000);
    const version = (await client.raw('GET', '/version', undefined, { signal })) as { gitVersion: string };
    const nodes = await client.list(Nodes, { signal });
    return {
      ...base,
      serverVersion: version.gitVersion,
      nodes: nodes.items.map((n) => ({
        name: n.metadata.name ?? '',
        ready: n.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false,
        version: n.status.nodeInfo.kubeletVersion,
        runtime: n.status.nodeInfo.containerRuntimeVersion,
        address: n.status.addresses?.find((a) => a.type === 'InternalIP')?.address ?? '',
      })),
    };
  } catch {
    return { ...base, running: false, serverVersion: null, nodes: [] };
  } finally {
    await client.close();
  }
}

const mib = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

/** The report for people. */
export function statusText(s: ClusterStatus): string {
  const rows = s.components.map((c) =>
    `  ${c.name.padEnd(14)} ${c.state.padEnd(11)} ${(c.pid ?? '-').toString().padEnd(8)} ${(c.memory === null ? '-' : mib(c.memory)).padEnd(8)} ${c.runs.join(', ')}`.trimEnd(),
  );
  const nodes = s.nodes.map(
    (n) => `  ${n.name.padEnd(14)} ${n.ready ? 'Ready' : 'NotReady'}  ${n.version}  ${n.runtime}  ${n.address}`,
  );
  return [
    `cluster      ${s.running ? 'running' : 'not running'} (${s.dataDir})`,
    `API server   ${s.server}${s.serverVersion ? `  ${s.serverVersion}` : '  does not answer'}`,
    `memory       ${mib(s.memory)}, and ${mib(s.shimMemory)} for the containers' shims`,
    '',
    `  ${'COMPONENT'.padEnd(14)} ${'STATE'.padEnd(11)} ${'PID'.padEnd(8)} ${'MEMORY'.padEnd(8)} RUNS`,
    ...rows,
    ...(nodes.length ? ['', `  ${'NODE'.padEnd(14)} STATUS`, ...nodes] : []),
    '',
  ].join('\n');
}
