/** How Nodes are written: kubelets register them with their status (upstream: registry/core/node/strategy.go). */
import { withoutGeneration } from '../../../generation.ts';
import type { Strategy } from '../../../resource-row.ts';
import { keepsAllButStatus } from '../../../status-part.ts';
import type { Node } from '../types.ts';
import { validateNode, validateNodeUpdate } from '../validation/node.ts';
import { roundedList } from './resource-list.ts';

/** podCIDR and podCIDRs[0] are one thing; podCIDR wins when they differ. */
function withPodCIDRs(n: Node): Node {
  const first = n.spec?.podCIDRs?.[0];
  const { podCIDR } = n.spec ?? {};
  if (podCIDR ? first === podCIDR : !first) return n;
  return { ...n, spec: podCIDR ? { ...n.spec, podCIDRs: [podCIDR] } : { ...n.spec, podCIDR: first } };
}

function defaultNode(n: Node): Node {
  const { capacity, allocatable } = n.status ?? {};
  const s = { ...n.status, capacity: roundedList(capacity), allocatable: roundedList(allocatable ?? capacity) };
  return withPodCIDRs(
    s.capacity === capacity && s.allocatable === allocatable ? n : { ...n, status: { ...n.status, ...s } },
  );
}

function withoutConfig(n: Node): Node {
  if (!n.spec.configSource && !n.status?.config) return n;
  const { configSource: _, ...spec } = n.spec;
  const { config: _c, ...status } = n.status;
  return { ...n, spec, status };
}

function warnings(n: Node): readonly string[] {
  const out: string[] = [];
  if (n.spec.configSource) out.push('spec.configSource: the feature is removed');
  if (n.spec.externalID) out.push('spec.externalID: this field is deprecated, and is unused by Kubernetes');
  return out;
}

export const nodeStrategy: Strategy<Node> = {
  ...withoutGeneration,
  defaults: defaultNode,
  prepareForCreate: withoutConfig,
  prepareForUpdate: (n, old) => ({ ...n, status: old.status }),
  validate: validateNode,
  validateUpdate: validateNodeUpdate,
  warnings,
};

export const nodeStatusStrategy: Strategy<Node> = {
  prepareForUpdate: keepsAllButStatus,
  validateUpdate: validateNodeUpdate,
};
