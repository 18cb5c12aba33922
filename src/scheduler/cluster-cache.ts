/**
 * Nodes and the pods on them, kept up to date in O(change). Pods that were decided but are not bound yet count as assumed.
 * Decisions are synchronous, so this is also the snapshot they are made on (upstream: internal/cache).
 */
import type { Node, Pod } from '../api/core/v1/types.ts';
import type { LabelSelector } from '../machinery/index.ts';
import type { ClusterView, VolumeView } from './framework.ts';
import { NodeInfo } from './node-info.ts';
import { type PodInfo, podInfoOf } from './pod-info.ts';

/** What the cache cannot know from nodes and pods. */
export interface Surroundings {
  readonly namespaceLabels: (name: string) => Readonly<Record<string, string>>;
  readonly defaultSelector: (pod: Pod) => LabelSelector | undefined;
  readonly volumes: VolumeView;
}

export class ClusterCache implements ClusterView {
  readonly volumes: VolumeView;
  readonly #around: Surroundings;
  /** Also of nodes that are gone but still have pods. */
  readonly #infos = new Map<string, NodeInfo>();
  readonly #nodeOfPod = new Map<string, string>();
  readonly #assumed = new Set<string>();
  readonly #imageNodes = new Map<string, number>();
  readonly #claimUsers = new Map<string, number>();
  readonly #withAffinity = new Set<NodeInfo>();
  readonly #withAntiAffinity = new Set<NodeInfo>();
  #order: readonly NodeInfo[] | undefined;

  constructor(around: Surroundings) {
    this.#around = around;
    this.volumes = around.volumes;
  }

  get nodes(): readonly NodeInfo[] {
    this.#order ??= zonesInTurn([...this.#infos.values()].filter((n) => n.node));
    return this.#order;
  }
  node(name: string): NodeInfo | undefined {
    const n = this.#infos.get(name);
    return n?.node ? n : undefined;
  }
  nodesWithImage(name: string): number {
    return this.#imageNodes.get(name) ?? 0;
  }
  get anyAffinity(): boolean {
    return this.#withAffinity.size > 0;
  }
  get nodesWithAffinity(): Iterable<NodeInfo> {
    return this.#withAffinity;
  }
  get nodesWithRequiredAntiAffinity(): Iterable<NodeInfo> {
    return this.#withAntiAffinity;
  }
  claimUsers(key: string): number {
    return this.#claimUsers.get(key) ?? 0;
  }
  namespaceLabels(name: string): Readonly<Record<string, string>> {
    return this.#around.namespaceLabels(name);
  }
  defaultSelector(pod: Pod): LabelSelector | undefined {
    return this.#around.defaultSelector(pod);
  }

  setNode(node: Node): void {
    const name = node.metadata.name ?? '';
    const info = this.#info(name);
    const known = info.node;
    const images = info.images;
    info.setNode(node);
    if (images !== info.images) {
      this.#countImages(images, -1);
      this.#countImages(info.images, 1);
    }
    if (!known || zoneOf(known) !== zoneOf(node)) this.#order = undefined;
  }
  removeNode(name: string): void {
    const info = this.#infos.get(name);
    if (!info) return;
    this.#countImages(info.images, -1);
    info.images = new Map();
    info.node = undefined;
    this.#order = undefined;
    if (info.pods.size === 0) this.#infos.delete(name);
  }

  /** A pod with spec.nodeName appeared or changed: it replaces what was known or assumed of it. */
  setPod(pod: Pod): void {
    const p = podInfoOf(pod);
    this.#drop(p.uid);
    this.#assumed.delete(p.uid);
    this.#put(p, pod.spec.nodeName ?? '');
  }
  removePod(uid: string): void {
    this.#assumed.delete(uid);
    this.#drop(uid);
  }
  /** Counts the pod on the node from now on, before it is bound. */
  assume(p: PodInfo, nodeName: string): void {
    this.#put(p, nodeName);
    this.#assumed.add(p.uid);
  }
  /** The pod was not bound after all. A pod that has been seen on its node stays. */
  forget(uid: string): void {
    if (this.#assumed.delete(uid)) this.#drop(uid);
  }
  isAssumed(uid: string): boolean {
    return this.#assumed.has(uid);
  }
  has(uid: string): boolean {
    return this.#nodeOfPod.has(uid);
  }

  #info(name: string): NodeInfo {
    const known = this.#infos.get(name);
    if (known) return known;
    const info = new NodeInfo(name);
    this.#infos.set(name, info);
    return info;
  }
  #put(p: PodInfo, nodeName: string): void {
    const info = this.#info(nodeName);
    info.add(p);
    this.#nodeOfPod.set(p.uid, nodeName);
    this.#note(info);
    for (const key of claimsOf(p.pod)) this.#claimUsers.set(key, this.claimUsers(key) + 1);
  }
  #drop(uid: string): void {
    const name = this.#nodeOfPod.get(uid);
    if (name === undefined) return;
    this.#nodeOfPod.delete(uid);
    const info = this.#infos.get(name)!;
    const p = info.remove(uid);
    this.#note(info);
    if (p)
      for (const key of claimsOf(p.pod)) {
        const left = this.claimUsers(key) - 1;
        if (left > 0) this.#claimUsers.set(key, left);
        else this.#claimUsers.delete(key);
      }
    if (!info.node && info.pods.size === 0) this.#infos.delete(name);
  }
  #note(info: NodeInfo): void {
    if (info.podsWithAffinity.size > 0) this.#withAffinity.add(info);
    else this.#withAffinity.delete(info);
    if (info.podsWithRequiredAntiAffinity.size > 0) this.#withAntiAffinity.add(info);
    else this.#withAntiAffinity.delete(info);
  }
  #countImages(images: ReadonlyMap<string, number>, sign: 1 | -1): void {
    for (const name of images.keys()) {
      const n = this.nodesWithImage(name) + sign;
      if (n > 0) this.#imageNodes.set(name, n);
      else this.#imageNodes.delete(name);
    }
  }
}

/** `namespace/name` of the claims a pod mounts. */
export const claimsOf = (pod: Pod): readonly string[] =>
  (pod.spec.volumes ?? []).flatMap((v) =>
    v.persistentVolumeClaim ? [`${pod.metadata.namespace}/${v.persistentVolumeClaim.claimName}`] : [],
  );

const zoneOf = (node: Node): string =>
  `${node.metadata.labels?.['topology.kubernetes.io/region'] ?? ''}:${node.metadata.labels?.['topology.kubernetes.io/zone'] ?? ''}`;

/** One node of each zone in turn (upstream: nodeTree.list). */
function zonesInTurn(nodes: readonly NodeInfo[]): readonly NodeInfo[] {
  const zones = [...Map.groupBy(nodes, (n) => zoneOf(n.node!)).values()];
  if (zones.length <= 1) return nodes;
  const out: NodeInfo[] = [];
  for (let i = 0; out.length < nodes.length; i++) for (const z of zones) if (z[i]) out.push(z[i]!);
  return out;
}
