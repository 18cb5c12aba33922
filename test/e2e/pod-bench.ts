/** A cluster's pods for end-to-end tests: asked over the API by fetching, so that many can be watched at once. */
import { must, run, type TestCluster } from './cluster.ts';
import { transportFromKubeconfig } from '../../src/client/kubeconfig.ts';
import { createClient } from '../../src/client/rest-client.ts';
import { Pods } from '../../src/api/core/v1/resources.ts';
import type { ContainerStatus, Pod, PodCondition } from '../../src/api/core/v1/types.ts';

export interface SentObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

export function podBench(kubeconfig: string) {
  const client = createClient(transportFromKubeconfig(kubeconfig), { userAgent: 'pods-test' });
  const core = '/api/v1/namespaces/default';
  const at = (name: string, sub = '') => `${core}/pods/${name}${sub}`;
  const raw = async <T>(method: string, path: string, body?: unknown): Promise<T> =>
    (await client.raw(method, path, body)) as T;
  const patch = (name: string, body: unknown, subresource?: string): Promise<Pod> =>
    client.patch(Pods, { namespace: 'default', name }, 'application/strategic-merge-patch+json', body, {
      ...(subresource && { subresource }),
    });
  const pod = (name: string) => raw<Pod>('GET', at(name));
  const until = async <T>(what: string, look: () => Promise<T | undefined | false>, ms = 60_000): Promise<T> => {
    let last: unknown;
    for (const end = Date.now() + ms; ; ) {
      const found = await look().catch((e) => {
        last = e;
        return undefined;
      });
      if (found) return found;
      if (Date.now() > end) throw new Error(`timed out: ${what}${last ? `; ${last}` : ''}`);
      await new Promise((r) => setTimeout(r, 150));
    }
  };
  const events = async (name: string): Promise<readonly string[]> => {
    const list = await raw<{ items: { reason: string; message: string }[] }>(
      'GET',
      `${core}/events?fieldSelector=involvedObject.name=${name}`,
    );
    return list.items.map((e) => `${e.reason}: ${e.message}`);
  };
  return {
    client,
    raw,
    patch,
    at,
    pod,
    until,
    events,
    create: (o: object, path = 'pods') => raw<Pod>('POST', `${core}/${path}`, o),
    remove: (name: string, grace?: number) =>
      raw('DELETE', at(name), {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        ...(grace !== undefined && { gracePeriodSeconds: grace }),
      }),
    log: async (name: string, container = 'c'): Promise<string> =>
      String((await client.raw('GET', at(name, `/log?container=${container}`))) ?? ''),
    /** Once `is` holds of the pod. Names the pod's last status when it never does. */
    async when(name: string, what: string, is: (p: Pod) => unknown, ms?: number): Promise<Pod> {
      let seen: Pod | undefined;
      try {
        return await until(
          `${name} ${what}`,
          async () => {
            seen = await pod(name);
            return is(seen) ? seen : undefined;
          },
          ms,
        );
      } catch (e) {
        throw new Error(
          `${(e as Error).message}: ${JSON.stringify(seen?.status)}\n${(await events(name).catch(() => [])).join('\n')}`,
        );
      }
    },
    gone: (name: string) =>
      until(`${name} gone`, () =>
        pod(name).then(
          () => false as const,
          (e: { code?: number }) => e.code === 404 || /not found/.test(String(e)),
        ),
      ),
  };
}
export type PodBench = ReturnType<typeof podBench>;

export const condition = (p: Pod, type: string): PodCondition | undefined =>
  p.status.conditions?.find((c) => c.type === type);
export const isReady = (p: Pod): boolean => condition(p, 'Ready')?.status === 'True';
export const first = (p: Pod): ContainerStatus => p.status.containerStatuses![0]!;
export const busybox = (script: string | undefined, more: object = {}) => ({
  name: 'c',
  image: 'localhost/busybox:1',
  imagePullPolicy: 'IfNotPresent',
  ...(script !== undefined && { command: ['sh', '-c', script] }),
  ...more,
});
export const manifest = (
  name: string,
  container: object | readonly object[],
  spec: object = {},
  metadata: object = {},
) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  spec: { terminationGracePeriodSeconds: 1, containers: [container].flat(), ...spec },
});
export const idle = "trap 'exit 0' TERM; while :; do sleep 0.3; done";

export const requests = (cpu: string, memory: string) => ({ requests: { cpu, memory } });
export const guaranteed = (cpu: string, memory: string) => ({ requests: { cpu, memory }, limits: { cpu, memory } });
export const terminated = (p: Pod) => first(p).state.terminated;
export const phase = (wanted: string) => (p: Pod) => p.status.phase === wanted;
export const waiting = (reason: string) => (p: Pod) =>
  p.status.containerStatuses?.[0]?.state.waiting?.reason === reason;
export const resizing = (p: Pod) => condition(p, 'PodResizePending') ?? condition(p, 'PodResizeInProgress');

/** An image with an entry point and default arguments. */
export async function importSays(cluster: TestCluster, dir: string): Promise<void> {
  const root = `${dir}/says`;
  const script = `mkdir -p ${root}/bin && cp "$(command -v busybox)" ${root}/bin/busybox && ln -s busybox ${root}/bin/echo`;
  await must('making the image', run('/bin/sh', ['-c', script]));
  const file = `${dir}/says.tar`;
  await cluster.k8ts(
    'image',
    'pack',
    root,
    file,
    '--name',
    'localhost/says:1',
    '--entrypoint',
    '["/bin/echo","entry"]',
    '--cmd',
    '["default","words"]',
  );
  await cluster.k8ts('image', 'import', '--data-dir', cluster.dataDir, file);
}
