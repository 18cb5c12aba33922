/** A node as `kubectl describe` shows it, with what its pods ask for (upstream: describeNode). */
import {
  addResources,
  podLimits,
  podRequests,
  type PodResourcesLike,
  type ResourceList,
} from '../../machinery/resource-lists.ts';
import { milliValue, value } from '../../machinery/quantity.ts';
import { at, isMap, listAt, textAt, type Thing } from '../thing.ts';
import { described, type Describer, listOf } from './around.ts';
import { ago, rfc1123z, type Writer, writeAnnotations, writeLabels } from './writer.ts';

const share = (of: number, all: number): string => `(${all ? Math.trunc((of / all) * 100) : 0}%)`;

function writeNodePods(w: Writer, o: Thing, pods: readonly Thing[], now: number): void {
  w.write(0, `Non-terminated Pods:\t(${pods.length} in total)\n`);
  w.write(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge\n');
  w.write(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---\n');
  const room = (at(o, 'status', 'allocatable') ?? at(o, 'status', 'capacity') ?? {}) as ResourceList;
  const cell = (r: ResourceList, name: string) => {
    const q = r[name] ?? '0';
    const n = name === 'cpu' ? milliValue : value;
    return `${q} ${share(n(q), n(room[name] ?? '0'))}`;
  };
  let requests: ResourceList = {};
  let limits: ResourceList = {};
  for (const p of pods) {
    const like = p as unknown as PodResourcesLike;
    const r = podRequests(like, { useStatusResources: true });
    const l = podLimits(like, { useStatusResources: true });
    w.write(
      1,
      `${p.metadata.namespace}\t${p.metadata.name}\t\t${cell(r, 'cpu')}\t${cell(l, 'cpu')}\t${cell(r, 'memory')}\t${cell(l, 'memory')}\t${ago(p.metadata.creationTimestamp ?? '', now)}\n`,
    );
    requests = addResources(requests, podRequests(like, {}));
    limits = addResources(limits, podLimits(like, {}));
  }
  w.write(0, 'Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n');
  w.write(1, 'Resource\tRequests\tLimits\n');
  w.write(1, '--------\t--------\t------\n');
  const huge = Object.keys(room)
    .filter((k) => k.startsWith('hugepages-'))
    .sort();
  for (const name of ['cpu', 'memory', 'ephemeral-storage', ...huge])
    w.write(1, `${name}\t${cell(requests, name)}\t${cell(limits, name)}\n`);
  const other = Object.keys(room)
    .filter((k) => k.includes('/'))
    .sort();
  for (const name of other) w.write(1, `${name}\t${requests[name] ?? '0'}\t${limits[name] ?? '0'}\n`);
}

export const describeNode: Describer = async (o, a) => {
  const pods = await listOf(a, 'pods', undefined, {
    fieldSelector: `spec.nodeName=${o.metadata.name},status.phase!=Failed,status.phase!=Succeeded`,
  });
  const lease = await a.s.api
    .json<Thing>('GET', `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${o.metadata.name}`)
    .catch((e: Error) => e);
  return described(a, (w) => {
    const roles = Object.entries(o.metadata.labels ?? {})
      .flatMap(([k, v]) =>
        k.startsWith('node-role.kubernetes.io/')
          ? [k.slice('node-role.kubernetes.io/'.length)]
          : k === 'kubernetes.io/role'
            ? [v]
            : [],
      )
      .filter(Boolean)
      .sort();
    w.write(0, `Name:\t${o.metadata.name}\nRoles:\t${roles.join(',') || '<none>'}\n`);
    writeLabels(w, 'Labels', o.metadata.labels);
    writeAnnotations(w, 'Annotations', o.metadata.annotations);
    w.write(0, `CreationTimestamp:\t${rfc1123z(o.metadata.creationTimestamp ?? '')}\n`);
    const taints = listAt(o, 'spec', 'taints')
      .map((t) => ({
        key: `${textAt(t, 'effect')},${textAt(t, 'key')}`,
        text: `${textAt(t, 'key')}${textAt(t, 'value') ? `=${textAt(t, 'value')}` : ''}:${textAt(t, 'effect')}`,
      }))
      .sort((x, y) => (x.key < y.key ? -1 : 1));
    w.write(0, `Taints:\t${taints.map((t) => t.text).join('\n\t') || '<none>'}\n`);
    w.write(0, `Unschedulable:\t${at(o, 'spec', 'unschedulable') === true}\n`);
    if (lease instanceof Error) w.write(0, `Lease:\tFailed to get lease: ${lease.message}\n`);
    else {
      const time = (k: string) => (textAt(lease, 'spec', k) ? rfc1123z(textAt(lease, 'spec', k)) : '<unset>');
      w.write(0, 'Lease:\n');
      w.write(1, `HolderIdentity:\t${textAt(lease, 'spec', 'holderIdentity') || '<unset>'}\n`);
      w.write(1, `AcquireTime:\t${time('acquireTime')}\n`);
      w.write(1, `RenewTime:\t${time('renewTime')}\n`);
    }
    const conditions = listAt(o, 'status', 'conditions');
    if (conditions.length) {
      w.write(0, 'Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage\n');
      w.write(1, '----\t------\t-----------------\t------------------\t------\t-------\n');
    }
    for (const c of conditions)
      w.write(
        1,
        `${textAt(c, 'type')} \t${textAt(c, 'status')} \t${rfc1123z(textAt(c, 'lastHeartbeatTime'))} \t${rfc1123z(textAt(c, 'lastTransitionTime'))} \t${textAt(c, 'reason')} \t${textAt(c, 'message')}\n`,
      );
    w.write(0, 'Addresses:\n');
    for (const x of listAt(o, 'status', 'addresses')) w.write(1, `${textAt(x, 'type')}:\t${textAt(x, 'address')}\n`);
    for (const k of ['capacity', 'allocatable']) {
      const list = at(o, 'status', k);
      if (!isMap(list) || Object.keys(list).length === 0) continue;
      w.write(0, k === 'capacity' ? 'Capacity:\n' : 'Allocatable:\n');
      for (const name of Object.keys(list).sort()) w.write(0, `  ${name}:\t${String(list[name])}\n`);
    }
    w.write(0, 'System Info:\n');
    for (const [title, k] of systemInfo) w.write(0, `  ${title}:\t${textAt(o, 'status', 'nodeInfo', k)}\n`);
    if (textAt(o, 'spec', 'podCIDR')) w.write(0, `PodCIDR:\t${textAt(o, 'spec', 'podCIDR')}\n`);
    if (listAt(o, 'spec', 'podCIDRs').length) w.write(0, `PodCIDRs:\t${listAt(o, 'spec', 'podCIDRs').join(',')}\n`);
    if (textAt(o, 'spec', 'providerID')) w.write(0, `ProviderID:\t${textAt(o, 'spec', 'providerID')}\n`);
    writeNodePods(w, o, pods, a.now);
  });
};
const systemInfo = [
  ['Machine ID', 'machineID'],
  ['System UUID', 'systemUUID'],
  ['Boot ID', 'bootID'],
  ['Kernel Version', 'kernelVersion'],
  ['OS Image', 'osImage'],
  ['Operating System', 'operatingSystem'],
  ['Architecture', 'architecture'],
  ['Container Runtime Version', 'containerRuntimeVersion'],
  ['Kubelet Version', 'kubeletVersion'],
] as const;
