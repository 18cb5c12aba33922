/** The programs inside this one, by name; each module is loaded only when it is asked for. */

export const components = {
  'control-plane': async (args: readonly string[]) => (await import('./control-plane.ts')).controlPlane(args),
  'node-agent': async (args: readonly string[]) => (await import('./node-agent.ts')).nodeAgent(args),
  'kube-controller-manager': async (args: readonly string[]) =>
    (await import('./kube-controller-manager.ts')).kubeControllerManager(args),
  'kube-scheduler': async (args: readonly string[]) => (await import('./kube-scheduler.ts')).kubeScheduler(args),
  kubectl: async (args: readonly string[]) => (await import('./kubectl.ts')).kubectl(args),
};

export type ComponentName = keyof typeof components;
export const isComponent = (name: string): name is ComponentName => Object.hasOwn(components, name);
