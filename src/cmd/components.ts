/** The programs inside this one, by name; each module is loaded only when it is asked for. */

/** Runs inside another program only, so far: said when it is asked for by its name. */
const within = (name: string, where: string) => async (_args: readonly string[]) => {
  throw new Error(`${name} does not run on its own yet; k8ts up runs it within the ${where}`);
};

export const components = {
  'control-plane': async (args: readonly string[]) => (await import('./control-plane.ts')).controlPlane(args),
  'node-agent': async (args: readonly string[]) => (await import('./node-agent.ts')).nodeAgent(args),
  'kube-controller-manager': async (args: readonly string[]) =>
    (await import('./kube-controller-manager.ts')).kubeControllerManager(args),
  'kube-scheduler': async (args: readonly string[]) => (await import('./kube-scheduler.ts')).kubeScheduler(args),
  'kube-apiserver': within('kube-apiserver', 'control plane'),
  kubelet: within('kubelet', 'node agent'),
  'kube-proxy': within('kube-proxy', 'node agent'),
  coredns: within('coredns', 'node agent'),
  kubeadm: async (_args: readonly string[]) => {
    throw new Error('kubeadm is not there yet; k8ts up makes a cluster on this machine');
  },
  kubectl: async (args: readonly string[]) => (await import('./kubectl.ts')).kubectl(args),
};

export type ComponentName = keyof typeof components;
export const isComponent = (name: string): name is ComponentName => Object.hasOwn(components, name);
