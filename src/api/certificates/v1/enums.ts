/** Named string sets of io.k8s.api.certificates.v1. */
import type { Enum } from '../../../schema/dsl.ts';

export const KeyUsage = {
  name: 'io.k8s.api.certificates.v1.KeyUsage',
  closed: true,
  values: [
    'signing',
    'digital signature',
    'content commitment',
    'key encipherment',
    'key agreement',
    'data encipherment',
    'cert sign',
    'crl sign',
    'encipher only',
    'decipher only',
    'any',
    'server auth',
    'client auth',
    'code signing',
    'email protection',
    's/mime',
    'ipsec end system',
    'ipsec tunnel',
    'ipsec user',
    'timestamping',
    'ocsp signing',
    'microsoft sgc',
    'netscape sgc',
  ],
} as const satisfies Enum;
export const RequestConditionType = {
  name: 'io.k8s.api.certificates.v1.RequestConditionType',
  closed: false,
  values: ['Approved', 'Denied', 'Failed'],
} as const satisfies Enum;
export const ConditionStatus_core_v1 = {
  name: 'io.k8s.api.core.v1.ConditionStatus',
  closed: false,
  values: ['True', 'False', 'Unknown'],
} as const satisfies Enum;
