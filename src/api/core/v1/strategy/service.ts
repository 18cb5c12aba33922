/** How Services are written (upstream: SetDefaults_Service, registry/core/service/strategy.go). Addresses, families and ports are the server's allocation. */
import { withoutGeneration } from '../../../generation.ts';
import { nameIsDNSLabel } from '../../../object-name.ts';
import type { Strategy } from '../../../resource-row.ts';
import { keepsAllButStatus } from '../../../status-part.ts';
import type { Service, ServicePort } from '../types.ts';
import { validateService, validateServiceStatusUpdate, validateServiceUpdate } from '../validation/service.ts';
import { isExternallyAccessible, isHeadless } from './service-fields.ts';

const port = (p: ServicePort): ServicePort =>
  p.protocol && p.targetPort !== undefined && p.targetPort !== 0 && p.targetPort !== ''
    ? p
    : { ...p, protocol: p.protocol || 'TCP', targetPort: p.targetPort || p.port };

export function defaultService(svc: Service): Service {
  const s = svc.spec;
  const affinity = s.sessionAffinity || 'None';
  const type = s.type || 'ClusterIP';
  const { sessionAffinityConfig: config, internalTrafficPolicy: internal, ...rest } = s;
  const typed = { ...rest, type };
  const spec = {
    ...typed,
    sessionAffinity: affinity,
    ...(affinity === 'ClientIP' && {
      sessionAffinityConfig:
        config?.clientIP?.timeoutSeconds === undefined ? { clientIP: { timeoutSeconds: 10800 } } : config,
    }),
    ...(s.ports && { ports: s.ports.map(port) }),
    ...(isExternallyAccessible(typed) && !s.externalTrafficPolicy && { externalTrafficPolicy: 'Cluster' as const }),
    ...(type !== 'ExternalName' && { internalTrafficPolicy: internal ?? ('Cluster' as const) }),
    ...(type === 'LoadBalancer' && { allocateLoadBalancerNodePorts: s.allocateLoadBalancerNodePorts ?? true }),
  };
  const ingress = svc.status?.loadBalancer?.ingress;
  const needsMode = type === 'LoadBalancer' && ingress?.some((i) => i.ip && i.ipMode === undefined);
  return {
    ...svc,
    spec,
    ...(needsMode && {
      status: {
        ...svc.status,
        loadBalancer: {
          ...svc.status.loadBalancer,
          ingress: ingress!.map((i) => (i.ip && i.ipMode === undefined ? { ...i, ipMode: 'VIP' as const } : i)),
        },
      },
    }),
  };
}

export const serviceStrategy: Strategy<Service> = {
  ...withoutGeneration,
  defaults: defaultService,
  prepareForCreate: (svc) => ({ ...svc, status: { loadBalancer: {} } }),
  // Only a LoadBalancer has one.
  prepareForUpdate: (svc, old) => ({
    ...svc,
    status: svc.spec.type === 'LoadBalancer' ? old.status : { ...old.status, loadBalancer: {} },
  }),
  validate: (svc) => validateService(svc, undefined),
  validateUpdate: validateServiceUpdate,
  validateName: nameIsDNSLabel,
  allowCreateOnUpdate: true,
  warnings: (svc) =>
    isHeadless(svc.spec) && svc.spec.loadBalancerIP ? ['spec.loadBalancerIP is ignored for headless services'] : [],
};

export const serviceStatusStrategy: Strategy<Service> = {
  prepareForUpdate: keepsAllButStatus,
  validateUpdate: validateServiceStatusUpdate,
};
