/** Named string sets of io.k8s.api.admission.v1. */
import type { Enum } from '../../../schema/dsl.ts';

export const Operation = {
  name: 'io.k8s.api.admission.v1.Operation',
  closed: false,
  values: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
} as const satisfies Enum;
export const PatchType = {
  name: 'io.k8s.api.admission.v1.PatchType',
  closed: false,
  values: ['JSONPatch'],
} as const satisfies Enum;
