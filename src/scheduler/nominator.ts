/** Pods that have been promised a node where others are making room (upstream: nominator). */
import type { PodInfo } from './pod-info.ts';

export class Nominator {
  readonly #byNode = new Map<string, Map<string, PodInfo>>();
  readonly #nodeOf = new Map<string, string>();

  set(pod: PodInfo, nodeName: string): void {
    this.delete(pod.uid);
    const pods = this.#byNode.get(nodeName) ?? new Map<string, PodInfo>();
    this.#byNode.set(nodeName, pods);
    pods.set(pod.uid, pod);
    this.#nodeOf.set(pod.uid, nodeName);
  }
  delete(uid: string): void {
    const name = this.#nodeOf.get(uid);
    if (name === undefined) return;
    this.#nodeOf.delete(uid);
    const pods = this.#byNode.get(name)!;
    pods.delete(uid);
    if (pods.size === 0) this.#byNode.delete(name);
  }
  nodeOf(uid: string): string | undefined {
    return this.#nodeOf.get(uid);
  }
  readonly on = (nodeName: string): Iterable<PodInfo> => this.#byNode.get(nodeName)?.values() ?? [];
}
