/** A private containerd with its own root, socket, CNI network and cgroups for the kubelet's end-to-end tests; `close` leaves nothing. */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { connectContainerRuntime } from '../../src/kubelet/index.ts';

const run = promisify(execFile);
/** Root, bridge, cgroup and network carry the lab's number, so that two can run at once. */
interface Place {
  readonly root: string;
  readonly bridge: string;
  readonly network: string;
  readonly cgroupRoot: string;
}
const placeOf = (lab: number): Place => ({
  root: `/tmp/kubelet-lab${lab}`,
  bridge: `k8tslab${lab}`,
  network: `k8tslab${lab}net`,
  cgroupRoot: `/k8tslab${lab}`,
});

export const labPossible = process.getuid?.() === 0 && existsSync('/usr/bin/containerd') && existsSync('/bin/busybox');

export interface Lab {
  readonly root: string;
  readonly socket: string;
  readonly cgroupRoot: string;
  startRuntime(): Promise<void>;
  /** Without it pods go on; SIGKILL unless told otherwise. */
  stopRuntime(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  close(): Promise<void>;
}

/** Kills what runs, unmounts and deletes what an earlier lab may have left. */
async function sweep({ root, bridge, network }: Place): Promise<void> {
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const cmd = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (cmd.includes(`${root}/`) && /containerd/.test(cmd.split('\0')[0] ?? '')) process.kill(Number(pid), 'SIGKILL');
  }
  await new Promise((r) => setTimeout(r, 100));
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((l) => l.split(' ')[1] ?? '');
  for (const m of mounts.filter((x) => x.startsWith(`${root}/`)).reverse())
    await run('umount', ['-l', m]).catch(() => undefined);
  await run('ip', ['link', 'del', bridge]).catch(() => undefined);
  await rm(root, { recursive: true, force: true });
  // the CNI library's own notes of pods that a killed lab could not take down
  const notes = '/var/lib/cni/results';
  for (const n of await readdir(notes).catch(() => [] as string[]))
    if (n.startsWith(`${network}-`)) await rm(`${notes}/${n}`, { force: true });
}

/** `lab`: 0 … 9, one per test file. Its pods live in 10.233.7<lab>.0/24. */
export async function startLab(lab = 7): Promise<Lab> {
  const place = placeOf(lab);
  const { root, bridge, network, cgroupRoot } = place;
  await sweep(place);
  await mkdir(`${root}/cni`, { recursive: true });
  const socket = `${root}/run/containerd.sock`;
  await writeFile(
    `${root}/config.toml`,
    `version = 2
root = "${root}/root"
state = "${root}/run"
oom_score = 0
[grpc]
  address = "${socket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "${root}/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${root}/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
`,
  );
  await writeFile(
    `${root}/cni/10-lab.conflist`,
    JSON.stringify({
      cniVersion: '0.4.0',
      name: network,
      plugins: [
        {
          type: 'bridge',
          bridge,
          isGateway: true,
          hairpinMode: true,
          ipam: {
            type: 'host-local',
            dataDir: `${root}/ipam`,
            ranges: [[{ subnet: `10.233.7${lab}.0/24` }]],
            routes: [{ dst: '0.0.0.0/0' }],
          },
        },
        { type: 'portmap', capabilities: { portMappings: true }, snat: true },
      ],
    }),
  );
  let child: ReturnType<typeof spawn>;
  const ctr = (...args: string[]) => run('ctr', ['-a', socket, '-n', 'k8s.io', ...args]);
  const startRuntime = async () => {
    child = spawn('containerd', ['--config', `${root}/config.toml`], { stdio: 'ignore' });
    for (let i = 0; ; i++)
      try {
        await ctr('version');
        return;
      } catch (e) {
        if (i > 100) throw e;
        await new Promise((r) => setTimeout(r, 100));
      }
  };
  const stopRuntime = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL') => {
    const exited = new Promise((r) => child.once('exit', r));
    child.kill(signal);
    await exited;
  };
  await startRuntime();
  for (const image of await images(root)) await ctr('images', 'import', image);
  return {
    root,
    socket,
    cgroupRoot,
    startRuntime,
    stopRuntime,
    async close() {
      // pods that a failed test left: only the runtime can take their network down
      const runtime = connectContainerRuntime(socket);
      const { sandboxes } = await runtime.list().catch(() => ({ sandboxes: [] }));
      await Promise.allSettled(sandboxes.map((s) => runtime.stopSandbox(s.id)));
      runtime.close();
      await stopRuntime('SIGTERM');
      await sweep(place);
      for (const controller of await readdir('/sys/fs/cgroup'))
        await run('find', [
          `/sys/fs/cgroup/${controller}${cgroupRoot}`,
          '-depth',
          '-type',
          'd',
          '-exec',
          'rmdir',
          '{}',
          ';',
        ]).catch(() => undefined);
    },
  };
}

/** pause and busybox as image archives, made on the spot. */
async function images(root: string): Promise<readonly string[]> {
  const { buildImageArchives } = await import('./kubelet-images.ts');
  return buildImageArchives(`${root}/images`);
}
