/** Pods from manifest files on the node, and the mirror pods that show them in the API (upstream: pkg/kubelet/config/file.go, pod/mirror_client.go). */
import { createHash } from 'node:crypto';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { Pods } from '../api/core/v1/resources.ts';
import type { Pod } from '../api/core/v1/types.ts';
import { type Clock, rfc3339Micro } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Client } from '../client/client.ts';
import { isAlreadyExists, isNotFound } from '../machinery/status-error.ts';
import type { Host } from './host.ts';
import { configHash, configMirror, configSeen, configSource, nameOf, namespaceOf } from './pod/identity.ts';

/** A manifest as a pod of this node: its name carries the node's, its uid is a hash of what it says. */
export function staticPod(text: string, path: string, nodeName: string, now: number): Pod {
  const parsed = load(text) as Partial<Pod> | undefined;
  if (parsed?.kind !== 'Pod' || parsed.apiVersion !== 'v1') throw new Error(`${path} is not a v1 Pod`);
  const given = parsed as Pod;
  if (!given.metadata?.name || !given.spec?.containers?.length)
    throw new Error(`${path}: a name and containers are required`);
  const hash = createHash('md5').update(`host:${nodeName}file:${path}`).update(JSON.stringify(parsed)).digest('hex');
  const uid = given.metadata.uid || hash;
  return {
    ...given,
    metadata: {
      ...given.metadata,
      name: `${given.metadata.name}-${nodeName.toLowerCase()}`,
      namespace: given.metadata.namespace || 'default',
      uid,
      annotations: {
        ...given.metadata.annotations,
        [configSource]: 'file',
        [configHash]: hash,
        [configSeen]: rfc3339Micro(now),
      },
    },
    spec: {
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      terminationGracePeriodSeconds: 30,
      enableServiceLinks: true,
      securityContext: {},
      schedulerName: 'default-scheduler',
      ...given.spec,
      nodeName,
      tolerations: [...(given.spec.tolerations ?? []), { operator: 'Exists', effect: 'NoExecute' }],
      containers: given.spec.containers.map(defaulted),
      ...(given.spec.initContainers && { initContainers: given.spec.initContainers.map(defaulted) }),
    },
    status: { phase: 'Pending' },
  };
}

/** What the API server would have filled in. */
const defaulted = <C extends Pod['spec']['containers'][number]>(c: C): C => ({
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: /(:latest|^[^:@]*|\/[^:@/]*)$/.test(c.image ?? '') ? 'Always' : 'IfNotPresent',
  ...c,
  resources: c.resources ?? {},
});

/** Calls `onPods` with all static pods whenever the directory's content changes; a file that is wrong is logged and left out. */
export async function watchStaticPods(
  dir: string,
  nodeName: string,
  edges: { readonly host: Host; readonly clock: Clock; readonly log: Logger },
  onPods: (pods: readonly Pod[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const { host, clock, log } = edges;
  const known = new Map<string, { text: string; pod: Pod | undefined }>();
  let first = true;
  const read = async () => {
    const names = (await host.fs.readdir(dir).catch(() => [] as string[])).filter((n) => !n.startsWith('.')).sort();
    // the first answer counts even when it is none: only then is it known what should not run
    let changed = first;
    first = false;
    for (const name of [...known.keys()]) if (!names.includes(name)) changed = known.delete(name) || changed;
    for (const name of names) {
      const text = await host.fs.readFile(join(dir, name), 'utf8').catch(() => undefined);
      if (text === undefined || known.get(name)?.text === text) continue;
      let pod: Pod | undefined;
      try {
        pod = staticPod(text, join(dir, name), nodeName, clock.now());
      } catch (e) {
        log.error('a static pod manifest cannot be used', { path: join(dir, name), error: e as Error });
      }
      known.set(name, { text, pod });
      changed = true;
    }
    if (changed) onPods([...known.values()].flatMap((k) => (k.pod ? [k.pod] : [])));
  };
  let nudge: () => void = () => undefined;
  const watcher = await host.fs
    .mkdir(dir, { recursive: true })
    .then(() => watch(dir, { signal, persistent: false }, () => nudge()))
    .catch(() => undefined); // polling alone will do
  watcher?.on('error', () => undefined);
  while (!signal.aborted) {
    await read();
    await new Promise<void>((resolve) => {
      const timer = clock.after(20_000, done);
      let soon: { cancel(): void } | undefined;
      function done() {
        timer.cancel();
        soon?.cancel();
        signal.removeEventListener('abort', done);
        nudge = () => undefined;
        resolve();
      }
      // an editor writes in several steps: let it finish
      nudge = () => {
        soon ??= clock.after(100, done);
      };
      signal.addEventListener('abort', done, { once: true });
    });
  }
}

/** Makes the API show a static pod; a mirror of another version is replaced. */
export async function ensureMirror(
  client: Client,
  pod: Pod,
  existing: Pod | undefined,
  node: { readonly name: string; readonly uid: string },
): Promise<void> {
  const hash = pod.metadata.annotations?.[configHash] ?? '';
  if (existing) {
    if (existing.metadata.annotations?.[configMirror] === hash && !existing.metadata.deletionTimestamp) return;
    await deleteMirror(client, existing);
  }
  const { uid: _uid, ...metadata } = pod.metadata;
  const mirror = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      annotations: { ...metadata.annotations, [configMirror]: hash },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node.name, uid: node.uid, controller: true }],
    },
    spec: pod.spec,
  };
  try {
    await client.create(Pods, mirror as never);
  } catch (e) {
    if (!isAlreadyExists(e)) throw e;
  }
}
export async function deleteMirror(client: Client, mirror: Pod): Promise<void> {
  try {
    await client.delete(
      Pods,
      { namespace: namespaceOf(mirror), name: nameOf(mirror) },
      { gracePeriodSeconds: 0, preconditions: { uid: mirror.metadata.uid ?? '' } },
    );
  } catch (e) {
    if (!isNotFound(e)) throw e;
  }
}
