/** Prefers nodes that already have the pod's images, weighed by size and by how common the image is. */
import type { Plugin } from '../framework.ts';

const MiB = 1024 * 1024;
const minThreshold = 23 * MiB;
const maxContainerThreshold = 1000 * MiB;

/** A name without tag or digest means `:latest`. */
export const imageName = (name: string): string =>
  name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name;

export const imageLocality: Plugin = {
  name: 'ImageLocality',
  weight: 1,
  score({ pod }, cluster) {
    const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    const wanted = [
      ...containers.map((c) => c.image ?? ''),
      ...(pod.spec.volumes ?? []).flatMap((v) => (v.image ? [v.image.reference ?? ''] : [])),
    ].map(imageName);
    const known = wanted.map((image) => ({ image, nodes: cluster.nodesWithImage(image) })).filter((i) => i.nodes > 0);
    if (known.length === 0) return undefined;
    const total = cluster.nodes.length;
    const max = maxContainerThreshold * containers.length;
    return {
      score(n) {
        let sum = 0;
        for (const i of known) sum += Math.trunc((n.images.get(i.image) ?? 0) * (i.nodes / total));
        return Math.trunc((100 * (Math.min(Math.max(sum, minThreshold), max) - minThreshold)) / (max - minThreshold));
      },
    };
  },
};
