/** How ServiceAccounts are written (upstream: registry/core/serviceaccount/strategy.go). */
import type { Strategy } from '../../../resource-row.ts';
import type { ServiceAccount } from '../types.ts';

const mountable = 'kubernetes.io/enforce-mountable-secrets';

/** References to secrets keep their names only. */
const withNamesOnly = (a: ServiceAccount): ServiceAccount =>
  a.secrets ? { ...a, secrets: a.secrets.map((s) => (s.name === undefined ? {} : { name: s.name })) } : a;

export const serviceAccountStrategy: Strategy<ServiceAccount> = {
  prepareForCreate: withNamesOnly,
  prepareForUpdate: withNamesOnly,
  warnings: (a, old) => {
    const has = (x: ServiceAccount | undefined) => x?.metadata.annotations?.[mountable] !== undefined;
    return has(a) && !has(old)
      ? [
          `metadata.annotations[${mountable}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
        ]
      : [];
  },
};
