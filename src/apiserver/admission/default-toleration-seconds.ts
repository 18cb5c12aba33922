/** DefaultTolerationSeconds: pods stay five minutes on a node that is lost, unless they say otherwise. */
import type { Pod } from '../../api/core/v1/types.ts';
import type { AdmissionPlugin } from '../attributes.ts';
import { isFor } from './refusal.ts';

const keys = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
const seconds = 300;

export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  handles: ['CREATE', 'UPDATE'],
  admit(a) {
    if (!isFor(a, 'pods')) return a.object;
    const pod = a.object as Pod;
    const present = pod.spec?.tolerations ?? [];
    const missing = keys.filter(
      (key) => !present.some((t) => (!t.key || t.key === key) && (!t.effect || t.effect === 'NoExecute')),
    );
    if (!pod.spec || missing.length === 0) return pod;
    const added = missing.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: seconds }));
    return { ...pod, spec: { ...pod.spec, tolerations: [...present, ...added] } };
  },
};
