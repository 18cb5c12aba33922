/** Defaults of resources given for the pod as a whole (KEP-2837; upstream: defaults.go defaultHugePagePodLimits, defaultPodRequests). */
import { aggregateContainerRequests, isSupportedPodLevelResource } from '../../../../machinery/resource-lists.ts';
import type { PodSpec } from '../types.ts';

type Part = 'limits' | 'requests';
const isHugePages = (name: string): boolean => name.startsWith('hugepages-');

/** What the containers need together: regular ones and sidecars side by side, init containers one after another. */
export function aggregateContainers(spec: PodSpec, part: Part): Readonly<Record<string, string>> {
  if (part === 'requests') return aggregateContainerRequests({ spec });
  const asRequests = <C extends { readonly resources?: PodSpec['resources'] }>(c: C) => ({
    ...c,
    resources: { requests: c.resources?.limits },
  });
  return aggregateContainerRequests({
    spec: {
      containers: (spec.containers ?? []).map(asRequests),
      initContainers: (spec.initContainers ?? []).map(asRequests),
    },
  });
}

/** The spec with `resources` completed; the same object when it gives none. */
export function defaultPodLevelResources(spec: PodSpec): PodSpec {
  const given = spec.resources;
  if (!given) return spec;
  const limits: Record<string, string> = { ...given.limits };
  if (Object.keys(limits).length || Object.keys(given.requests ?? {}).length)
    for (const [name, q] of Object.entries(aggregateContainers(spec, 'limits')))
      if (isHugePages(name) && given.requests?.[name] === undefined) limits[name] ??= q;
  const requests: Record<string, string> = { ...given.requests };
  if (Object.keys(limits).length) {
    for (const [name, q] of Object.entries(aggregateContainers(spec, 'requests')))
      if (isSupportedPodLevelResource(name) && !isHugePages(name)) requests[name] ??= q;
    for (const [name, q] of Object.entries(limits)) if (isSupportedPodLevelResource(name)) requests[name] ??= q;
  }
  return {
    ...spec,
    resources: {
      ...given,
      ...(Object.keys(limits).length > 0 && { limits }),
      ...(Object.keys(requests).length > 0 && { requests }),
    },
  };
}
