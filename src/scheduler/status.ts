/** Why a node (or every node) cannot take a pod, and how upstream words it (upstream: framework.Status, FitError.Error). */

export type StatusCode =
  /** Removing pods from the node may help. */
  | 'Unschedulable'
  /** No removal helps. */
  | 'UnschedulableAndUnresolvable'
  /** Something broke: nothing is known about the pod. */
  | 'Error';

export interface Status {
  readonly code: StatusCode;
  readonly plugin: string;
  readonly reasons: readonly string[];
}

export const unschedulable = (plugin: string, ...reasons: string[]): Status => ({
  code: 'Unschedulable',
  plugin,
  reasons,
});
export const unresolvable = (plugin: string, ...reasons: string[]): Status => ({
  code: 'UnschedulableAndUnresolvable',
  plugin,
  reasons,
});

export interface Diagnosis {
  readonly numAllNodes: number;
  /** Set when a plug-in refused the pod before any node was looked at. */
  readonly preFilterMessage?: string;
  readonly nodeStatus: ReadonlyMap<string, Status>;
  /** Reason counted for nodes that are not in `nodeStatus`. */
  readonly absentReason?: string;
  readonly postFilterMessage?: string;
}

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable. preemption: …` */
export function fitErrorMessage(d: Diagnosis): string {
  let out = `0/${d.numAllNodes} nodes are available:`;
  if (d.preFilterMessage) out += ` ${d.preFilterMessage}.`;
  else {
    const counts = new Map<string, number>();
    const count = (reason: string, n: number) => void counts.set(reason, (counts.get(reason) ?? 0) + n);
    for (const s of d.nodeStatus.values()) for (const r of s.reasons) count(r, 1);
    const absent = d.numAllNodes - d.nodeStatus.size;
    if (absent > 0 && d.absentReason) count(d.absentReason, absent);
    const texts = [...counts].map(([reason, n]) => `${n} ${reason}`).sort(byBytes);
    if (texts.length > 0) out += ` ${texts.join(', ')}.`;
  }
  return d.postFilterMessage ? `${out} ${d.postFilterMessage}` : out;
}

export const noNodesMessage = 'no nodes available to schedule pods';

const noteLimit = 1024;
/** An event's note holds 1 kB. */
export const truncateNote = (text: string): string =>
  text.length <= noteLimit ? text : `${text.slice(0, noteLimit - 4)} ...`;

const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
