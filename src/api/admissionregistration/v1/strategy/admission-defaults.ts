/** Defaults that the admission kinds share (upstream: admissionregistration/v1/defaults.go). */
import type { MatchResources, MutatingWebhook, ValidatingWebhook } from '../types.ts';

interface Scoped {
  readonly scope?: string | undefined;
}
const scoped = <R extends Scoped>(r: R): R => (r.scope === undefined ? { ...r, scope: '*' } : r);

export const defaultMatch = <M extends MatchResources | undefined>(m: M): M =>
  m && {
    ...m,
    matchPolicy: m.matchPolicy ?? 'Equivalent',
    namespaceSelector: m.namespaceSelector ?? {},
    objectSelector: m.objectSelector ?? {},
    ...(m.resourceRules && { resourceRules: m.resourceRules.map(scoped) }),
    ...(m.excludeResourceRules && { excludeResourceRules: m.excludeResourceRules.map(scoped) }),
  };

export const defaultWebhook = <W extends ValidatingWebhook | MutatingWebhook>(w: W): W => ({
  ...w,
  failurePolicy: w.failurePolicy ?? 'Fail',
  matchPolicy: w.matchPolicy ?? 'Equivalent',
  namespaceSelector: w.namespaceSelector ?? {},
  objectSelector: w.objectSelector ?? {},
  timeoutSeconds: w.timeoutSeconds ?? 10,
  ...(w.rules && { rules: w.rules.map(scoped) }),
  ...(w.clientConfig?.service &&
    w.clientConfig.service.port === undefined && {
      clientConfig: { ...w.clientConfig, service: { ...w.clientConfig.service, port: 443 } },
    }),
});
