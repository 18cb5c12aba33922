/** Priority: a pod's priority is its class's, and there is at most one default class (plugin/pkg/admission/priority). */
import type { Pod } from '../../api/core/v1/types.ts';
import type { PriorityClass } from '../../api/scheduling/v1/types.ts';
import type { AdmissionAttributes, AdmissionPlugin, ObjectReader } from '../attributes.ts';
import { isFor, refuse } from './refusal.ts';

const group = 'scheduling.k8s.io';
const classes = { group, plural: 'priorityclasses' };

/** Of several defaults (a race made them) the lowest counts. */
const defaultClass = (reader: ObjectReader): PriorityClass | undefined =>
  reader
    .list<PriorityClass>(classes)
    .filter((c) => c.globalDefault)
    .reduce<PriorityClass | undefined>((low, c) => (!low || (c.value ?? 0) < (low.value ?? 0) ? c : low), undefined);

function resolve(a: AdmissionAttributes, reader: ObjectReader, name: string): PriorityClass | undefined {
  if (!name) return defaultClass(reader);
  const found = reader.get<PriorityClass>(classes, '', name);
  if (!found) throw refuse(a, `no PriorityClass with name ${name} was found`);
  return found;
}

function admitPod(a: AdmissionAttributes, reader: ObjectReader): Pod {
  const pod = a.object as Pod;
  const spec = pod.spec;
  if (!spec) return pod;
  if (a.operation === 'UPDATE') {
    const old = (a.oldObject as Pod).spec;
    if (
      (spec.priority !== undefined || old?.priority === undefined) &&
      (spec.preemptionPolicy !== undefined || old?.preemptionPolicy === undefined)
    )
      return pod;
    return {
      ...pod,
      spec: {
        ...spec,
        priority: spec.priority ?? old?.priority,
        preemptionPolicy: spec.preemptionPolicy ?? old?.preemptionPolicy,
      },
    };
  }
  const found = resolve(a, reader, spec.priorityClassName ?? '');
  const priority = found?.value ?? 0;
  const preemptionPolicy = found ? (found.preemptionPolicy ?? undefined) : 'PreemptLowerPriority';
  if (spec.priority !== undefined && spec.priority !== priority)
    throw refuse(
      a,
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${priority} from the given PriorityClass name`,
    );
  if (
    preemptionPolicy !== undefined &&
    spec.preemptionPolicy !== undefined &&
    spec.preemptionPolicy !== preemptionPolicy
  )
    throw refuse(
      a,
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${preemptionPolicy} from the given PriorityClass name`,
    );
  const priorityClassName = spec.priorityClassName || found?.metadata.name;
  return {
    ...pod,
    spec: {
      ...spec,
      ...(priorityClassName && { priorityClassName }),
      priority,
      ...(preemptionPolicy !== undefined && { preemptionPolicy }),
    },
  };
}

export const priorityAdmission: AdmissionPlugin = {
  name: 'Priority',
  handles: ['CREATE', 'UPDATE'],
  admit: (a, reader) => (isFor(a, 'pods') ? admitPod(a, reader) : a.object),
  validate(a, reader) {
    if (!isFor(a, 'priorityclasses', group) || !(a.object as PriorityClass).globalDefault) return;
    const other = defaultClass(reader);
    if (other && (a.operation === 'CREATE' || other.metadata.name !== a.object?.metadata.name))
      throw refuse(a, `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`);
  },
};
