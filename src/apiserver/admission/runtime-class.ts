/** RuntimeClass: a pod of a runtime class takes over its overhead and where it may run (plugin/pkg/admission/runtimeclass). */
import { isDeepStrictEqual } from 'node:util';
import type { Pod, Toleration } from '../../api/core/v1/types.ts';
import type { RuntimeClass } from '../../api/node/v1/types.ts';
import type { AdmissionAttributes, AdmissionPlugin, ObjectReader } from '../attributes.ts';
import { isFor, q, refuse } from './refusal.ts';

function classOf(a: AdmissionAttributes, reader: ObjectReader): RuntimeClass | undefined {
  const name = (a.object as Pod).spec?.runtimeClassName;
  if (name === undefined || name === null) return undefined;
  const found = reader.get<RuntimeClass>({ group: 'node.k8s.io', plural: 'runtimeclasses' }, '', name);
  if (!found) throw refuse(a, `pod rejected: RuntimeClass ${q(name)} not found`);
  return found;
}

const sameOverhead = (a: unknown, b: unknown): boolean => isDeepStrictEqual({ ...(a as object) }, { ...(b as object) });
const mismatch = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

function nodeSelector(
  a: AdmissionAttributes,
  pod: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
) {
  for (const [key, value] of Object.entries(own)) {
    const asked = pod[key];
    if (asked !== undefined && asked !== value)
      throw refuse(
        a,
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${asked}`,
      );
  }
  return { ...pod, ...own };
}

const isSame = (a: Toleration, b: Toleration): boolean =>
  isDeepStrictEqual({ ...a, operator: a.operator || 'Equal' }, { ...b, operator: b.operator || 'Equal' });

export const runtimeClassAdmission: AdmissionPlugin = {
  name: 'RuntimeClass',
  handles: ['CREATE'],
  admit(a, reader) {
    if (!isFor(a, 'pods')) return a.object;
    const pod = a.object as Pod;
    const found = classOf(a, reader);
    if (!found || !pod.spec) return pod;
    let spec = pod.spec;
    if (found.overhead) {
      const fixed = found.overhead.podFixed ?? {};
      if (Object.keys(spec.overhead ?? {}).length && !sameOverhead(spec.overhead, fixed)) throw refuse(a, mismatch);
      spec = { ...spec, overhead: fixed };
    }
    if (found.scheduling) {
      const present = spec.tolerations ?? [];
      const added = (found.scheduling.tolerations ?? []).filter((t) => !present.some((p) => isSame(p, t)));
      spec = {
        ...spec,
        nodeSelector: nodeSelector(a, spec.nodeSelector ?? {}, found.scheduling.nodeSelector ?? {}),
        ...(present.length + added.length > 0 && { tolerations: [...present, ...added] }),
      };
    }
    return { ...pod, spec };
  },
  validate(a, reader) {
    if (!isFor(a, 'pods')) return;
    const overhead = (a.object as Pod).spec?.overhead;
    const found = classOf(a, reader);
    if (found?.overhead) {
      if (!sameOverhead(overhead, found.overhead.podFixed)) throw refuse(a, mismatch);
    } else if (overhead !== undefined)
      throw refuse(a, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
  },
};
