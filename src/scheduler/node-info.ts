/** A node with the sums over its pods: what filters and scores look at. */
import type { Node } from '../api/core/v1/types.ts';
import { value } from '../machinery/index.ts';
import type { PodInfo } from './pod-info.ts';
import { addAmounts, type Amounts, amountsOf, noAmounts } from './resources.ts';

export class NodeInfo {
  /** Absent while pods are known on a node that is not. */
  node: Node | undefined;
  readonly name: string;
  readonly pods = new Map<string, PodInfo>();
  /** Pods with any affinity, and those with required anti-affinity: plug-ins walk only these. */
  readonly podsWithAffinity = new Map<string, PodInfo>();
  readonly podsWithRequiredAntiAffinity = new Map<string, PodInfo>();
  readonly podsWithHostPorts = new Map<string, PodInfo>();
  readonly requested: Amounts = noAmounts();
  readonly nonZero = { milliCPU: 0, memory: 0 };
  allocatable: Amounts = noAmounts();
  allowedPods = 0;
  /** Bytes by image name. */
  images: ReadonlyMap<string, number> = new Map();

  constructor(name: string, node?: Node) {
    this.name = name;
    if (node) this.setNode(node);
  }

  setNode(node: Node): void {
    const old = this.node;
    this.node = node;
    if (old?.status.allocatable !== node.status.allocatable || !old) {
      this.allocatable = amountsOf(node.status.allocatable);
      this.allowedPods = value(node.status.allocatable?.['pods'] ?? '0');
    }
    if (old?.status.images !== node.status.images)
      this.images = new Map(
        (node.status.images ?? []).flatMap((i) => (i.names ?? []).map((n) => [n, i.sizeBytes ?? 0] as const)),
      );
  }

  add(p: PodInfo): void {
    this.pods.set(p.uid, p);
    this.#sum(p, 1);
    if (
      p.requiredAffinity.length +
        p.preferredAffinity.length +
        p.requiredAntiAffinity.length +
        p.preferredAntiAffinity.length >
      0
    )
      this.podsWithAffinity.set(p.uid, p);
    if (p.requiredAntiAffinity.length > 0) this.podsWithRequiredAntiAffinity.set(p.uid, p);
    if (p.hostPorts.length > 0) this.podsWithHostPorts.set(p.uid, p);
  }

  remove(uid: string): PodInfo | undefined {
    const p = this.pods.get(uid);
    if (!p) return undefined;
    for (const m of [this.pods, this.podsWithAffinity, this.podsWithRequiredAntiAffinity, this.podsWithHostPorts])
      m.delete(uid);
    this.#sum(p, -1);
    return p;
  }

  /** A copy whose pods can be changed without touching this one. */
  clone(): NodeInfo {
    const copy = new NodeInfo(this.name);
    copy.node = this.node;
    copy.allocatable = this.allocatable;
    copy.allowedPods = this.allowedPods;
    copy.images = this.images;
    for (const p of this.pods.values()) copy.add(p);
    return copy;
  }

  #sum(p: PodInfo, sign: 1 | -1): void {
    addAmounts(this.requested, p.requests, sign);
    this.nonZero.milliCPU += sign * p.nonZero.milliCPU;
    this.nonZero.memory += sign * p.nonZero.memory;
  }
}
