/** Gives every node its part of the pod network (upstream: pkg/controller/nodeipam, range allocator). */
import { Nodes } from '../../api/core/v1/resources.ts';
import type { Node } from '../../api/core/v1/types.ts';
import type { Controller, ControllerContext, ControllerRow } from '../controller.ts';
import { cidrText, nextFreePart, parseCidr } from './cidr.ts';

/** --node-cidr-mask-size-ipv4 and -ipv6. */
const partPrefix = { 32: 24, 128: 64 } as const;

export const nodeIpamController: ControllerRow = {
  name: 'node-ipam-controller',
  account: 'node-controller',
  component: 'cidrAllocator',
  workers: 1,
  setup,
};

export const podCidrsOf = (node: Node): readonly string[] =>
  node.spec.podCIDRs?.length ? node.spec.podCIDRs : node.spec.podCIDR ? [node.spec.podCIDR] : [];

function setup(c: ControllerContext): Controller {
  const { client, queue } = c;
  const { recorder } = c;
  const networks = (c.clusterCidr ?? '').split(',').filter(Boolean).map(parseCidr);
  if (networks.length === 0) return { reconcile: async () => {} };
  const nodes = c.informer(Nodes);
  /** Part → node name. */
  const used = new Map<string, string>();
  const next = networks.map(() => 0);

  const occupy = (node: Node): void => {
    for (const text of podCidrsOf(node)) used.set(cidrText(parseCidr(text)), node.metadata.name ?? '');
  };
  nodes.addHandler({
    onAdd(node) {
      occupy(node);
      if (podCidrsOf(node).length === 0) queue.add(node.metadata.name ?? '');
    },
    onUpdate(_, node) {
      occupy(node);
      if (podCidrsOf(node).length === 0) queue.add(node.metadata.name ?? '');
    },
    onDelete(node) {
      for (const [text, name] of used) if (name === node.metadata.name) used.delete(text);
    },
  });

  return {
    async reconcile(name) {
      const node = nodes.get(name);
      if (!node || podCidrsOf(node).length) return;
      const given = [...used].filter(([, owner]) => owner === name).map(([text]) => text);
      const parts = given.length === networks.length ? given : allocate();
      if (!parts) {
        recorder.event(node, 'Normal', 'CIDRNotAvailable', `Node ${name} status is now: CIDRNotAvailable`);
        throw new Error(`no part of ${c.clusterCidr} is free for node ${name}: give a larger --cluster-cidr`);
      }
      // Kept though the write may fail: the next try takes the same parts.
      for (const text of parts) used.set(text, name);
      await client.patch(Nodes, { name }, 'application/strategic-merge-patch+json', {
        spec: { podCIDR: parts[0], podCIDRs: parts },
      });
    },
  };

  function allocate(): readonly string[] | undefined {
    const found = networks.map((n, i) => {
      const prefix = Math.max(partPrefix[n.bits], n.prefix);
      return nextFreePart(n, prefix, (text) => used.has(text), next[i]!);
    });
    if (found.includes(undefined)) return undefined;
    found.forEach((f, i) => {
      next[i] = f!.index + 1;
    });
    return found.map((f) => f!.text);
  }
}
