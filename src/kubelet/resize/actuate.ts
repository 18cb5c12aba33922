/** Gives running containers the resources allocated to them: the pod's cgroup grows before them and shrinks after them (upstream: doPodResizeAction). */
import type { Container, Pod } from '../../api/core/v1/types.ts';
import { amount } from '../admission/fit.ts';
import type { ContainerRuntime, LinuxContainerResources } from '../cri.ts';
import type { Host } from '../host.ts';
import { type PodAmounts, containerResources, podAmounts, podCgroup, quotaOf, sharesOf } from '../pod/resources.ts';
import { type Resizing, type Resources, resizeOf } from './plan.ts';

export interface ActuateContext {
  readonly runtime: ContainerRuntime;
  readonly host: Host;
  readonly cgroupRoot: string;
  readonly nodeMemory: number;
  gave(containerId: string, resources: Resources): void;
}
type Resource = 'cpu' | 'memory';

const limitOf = (r: Resources | undefined, resource: Resource): number => amount(resource, r?.limits?.[resource]);

/** The pod as it is now: with what its containers have. */
const before = (pod: Pod, list: readonly Resizing[]): Pod => {
  const had = <C extends Container>(c: C): C => {
    const r = list.find((x) => x.container.name === c.name);
    return r ? { ...c, resources: r.has } : c;
  };
  const { initContainers, containers } = pod.spec;
  return {
    ...pod,
    spec: {
      ...pod.spec,
      containers: containers.map(had),
      ...(initContainers && { initContainers: initContainers.map(had) }),
    },
  };
};

async function checkMemory(
  ctx: ActuateContext,
  pod: Pod,
  list: readonly Resizing[],
  was: PodAmounts,
  will: PodAmounts,
) {
  const cgroup = podCgroup(ctx.cgroupRoot, pod);
  const wrong: string[] = [];
  if (will.memoryLimit !== undefined && (was.memoryLimit === undefined || will.memoryLimit < was.memoryLimit)) {
    const usage = (await ctx.host.cgroups.use(cgroup))?.memoryUsage ?? 0;
    if (usage >= will.memoryLimit)
      wrong.push(`attempting to set pod memory limit (${will.memoryLimit}) below current usage (${usage})`);
  }
  for (const { container, observed, has } of list) {
    const [limit, had] = [limitOf(container.resources, 'memory'), limitOf(has, 'memory')];
    if (limit === 0 || (had !== 0 && limit >= had)) continue;
    const usage = (await ctx.host.cgroups.use(`${cgroup}/${observed.id}`))?.memoryUsage ?? 0;
    if (usage >= limit)
      wrong.push(
        `attempting to set container "${container.name}" memory limit (${limit}) below current usage (${usage})`,
      );
  }
  if (wrong.length === 0) return;
  throw new Error(`cannot decrease memory limits: ${wrong.length > 1 ? `[${wrong.join(', ')}]` : wrong[0]}`);
}

/** Throws what the pod's condition is to say. */
export async function actuate(ctx: ActuateContext, pod: Pod, list: readonly Resizing[]): Promise<void> {
  const was = podAmounts(before(pod, list));
  const will = podAmounts(pod);
  await checkMemory(ctx, pod, list, was, will);
  const cgroup = podCgroup(ctx.cgroupRoot, pod);
  const now = new Map(list.map((r) => [r.observed.id, r.has]));

  const one = async (resource: Resource, r: Resizing): Promise<void> => {
    const had = now.get(r.observed.id)!;
    const wanted = r.container.resources ?? {};
    const pick = (kind: 'limits' | 'requests') => {
      const value = wanted[kind]?.[resource];
      const { [resource]: _, ...rest } = had[kind] ?? {};
      return { ...rest, ...(value !== undefined && { [resource]: value }) };
    };
    const next: Resources = { limits: pick('limits'), requests: pick('requests') };
    const { oomScoreAdj: _, ...linux } = containerResources(pod, { ...r.container, resources: next }, ctx.nodeMemory);
    const part: LinuxContainerResources = resource === 'cpu' ? cpuPart(linux) : memoryPart(linux);
    await ctx.runtime.updateResources(r.observed.id, part);
    now.set(r.observed.id, next);
    ctx.gave(r.observed.id, next);
  };
  for (const resource of ['memory', 'cpu'] as const) {
    const limits =
      resource === 'cpu'
        ? ([was.cpuLimitMilli, will.cpuLimitMilli] as const)
        : ([was.memoryLimit, will.memoryLimit] as const);
    const [from, to] = limits;
    // a limit that goes away stays on the pod, as upstream leaves it
    const changes = to !== undefined && to !== from;
    const grows = changes && from !== undefined && to > from;
    const set = () =>
      ctx.host.cgroups.ensure(cgroup, resource === 'cpu' ? { cpuQuota: quotaOf(to!) } : { memory: to! });
    if (grows) await set();
    if (resource === 'cpu') await ctx.host.cgroups.ensure(cgroup, { cpuShares: sharesOf(will.cpuRequestMilli) });
    const step = (r: Resizing) => limitOf(r.container.resources, resource) - limitOf(r.has, resource);
    // those that are started anew get theirs then
    const updates = list.filter((r) => resizeOf(r.container, r.has) === 'update');
    for (const r of updates.sort((a, b) => step(a) - step(b))) await one(resource, r);
    if (changes && !grows) await set();
  }
}

const cpuPart = ({ cpuPeriod, cpuQuota, cpuShares }: LinuxContainerResources): LinuxContainerResources => ({
  ...(cpuPeriod !== undefined && { cpuPeriod }),
  // none is -1 in an update: 0 means leave it
  cpuQuota: cpuQuota || -1,
  ...(cpuShares !== undefined && { cpuShares }),
});
const memoryPart = (l: LinuxContainerResources): LinuxContainerResources => ({
  memoryLimitInBytes: l.memoryLimitInBytes || -1,
  ...(l.memorySwapLimitInBytes && { memorySwapLimitInBytes: l.memorySwapLimitInBytes }),
});
