/** What a service uses: itself, its node ports, its load balancer (upstream: pkg/quota/v1/evaluator/core/services.go). */
import type { Service } from '../core/v1/types.ts';
import type { KubeObject } from '../resource-row.ts';
import type { QuotaEvaluator } from './evaluator.ts';

const names = ['count/services', 'services', 'services.nodeports', 'services.loadbalancers'];
const specOf = (obj: KubeObject): Service['spec'] => (obj as Service).spec;

/** Ports are not given out yet when this is asked: the intent counts. */
function nodePorts(spec: Service['spec']): number {
  const ports = spec.ports ?? [];
  if (spec.type === 'NodePort') return ports.length;
  if (spec.type !== 'LoadBalancer') return 0;
  return spec.allocateLoadBalancerNodePorts === false ? ports.filter((p) => p.nodePort).length : ports.length;
}
const counted = (type: string | undefined): string => (type === 'NodePort' || type === 'LoadBalancer' ? type : '');

export const serviceEvaluator: QuotaEvaluator = {
  handles: (w) => w.subresource === '',
  matching: (asked) => asked.filter((n) => names.includes(n)),
  usage: (obj) => ({
    'count/services': '1',
    services: '1',
    'services.nodeports': String(nodePorts(specOf(obj))),
    'services.loadbalancers': specOf(obj).type === 'LoadBalancer' ? '1' : '0',
  }),
  matchesScope: () => false,
  frees: (old, obj) => counted(specOf(old).type) !== counted(specOf(obj).type),
};
