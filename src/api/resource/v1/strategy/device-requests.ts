/** Defaults of device requests (upstream: resource/v1/defaults.go). */
import type { DeviceSubRequest, ExactDeviceRequest, ResourceClaimSpec } from '../types.ts';

function request<R extends ExactDeviceRequest | DeviceSubRequest>(r: R): R {
  const mode = r.allocationMode || 'ExactCount';
  return {
    ...r,
    allocationMode: mode,
    ...(mode === 'ExactCount' && { count: r.count || 1 }),
    ...(r.tolerations && { tolerations: r.tolerations.map((t) => ({ ...t, operator: t.operator || 'Equal' })) }),
  };
}

export const defaultRequests = (s: ResourceClaimSpec): ResourceClaimSpec =>
  s.devices?.requests
    ? {
        ...s,
        devices: {
          ...s.devices,
          requests: s.devices.requests.map((r) => ({
            ...r,
            ...(r.exactly && { exactly: request(r.exactly) }),
            ...(r.firstAvailable && { firstAvailable: r.firstAvailable.map(request) }),
          })),
        },
      }
    : s;
