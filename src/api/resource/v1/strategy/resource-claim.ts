/** How ResourceClaims are written (upstream: resource/v1/defaults.go, registry/resource). */
import { withoutGeneration } from '../../../generation.ts';
import type { Strategy } from '../../../resource-row.ts';
import { clearsStatus } from '../../../status-part.ts';
import { ResourceClaim } from '../types.ts';
import { defaultRequests } from './device-requests.ts';

export const resourceClaimStrategy: Strategy<ResourceClaim> = {
  ...withoutGeneration,
  ...clearsStatus(ResourceClaim),
  defaults: (c) => ({ ...c, spec: defaultRequests(c.spec) }),
};
