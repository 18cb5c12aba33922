/** How APIServices are written: one without a service is answered here and available at once (upstream: kube-aggregator/pkg/registry/apiservice). */
import { rfc3339 } from '../../../../base/clock.ts';
import { withoutGeneration } from '../../../generation.ts';
import { isPathSegmentName } from '../../../../machinery/names.ts';
import type { Strategy } from '../../../resource-row.ts';
import { keepsAllButStatus } from '../../../status-part.ts';
import type { APIService } from '../types.ts';

export const apiServiceStrategy: Strategy<APIService> = {
  ...withoutGeneration,
  // `v1.` is the name of the core group's: not a DNS name
  validateName: isPathSegmentName,
  defaults: (a) =>
    a.spec.service && a.spec.service.port === undefined
      ? { ...a, spec: { ...a.spec, service: { ...a.spec.service, port: 443 } } }
      : a,
  prepareForCreate: (a, ctx) => ({
    ...a,
    status: a.spec.service
      ? {}
      : {
          conditions: [
            {
              type: 'Available',
              status: 'True',
              lastTransitionTime: rfc3339(ctx.now),
              reason: 'Local',
              message: 'Local APIServices are always available',
            },
          ],
        },
  }),
  prepareForUpdate: (a, old) => ({ ...a, status: old.status }),
};
export const apiServiceStatusStrategy: Strategy<APIService> = { prepareForUpdate: keepsAllButStatus };
