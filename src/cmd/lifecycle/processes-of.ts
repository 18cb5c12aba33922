/** Which processes a cluster on one machine has, and which of upstream's components each of them is. */

export interface ClusterProcess {
  readonly name: string;
  /** Upstream's names → the part of the log that is theirs. */
  readonly components: Readonly<Record<string, string>>;
}

export const clusterProcesses: readonly ClusterProcess[] = [
  {
    name: 'control-plane',
    components: {
      'kube-apiserver': 'apiserver',
      'kube-controller-manager': 'controllers',
      'kube-scheduler': 'scheduler',
    },
  },
  { name: 'node-agent', components: { kubelet: 'kubelet', 'kube-proxy': 'proxy', coredns: 'dns' } },
  { name: 'containerd', components: {} },
];

/** A process by its own name, or the one a component lives in with the mark of that component's log lines. */
export function processOf(name: string): { readonly process: string; readonly mark?: string } | undefined {
  for (const p of clusterProcesses) {
    if (p.name === name) return { process: name };
    const part = p.components[name];
    if (part) return { process: p.name, mark: ` ${p.name}/${part}` };
  }
  return undefined;
}

/** Every name that processOf() knows. */
export const knownNames = (): readonly string[] =>
  clusterProcesses.flatMap((p) => [p.name, ...Object.keys(p.components)]);
