/** How Namespaces are written and how they end: spec.finalizers hold them until their contents are gone (upstream: registry/core/namespace). */
import { withoutGeneration } from '../../../generation.ts';
import { nameIsDNSLabel } from '../../../object-name.ts';
import type { Strategy } from '../../../resource-row.ts';
import { keepsAllButStatus } from '../../../status-part.ts';
import type { Namespace } from '../types.ts';
import {
  validateNamespace,
  validateNamespaceFinalizeUpdate,
  validateNamespaceStatusUpdate,
} from '../validation/namespace.ts';

const nameLabel = 'kubernetes.io/metadata.name';

function withNameLabel(ns: Namespace): Namespace {
  const { name, labels } = ns.metadata;
  if (!name || labels?.[nameLabel] === name) return ns;
  return { ...ns, metadata: { ...ns.metadata, labels: { ...labels, [nameLabel]: name } } };
}

export const namespaceStrategy: Strategy<Namespace> = {
  ...withoutGeneration,
  defaults: (ns) => withNameLabel({ ...ns, status: { ...ns.status, phase: ns.status?.phase || 'Active' } }),
  // The name may have been generated since the defaults were set.
  prepareForCreate: (ns) => {
    const finalizers = ns.spec?.finalizers ?? [];
    return withNameLabel({
      ...ns,
      spec: finalizers.includes('kubernetes') ? ns.spec : { ...ns.spec, finalizers: [...finalizers, 'kubernetes'] },
      status: { phase: 'Active' },
    });
  },
  prepareForUpdate: (ns, old) =>
    withNameLabel({ ...ns, spec: { ...ns.spec, finalizers: old.spec.finalizers }, status: old.status }),
  validate: validateNamespace,
  validateName: nameIsDNSLabel,
  hasFinalizers: (ns) => !!ns.spec?.finalizers?.length,
  onDeleting: (ns) =>
    ns.status.phase === 'Terminating' ? ns : { ...ns, status: { ...ns.status, phase: 'Terminating' } },
};

export const namespaceStatusStrategy: Strategy<Namespace> = {
  prepareForUpdate: keepsAllButStatus,
  validateUpdate: validateNamespaceStatusUpdate,
};

export const namespaceFinalizeStrategy: Strategy<Namespace> = {
  prepareForUpdate: (ns, old) => ({ ...ns, status: old.status }),
  validateUpdate: validateNamespaceFinalizeUpdate,
};
