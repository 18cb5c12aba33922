/** Named string sets of io.k8s.api.resource.v1. */
import type { Enum } from '../../../schema/dsl.ts';

export const AllocationConfigSource = {
  name: 'io.k8s.api.resource.v1.AllocationConfigSource',
  closed: true,
  values: ['FromClass', 'FromClaim'],
} as const satisfies Enum;
export const DeviceAllocationMode = {
  name: 'io.k8s.api.resource.v1.DeviceAllocationMode',
  closed: true,
  values: ['ExactCount', 'All'],
} as const satisfies Enum;
export const DeviceTaintEffect = {
  name: 'io.k8s.api.resource.v1.DeviceTaintEffect',
  closed: true,
  values: ['None', 'NoSchedule', 'NoExecute'],
} as const satisfies Enum;
export const DeviceTolerationOperator = {
  name: 'io.k8s.api.resource.v1.DeviceTolerationOperator',
  closed: true,
  values: ['Exists', 'Equal'],
} as const satisfies Enum;
