/** How ResourceClaimTemplates are written (upstream: resource/v1/defaults.go, registry/resource). */
import { withoutGeneration } from '../../../generation.ts';
import type { Strategy } from '../../../resource-row.ts';
import type { ResourceClaimTemplate } from '../types.ts';
import { defaultRequests } from './device-requests.ts';

export const resourceClaimTemplateStrategy: Strategy<ResourceClaimTemplate> = {
  ...withoutGeneration,
  defaults: (c) => ({ ...c, spec: { ...c.spec, spec: defaultRequests(c.spec.spec) } }),
};
