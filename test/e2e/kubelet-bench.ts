/** A kubelet on a lab's containerd with the scripted API: what end-to-end tests of the kubelet share. */
import { Pods } from '../../src/api/core/v1/resources.ts';
import type { Pod } from '../../src/api/core/v1/types.ts';
import { realClock } from '../../src/base/clock.ts';
import { createLogger } from '../../src/base/log.ts';
import { type KubeletOptions, startKubelet } from '../../src/kubelet/index.ts';
import { ScriptedApi } from './kubelet-api.ts';
import { startLab } from './kubelet-lab.ts';

export type Bench = Awaited<ReturnType<typeof openBench>>;

/** `lab`: its number. The node's address is 127.0.0.1, so that probes of pods on the node's network reach servers of the test. */
export async function openBench(lab: number, more: Partial<KubeletOptions> = {}) {
  const place = await startLab(lab);
  const api = new ScriptedApi();
  const stop = new AbortController();
  const running = await startKubelet(
    {
      client: api.client,
      informers: api.informers,
      recorder: api.recorder,
      nodeName: 'n1',
      nodeIPs: ['127.0.0.1'],
      criSocket: place.socket,
      rootDir: `${place.root}/kubelet`,
      podLogsDir: `${place.root}/pods`,
      containerLogsDir: null,
      cgroupRoot: place.cgroupRoot,
      clusterDNS: ['10.96.0.10'],
      clock: realClock,
      log: createLogger({
        level: process.env['KUBELET_LOG'] ? 'debug' : 'error',
        ...(process.env['KUBELET_LOG'] ? {} : { write: () => undefined }),
      }),
      random: Math.random,
      ...more,
    },
    stop.signal,
  );
  const until = async <T>(
    what: string,
    look: () => T | undefined | false | Promise<T | undefined | false>,
    ms = 20_000,
  ): Promise<T> => {
    for (const end = Date.now() + ms; ; ) {
      const found = await look();
      if (found) return found;
      if (Date.now() > end)
        throw new Error(`timed out: ${what}; events: ${JSON.stringify(api.events.slice(-6), null, 1)}`);
      await new Promise((r) => setTimeout(r, 20));
    }
  };
  const pod = (name: string): Pod => api.get<Pod>('pods', 'default', name)!;
  return {
    lab: place,
    api,
    until,
    pod,
    busybox: (name: string, script: string, extra: object = {}) => ({
      name,
      image: 'localhost/busybox:1',
      imagePullPolicy: 'IfNotPresent',
      command: ['sh', '-c', script],
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      resources: {},
      ...extra,
    }),
    put(name: string, spec: object, metadata: object = {}): void {
      api.put(Pods, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { namespace: 'default', name, ...metadata },
        spec: {
          nodeName: 'n1',
          restartPolicy: 'Always',
          terminationGracePeriodSeconds: 1,
          enableServiceLinks: true,
          dnsPolicy: 'ClusterFirst',
          serviceAccountName: 'default',
          ...spec,
        },
        status: { phase: 'Pending' },
      });
    },
    ready: (name: string) =>
      until(`${name} ready`, () =>
        pod(name)?.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'),
      ),
    async remove(name: string): Promise<void> {
      api.remove(Pods, 'default', name, 1);
      await until(`${name} gone`, () => !pod(name));
    },
    /** `reason: message` of every event of that object. */
    events: (name: string) => api.events.filter((e) => e.name === name).map((e) => `${e.reason}: ${e.message}`),
    waiting: (name: string) => pod(name)?.status.containerStatuses?.[0]?.state.waiting,
    async close(): Promise<void> {
      stop.abort();
      await running.stopped;
      await place.close();
    },
  };
}
