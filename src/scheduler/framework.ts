/**
 * What a plug-in is. For each pod a plug-in makes a plan: closures over what it computed of the pod, called per node. No plan means
 * the plug-in has nothing to say about that pod, which keeps the common pod cheap (upstream: Skip from PreFilter and PreScore).
 */
import type { Node, Pod, PersistentVolume, PersistentVolumeClaim } from '../api/core/v1/types.ts';
import type { StorageClass } from '../api/storage/v1/types.ts';
import type { Clock } from '../base/clock.ts';
import type { Client } from '../client/index.ts';
import type { LabelSelector } from '../machinery/index.ts';
import type { NodeInfo } from './node-info.ts';
import type { PodInfo } from './pod-info.ts';
import type { Status } from './status.ts';

/** The cluster at the instant of a decision. A decision is synchronous, so nothing changes while it is made. */
export interface ClusterView {
  /** Nodes in the order they are tried: zones take turns. */
  readonly nodes: readonly NodeInfo[];
  node(name: string): NodeInfo | undefined;
  /** Number of nodes that have an image. */
  nodesWithImage(name: string): number;
  /** How many nodes carry pods with affinity or required anti-affinity: none of them lets a plug-in step aside. */
  readonly anyAffinity: boolean;
  readonly nodesWithAffinity: Iterable<NodeInfo>;
  readonly nodesWithRequiredAntiAffinity: Iterable<NodeInfo>;
  /** Pods that use a claim, by `namespace/name` of the claim. */
  claimUsers(key: string): number;
  namespaceLabels(name: string): Readonly<Record<string, string>>;
  /** What Services and controllers select together with this pod; undefined when none does. */
  defaultSelector(pod: Pod): LabelSelector | undefined;
  readonly volumes: VolumeView;
}

export interface VolumeView {
  claim(namespace: string, name: string): PersistentVolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
  volumesOfClass(name: string): readonly PersistentVolume[];
  storageClass(name: string): StorageClass | undefined;
  /** Volumes promised to claims (`namespace/name`) of pods that are being bound, by volume name. */
  readonly promised: Map<string, string>;
}

export interface FilterPlan {
  /** Refuses the pod whatever the node. */
  readonly rejected?: Status;
  /** Only these nodes come into question. */
  readonly nodeNames?: ReadonlySet<string>;
  /** undefined: the node passes. */
  readonly check?: (node: NodeInfo) => Status | undefined;
  /** Another pod is imagined on, or gone from, a node (preemption, nominated pods). */
  readonly addPod?: (pod: PodInfo, node: NodeInfo) => void;
  readonly removePod?: (pod: PodInfo, node: NodeInfo) => void;
}

export interface ScorePlan {
  readonly score: (node: NodeInfo) => number;
  /** Brings the scores to 0..100, in place. */
  readonly normalize?: (scores: number[], nodes: readonly NodeInfo[]) => void;
}

/** Something happened that may let a waiting pod be scheduled. */
export type ClusterEvent =
  | { readonly kind: 'NodeAdd'; readonly node: Node }
  | { readonly kind: 'NodeUpdate'; readonly old: Node; readonly node: Node }
  /** One place less to be spread over. */
  | { readonly kind: 'NodeDelete'; readonly node: Node }
  | { readonly kind: 'AssignedPodAdd'; readonly pod: Pod }
  | { readonly kind: 'AssignedPodUpdate'; readonly old: Pod; readonly pod: Pod }
  | { readonly kind: 'AssignedPodDelete'; readonly pod: Pod }
  | { readonly kind: 'PodUpdate'; readonly old: Pod; readonly pod: Pod }
  | { readonly kind: 'VolumeChange' }
  | { readonly kind: 'NamespaceChange' };

export interface PreBindIo {
  readonly client: Client;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What a plug-in holds for a pod from the decision until it is bound. */
export interface Reservation {
  /** Writes it to the API before the pod is bound. */
  readonly preBind: (io: PreBindIo) => Promise<void>;
  /** The pod was not bound. */
  readonly release: () => void;
}

export interface Plugin {
  readonly name: string;
  /** Of its scores; 0 when it has none. */
  readonly weight: number;
  /** Keeps a pod out of the queue. */
  readonly preEnqueue?: (pod: Pod) => Status | undefined;
  readonly filter?: (pod: PodInfo, cluster: ClusterView) => FilterPlan | undefined;
  readonly score?: (pod: PodInfo, cluster: ClusterView, feasible: readonly NodeInfo[]) => ScorePlan | undefined;
  /** Takes hold of something on the chosen node; a string is why it could not. */
  readonly reserve?: (pod: PodInfo, node: NodeInfo, cluster: ClusterView) => Reservation | string | undefined;
  /** Whether an event may change this plug-in's refusal of a pod. */
  readonly requeue?: (event: ClusterEvent, pod: Pod) => boolean;
}

/** Scales to 0..100 by the highest; `reverse` makes the lowest best (upstream: helper.DefaultNormalizeScore). */
export function normalizeByMax(scores: number[], reverse: boolean): void {
  let max = 0;
  for (const s of scores) if (s > max) max = s;
  for (let i = 0; i < scores.length; i++) {
    const s = max === 0 ? 0 : Math.trunc((100 * scores[i]!) / max);
    scores[i] = reverse ? 100 - s : s;
  }
}
