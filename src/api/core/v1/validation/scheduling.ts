/** Where pods may run: affinity, tolerations, spreading, taints (upstream: validation.go validateAffinity, ValidateTolerations, validateTopologySpreadConstraints). */
import { duplicate, forbiddenField, invalidValue, required } from '../../../../schema/field-error.ts';
import type { LabelSelector } from '../../../meta/v1/types.ts';
import {
  type Errors,
  unsupported,
  validateDNS1123Label,
  validateDNS1123Subdomain,
  validateLabelName,
  validateLabelSelector,
} from '../../../meta/v1/validation.ts';
import { isLabelValue } from '../../../../machinery/names.ts';
import type {
  Affinity,
  NodeSelector,
  NodeSelectorTerm,
  PodAffinityTerm,
  Taint,
  Toleration,
  TopologySpreadConstraint,
} from '../types.ts';

function validateNodeSelectorTerm(t: NodeSelectorTerm, checkValues: boolean, path: string, errs: Errors): void {
  t.matchExpressions?.forEach((r, i) => {
    const p = `${path}.matchExpressions[${i}]`;
    const n = r.values?.length ?? 0;
    switch (r.operator) {
      case 'In':
      case 'NotIn':
        if (n === 0) errs.push(required(`${p}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
        break;
      case 'Exists':
      case 'DoesNotExist':
        if (n > 0)
          errs.push(
            forbiddenField(`${p}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
          );
        break;
      case 'Gt':
      case 'Lt':
        if (n !== 1)
          errs.push(required(`${p}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
        break;
      default:
        errs.push(invalidValue(`${p}.operator`, r.operator ?? '', 'not a valid selector operator'));
    }
    validateLabelName(r.key ?? '', `${p}.key`, errs);
    if (checkValues)
      r.values?.forEach((v, j) => {
        for (const m of isLabelValue(v)) errs.push(invalidValue(`${p}.values[${j}]`, v, m));
      });
  });
  t.matchFields?.forEach((r, i) => {
    const p = `${path}.matchFields[${i}]`;
    if (r.operator === 'In' || r.operator === 'NotIn') {
      if (r.values?.length !== 1)
        errs.push(
          required(`${p}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
        );
    } else errs.push(invalidValue(`${p}.operator`, r.operator ?? '', 'not a valid selector operator'));
    if (r.key !== 'metadata.name') errs.push(invalidValue(`${p}.key`, r.key ?? '', 'not a valid field selector key'));
    else
      r.values?.forEach((v, j) => {
        validateDNS1123Subdomain(v, `${p}.values[${j}]`, errs);
      });
  });
}

export function validateNodeSelector(s: NodeSelector, path: string, errs: Errors): void {
  const terms = s.nodeSelectorTerms ?? [];
  if (terms.length === 0) errs.push(required(`${path}.nodeSelectorTerms`, 'must have at least one node selector term'));
  terms.forEach((t, i) => {
    validateNodeSelectorTerm(t, true, `${path}.nodeSelectorTerms[${i}]`, errs);
  });
}

function validateKeys(
  keys: readonly string[] | undefined,
  s: LabelSelector | undefined,
  path: string,
  errs: Errors,
): void {
  if (!keys?.length) return;
  if (!s) {
    errs.push(forbiddenField(path, 'must not be specified when labelSelector is not set'));
    return;
  }
  keys.forEach((k, i) => {
    validateLabelName(k, `${path}[${i}]`, errs);
  });
}

/** matchLabelKeys and mismatchLabelKeys beside a selector that holds the labels they stand for. */
function validateLabelKeys(
  match: readonly string[] | undefined,
  mismatch: readonly string[] | undefined,
  s: LabelSelector | undefined,
  path: string,
  errs: Errors,
): void {
  if (!match?.length && !mismatch?.length) return;
  validateKeys(match, s, `${path}.matchLabelKeys`, errs);
  validateKeys(mismatch, s, `${path}.mismatchLabelKeys`, errs);
  if (s) {
    const seen = new Set(Object.keys(s.matchLabels ?? {}));
    for (const r of s.matchExpressions ?? []) {
      const i = match?.lastIndexOf(r.key) ?? -1;
      if (i >= 0 && seen.has(r.key))
        errs.push(invalidValue(`${path}[${i}]`, r.key, 'exists in both matchLabelKeys and labelSelector'));
      seen.add(r.key);
    }
  }
  match?.forEach((k, i) => {
    if (mismatch?.includes(k))
      errs.push(invalidValue(`${path}.matchLabelKeys[${i}]`, k, 'exists in both matchLabelKeys and mismatchLabelKeys'));
  });
}

function validatePodTerm(t: PodAffinityTerm, path: string, errs: Errors): void {
  validateLabelSelector(t.labelSelector, `${path}.labelSelector`, errs);
  validateLabelSelector(t.namespaceSelector, `${path}.namespaceSelector`, errs);
  for (const n of t.namespaces ?? []) validateDNS1123Label(n, `${path}.namespace`, errs);
  validateLabelKeys(t.matchLabelKeys, t.mismatchLabelKeys, t.labelSelector, path, errs);
  if (!t.topologyKey) errs.push(required(`${path}.topologyKey`, 'can not be empty'));
  validateLabelName(t.topologyKey ?? '', `${path}.topologyKey`, errs);
}

const inWeightRange = (w: number | undefined): boolean => (w ?? 0) > 0 && (w ?? 0) <= 100;
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

export function validateAffinity(a: Affinity | undefined, path: string, errs: Errors): void {
  if (!a) return;
  if (a.nodeAffinity) {
    const p = `${path}.nodeAffinity`;
    if (a.nodeAffinity[REQUIRED]) validateNodeSelector(a.nodeAffinity[REQUIRED], `${p}.${REQUIRED}`, errs);
    a.nodeAffinity[PREFERRED]?.forEach((t, i) => {
      const at = `${p}.${PREFERRED}[${i}]`;
      if (!inWeightRange(t.weight))
        errs.push(invalidValue(`${at}.weight`, t.weight ?? 0, 'must be in the range 1-100'));
      validateNodeSelectorTerm(t.preference, false, `${at}.preference`, errs);
    });
  }
  for (const kind of ['podAffinity', 'podAntiAffinity'] as const) {
    const p = `${path}.${kind}`;
    a[kind]?.[REQUIRED]?.forEach((t, i) => {
      validatePodTerm(t, `${p}.${REQUIRED}[${i}]`, errs);
    });
    a[kind]?.[PREFERRED]?.forEach((t, i) => {
      const at = `${p}.${PREFERRED}[${i}]`;
      if (!inWeightRange(t.weight))
        errs.push(invalidValue(`${at}.weight`, t.weight ?? 0, 'must be in the range 1-100'));
      validatePodTerm(t.podAffinityTerm, `${at}.podAffinityTerm`, errs);
    });
  }
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export function validateTolerations(list: readonly Toleration[] | undefined, path: string, errs: Errors): void {
  list?.forEach((t, i) => {
    const p = `${path}[${i}]`;
    const operator = t.operator ?? '';
    if (t.key) validateLabelName(t.key, `${p}.key`, errs);
    else if (operator !== 'Exists')
      errs.push(
        invalidValue(
          `${p}.operator`,
          operator,
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      );
    if (t.tolerationSeconds !== undefined && t.effect !== 'NoExecute')
      errs.push(
        invalidValue(`${p}.effect`, t.effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set"),
      );
    const value = t.value ?? '';
    switch (operator) {
      case 'Equal':
      case '': {
        const messages = isLabelValue(value);
        if (messages.length) errs.push(invalidValue(`${p}.operator`, value, messages.join(';')));
        break;
      }
      case 'Exists':
        if (value) errs.push(invalidValue(`${p}.operator`, value, "value must be empty when `operator` is 'Exists'"));
        break;
      case 'Lt':
      case 'Gt':
        errs.push(unsupported(`${p}.operator`, operator, ['Equal', 'Exists', 'Lt', 'Gt']));
        break;
      default:
        errs.push(unsupported(`${p}.operator`, operator, ['Equal', 'Exists']));
    }
    if (t.effect && !effects.includes(t.effect)) errs.push(unsupported(`${p}.effect`, t.effect, effects));
  });
}

/** Taints of a node: unique by key and effect. */
export function validateTaints(taints: readonly Taint[] | undefined, path: string, errs: Errors): void {
  const seen = new Set<string>();
  taints?.forEach((t, i) => {
    const p = `${path}[${i}]`;
    validateLabelName(t.key, `${p}.key`, errs);
    const messages = isLabelValue(t.value ?? '');
    if (messages.length) errs.push(invalidValue(`${p}.value`, t.value ?? '', messages.join(';')));
    if (!t.effect) errs.push(required(`${p}.effect`));
    else if (!effects.includes(t.effect)) errs.push(unsupported(`${p}.effect`, t.effect, effects));
    const key = `${t.effect} ${t.key}`;
    if (seen.has(key)) {
      const internal = { Key: t.key, Value: t.value ?? '', Effect: t.effect, TimeAdded: t.timeAdded ?? null };
      errs.push({
        type: 'FieldValueDuplicate',
        field: p,
        message: `Duplicate value: ${JSON.stringify(internal)}: taints must be unique by key and effect pair`,
      });
    }
    seen.add(key);
  });
}

const actions = ['DoNotSchedule', 'ScheduleAnyway'];
const inclusion = ['Honor', 'Ignore'];

export function validateTopologySpread(
  list: readonly TopologySpreadConstraint[] | undefined,
  path: string,
  errs: Errors,
): void {
  list?.forEach((c, i) => {
    const p = `${path}[${i}]`;
    if (!(c.maxSkew > 0)) errs.push(invalidValue(`${p}.maxSkew`, c.maxSkew ?? 0, 'must be greater than zero'));
    if (!c.topologyKey) errs.push(required(`${p}.topologyKey`, 'can not be empty'));
    if (!actions.includes(c.whenUnsatisfiable))
      errs.push(unsupported(`${p}.whenUnsatisfiable`, c.whenUnsatisfiable ?? '', actions));
    if (list.slice(i + 1).some((o) => o.topologyKey === c.topologyKey && o.whenUnsatisfiable === c.whenUnsatisfiable))
      errs.push(duplicate(`${p}.{topologyKey, whenUnsatisfiable}`, `{${c.topologyKey}, ${c.whenUnsatisfiable}}`));
    if (c.minDomains !== undefined) {
      if (c.minDomains <= 0) errs.push(invalidValue(`${p}.minDomains`, c.minDomains, 'must be greater than zero'));
      if (c.whenUnsatisfiable !== 'DoNotSchedule')
        errs.push(
          invalidValue(
            `${p}.minDomains`,
            c.minDomains,
            `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${c.whenUnsatisfiable}`,
          ),
        );
    }
    for (const field of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
      const v = c[field];
      if (v !== undefined && !inclusion.includes(v)) errs.push(unsupported(`${p}.${field}`, v, inclusion));
    }
    validateLabelKeys(c.matchLabelKeys, undefined, c.labelSelector, p, errs);
    validateLabelSelector(c.labelSelector, `${p}.labelSelector`, errs);
  });
}
