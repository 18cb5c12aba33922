/** Volumes whose content is an image (KEP-4639): mounted read-only below the pod's directory by the runtime's own tool, since CRI before v1.33 cannot. */
import { join } from 'node:path';
import type { Pod } from '../../api/core/v1/types.ts';
import type { ImageStore } from '../cri.ts';
import type { Host } from '../host.ts';
import { uidOf } from '../pod/identity.ts';
import { type KubeletSettings, podDir } from '../settings.ts';
import type { MountedVolume } from './pod-volumes.ts';

const directory = 'kubernetes.io~image';
export const isImageMount = (path: string): boolean => path.includes(`/volumes/${directory}/`);

/** `imageRef`: what a pull answered. Idempotent: the containers of a pod share one mount. */
export async function mountImageVolume(
  edges: { readonly host: Host; readonly images: ImageStore; readonly settings: KubeletSettings },
  pod: Pod,
  volume: string,
  imageRef: string,
): Promise<MountedVolume> {
  const { host, images } = edges;
  const path = join(podDir(edges.settings, uidOf(pod)), 'volumes', directory, volume);
  if (!(await host.mountsBelow(path)).includes(path)) {
    await host.fs.mkdir(path, { recursive: true, mode: 0o755 });
    await images.mount(imageRef, path);
  }
  return { path, readOnly: true };
}
