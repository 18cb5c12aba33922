/** How CustomResourceDefinitions are written (upstream: apiextensions/v1/defaults.go, pkg/registry/customresourcedefinition). */
import type { Strategy } from '../../../resource-row.ts';
import { keepsAllButStatus } from '../../../status-part.ts';
import type { CustomResourceDefinition } from '../types.ts';

function defaults(c: CustomResourceDefinition): CustomResourceDefinition {
  const { names, conversion } = c.spec;
  const service = conversion?.webhook?.clientConfig?.service;
  const stored = c.spec.versions?.filter((v) => v.storage).map((v) => v.name) ?? [];
  return {
    ...c,
    spec: {
      ...c.spec,
      names: {
        ...names,
        singular: names.singular || (names.kind ?? '').toLowerCase(),
        ...(names.kind && { listKind: names.listKind || `${names.kind}List` }),
      },
      conversion:
        conversion?.webhook?.clientConfig && service && service.port === undefined
          ? {
              ...conversion,
              webhook: {
                ...conversion.webhook,
                clientConfig: { ...conversion.webhook.clientConfig, service: { ...service, port: 443 } },
              },
            }
          : (conversion ?? { strategy: 'None' }),
    },
    status: { ...c.status, ...(!c.status?.storedVersions?.length && { storedVersions: stored }) },
  };
}

/** `storedVersions` names every version an object may be stored in: the one that stores joins it. */
function withStored(c: CustomResourceDefinition, before: readonly string[]): readonly string[] {
  const now = c.spec.versions?.find((v) => v.storage)?.name;
  return now === undefined || before.includes(now) ? before : [...before, now];
}

export const customResourceDefinitionStrategy: Strategy<CustomResourceDefinition> = {
  defaults,
  prepareForCreate: (c) => ({
    ...c,
    status: { acceptedNames: { plural: '', kind: '' }, storedVersions: withStored(c, []) },
  }),
  prepareForUpdate: (c, old) => ({
    ...c,
    status: { ...old.status, storedVersions: withStored(c, old.status?.storedVersions ?? []) },
  }),
};
export const customResourceDefinitionStatusStrategy: Strategy<CustomResourceDefinition> = {
  prepareForUpdate: keepsAllButStatus,
};
