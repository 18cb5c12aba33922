/** The scale subresource: how the kinds with replicas map to autoscaling/v1 Scale (upstream: registry/apps/<kind>/storage/storage.go). */
import { formatLabelSelector } from '../machinery/label-selector.ts';
import { type FieldError, invalidValue } from '../schema/field-error.ts';
import { Scale } from './autoscaling/v1/types.ts';
import type { LabelSelector } from './meta/v1/types.ts';
import type { KubeObject, ScaleMapping, Subresource } from './resource-row.ts';

interface Replicated extends KubeObject {
  readonly spec: { readonly replicas?: number | undefined; readonly selector?: unknown };
  readonly status?: { readonly replicas?: number | undefined } | undefined;
}

/** A label selector as a query text, requirements sorted by key; empty for one that selects everything, nothing or is broken. */
export function labelSelectorText(s: LabelSelector | undefined): string {
  const text = formatLabelSelector(s);
  return text.startsWith('<') ? '' : text;
}

/** A map selector (ReplicationController, Service) as a query text. */
export const mapSelectorText = (m: Readonly<Record<string, string>> | undefined): string =>
  Object.entries(m ?? {})
    .map(([k, v]) => `${k}=${v}`)
    .sort()
    .join(',');

/** Upstream: apis/autoscaling/validation.ValidateScale. */
export function validateScale(scale: Scale): readonly FieldError[] {
  const n = scale.spec?.replicas ?? 0;
  return n < 0 ? [invalidValue('spec.replicas', n, 'must be greater than or equal to 0')] : [];
}

function mapping(selectorText: (obj: Replicated) => string): ScaleMapping {
  return {
    get(o: Replicated) {
      const m = o.metadata;
      const text = selectorText(o);
      return {
        apiVersion: 'autoscaling/v1',
        kind: 'Scale',
        metadata: {
          ...(m.name !== undefined && { name: m.name }),
          ...(m.namespace !== undefined && { namespace: m.namespace }),
          ...(m.uid !== undefined && { uid: m.uid }),
          ...(m.resourceVersion !== undefined && { resourceVersion: m.resourceVersion }),
          ...(m.creationTimestamp !== undefined && { creationTimestamp: m.creationTimestamp }),
        },
        spec: o.spec.replicas ? { replicas: o.spec.replicas } : {},
        status: { replicas: o.status?.replicas ?? 0, ...(text && { selector: text }) },
      };
    },
    set: (o: Replicated, scale) => ({ ...o, spec: { ...o.spec, replicas: scale.spec?.replicas ?? 0 } }),
    selectorText,
    validate: validateScale,
  };
}

const scaleSubresource = (scale: ScaleMapping): Subresource => ({
  name: 'scale',
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  verbs: ['get', 'patch', 'update'],
  schema: Scale,
  scale,
});

/** `scale` of a kind whose selector is a LabelSelector. */
export const labelSelectorScale = scaleSubresource(mapping((o) => labelSelectorText(o.spec.selector as LabelSelector)));
/** `scale` of ReplicationController. */
export const mapSelectorScale = scaleSubresource(
  mapping((o) => mapSelectorText(o.spec.selector as Record<string, string>)),
);
