/** The configuration of the cluster's own containerd, kept apart from any other on the machine. */

export interface ContainerdConfig {
  readonly root: string;
  readonly state: string;
  readonly socket: string;
  readonly cniBinDir: string;
  readonly cniConfDir: string;
  readonly registryConfigDir: string;
  readonly sandboxImage: string;
  readonly runc: string;
  /** A process may not lower its own oom_score_adj here (no CAP_SYS_RESOURCE): runc would fail on negative values. */
  readonly restrictOomScoreAdj: boolean;
}

/** TOML for containerd 1.6 and later (configuration version 2). */
export function containerdConfig(c: ContainerdConfig): string {
  const q = (s: string) => JSON.stringify(s);
  return `version = 2
root = ${q(c.root)}
state = ${q(c.state)}
oom_score = 0
# Only what CRI needs is loaded: less memory, faster start.
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs", "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing",
]

[grpc]
  address = ${q(c.socket)}

[plugins."io.containerd.internal.v1.opt"]
  path = ${q(`${c.root}/opt`)}

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${q(c.sandboxImage)}
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  restrict_oom_score_adj = ${c.restrictOomScoreAdj}
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = ${q(c.cniBinDir)}
    conf_dir = ${q(c.cniConfDir)}
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = ${q(c.registryConfigDir)}
  [plugins."io.containerd.grpc.v1.cri".containerd]
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        BinaryName = ${q(c.runc)}
        SystemdCgroup = false
`;
}
