/** How Endpoints are written (upstream: registry/core/endpoint/strategy.go). */
import type { Strategy } from '../../../resource-row.ts';
import type { Endpoints } from '../types.ts';
import { validateEndpoints } from '../validation/endpoints.ts';

export const endpointsStrategy: Strategy<Endpoints> = {
  defaults: (e) =>
    e.subsets?.some((ss) => ss.ports?.some((p) => !p.protocol))
      ? {
          ...e,
          subsets: e.subsets.map((ss) =>
            ss.ports ? { ...ss, ports: ss.ports.map((p) => ({ ...p, protocol: p.protocol || 'TCP' })) } : ss,
          ),
        }
      : e,
  validate: validateEndpoints,
  allowCreateOnUpdate: true,
};
