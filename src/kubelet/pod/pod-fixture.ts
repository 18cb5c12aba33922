/** Pods and observations for the tests of this room, from a few words each. */
import type { Pod } from '../../api/core/v1/types.ts';
import type { ContainerState } from '../cri.ts';
import { hashContainer } from './identity.ts';
import type { ObservedContainer, ObservedPod, ProbeResults } from './observed.ts';

export const podOf = (spec: object, metadata: object = {}, status: object = { phase: 'Pending' }): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'ns', uid: 'u1', generation: 1, ...metadata },
    spec: { restartPolicy: 'Always', containers: [], ...spec },
    status,
  }) as unknown as Pod;
export const container = (name: string, more: object = {}): object => ({ name, image: 'img', resources: {}, ...more });

/** `web=running`, `init=exited:3#2` (exit code 3, restart count 2). The later of two with one name is the newer. */
export function observedOf(words: string, sandbox: 'ready' | 'notready' | 'none' = 'ready'): ObservedPod {
  const containers = words
    .split(' ')
    .filter(Boolean)
    .map((word, i): ObservedContainer => {
      const m = /^(\w+)=(\w+)(?::(\d+))?(?:#(\d+))?$/.exec(word)!;
      const [, name = '', state = '', code = '0', count = '0'] = m;
      return {
        id: `${name}-${i}`,
        name,
        sandboxId: 's1',
        attempt: Number(count),
        restartCount: Number(count),
        state: state as ContainerState,
        createdAt: 1000 + i,
        startedAt: 2000 + i,
        finishedAt: state === 'exited' ? 3000 + i : 0,
        exitCode: Number(code),
        image: 'img',
        imageRef: 'sha256:img',
        reason: state === 'exited' ? (code === '0' ? 'Completed' : 'Error') : '',
        message: '',
        labels: {},
        annotations: {},
        mounts: [],
        logPath: '',
        hash: hashContainer({ name, image: 'img' }),
      };
    })
    .reverse();
  const ready = sandbox === 'ready';
  return {
    sandboxes:
      sandbox === 'none'
        ? []
        : [
            {
              id: 's1',
              metadata: { name: 'p', namespace: 'ns', uid: 'u1', attempt: 0 },
              ready,
              createdAt: 500,
              ips: ready ? ['10.0.0.5'] : [],
              network: 'POD',
            },
          ],
    containers,
    ips: ready ? ['10.0.0.5'] : [],
  };
}
/** `liveness/web-0=failure` */
export const probesOf = (words = ''): ProbeResults => {
  const all = new Map(
    words
      .split(' ')
      .filter(Boolean)
      .map((w) => w.split('=') as [string, string]),
  );
  return { result: (kind, id) => all.get(`${kind}/${id}`) as 'success' | 'failure' | undefined };
};
