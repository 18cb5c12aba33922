/** How LimitRanges are written (upstream: SetDefaults_LimitRangeItem, validation.go ValidateLimitRange). */
import { cmpQuantity, milliValue } from '../../../../machinery/quantity.ts';
import { isQualifiedName } from '../../../../machinery/names.ts';
import { duplicate, type FieldError, forbiddenField, invalidValue, required } from '../../../../schema/field-error.ts';
import { withoutGeneration } from '../../../generation.ts';
import type { Errors } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import type { LimitRange, LimitRangeItem } from '../types.ts';
import { validateContainerResourceName, validateResourceName } from '../validation/resources.ts';

function defaultItem(i: LimitRangeItem): LimitRangeItem {
  if (i.type !== 'Container') return i;
  const limits = { ...i.max, ...i.default };
  return { ...i, default: limits, defaultRequest: { ...i.min, ...limits, ...i.defaultRequest } };
}

const types = ['Pod', 'Container', 'PersistentVolumeClaim'];
const parts = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;
const isOvercommitAllowed = (name: string): boolean =>
  (!name.includes('/') || name.includes('kubernetes.io/')) && !name.startsWith('hugepages-');

function validateAmounts(i: LimitRangeItem, name: string, path: string, errs: Errors): void {
  const { min, max, default: limits, defaultRequest, maxLimitRequestRatio } = i;
  const inPod = i.type === 'Pod';
  const [lo, hi] = [min?.[name], max?.[name]];
  const limit = inPod ? undefined : limits?.[name];
  const request = inPod ? undefined : defaultRequest?.[name];
  const ratio = maxLimitRequestRatio?.[name];
  const over = (a: string | undefined, b: string | undefined): a is string =>
    a !== undefined && b !== undefined && cmpQuantity(a, b) > 0;
  const bad = (part: string, v: unknown, why: string) => errs.push(invalidValue(`${path}.${part}[${name}]`, v, why));
  if (over(lo, hi)) bad('min', lo, `min value ${lo} is greater than max value ${hi}`);
  if (over(lo, request))
    bad('defaultRequest', request, `min value ${lo} is greater than default request value ${request}`);
  if (over(request, hi))
    bad('defaultRequest', request, `default request value ${request} is greater than max value ${hi}`);
  if (over(request, limit))
    bad('defaultRequest', request, `default request value ${request} is greater than default limit value ${limit}`);
  if (over(lo, limit)) bad('default', lo, `min value ${lo} is greater than default value ${limit}`);
  if (over(limit, hi)) bad('default', hi, `default value ${limit} is greater than max value ${hi}`);
  if (ratio !== undefined && cmpQuantity(ratio, '1') < 0)
    bad('maxLimitRequestRatio', ratio, `ratio ${ratio} is less than 1`);
  if (ratio !== undefined && lo !== undefined && hi !== undefined) {
    const most = milliValue(hi) / milliValue(lo);
    if (milliValue(ratio) / 1000 > most)
      bad('maxLimitRequestRatio', ratio, `ratio ${ratio} is greater than max/min = ${most.toFixed(6)}`);
  }
  if (!isOvercommitAllowed(name) && limit !== undefined && request !== undefined && cmpQuantity(limit, request) !== 0)
    bad('defaultRequest', request, `default value ${limit} must equal to defaultRequest value ${request} in ${name}`);
}

function validate(l: LimitRange): readonly FieldError[] {
  const errs: Errors = [];
  const seen = new Set<string>();
  l.spec.limits?.forEach((i, n) => {
    const path = `spec.limits[${n}]`;
    const messages = isQualifiedName(i.type);
    for (const m of messages) errs.push(invalidValue(`${path}.type`, i.type, m));
    if (messages.length === 0 && !i.type.includes('/') && !types.includes(i.type))
      errs.push(invalidValue(`${path}.type`, i.type, 'must be a standard limit type or fully qualified'));
    if (seen.has(i.type)) errs.push(duplicate(`${path}.type`, i.type));
    seen.add(i.type);
    const names = new Set<string>();
    for (const part of parts) {
      const list = Object.keys(i[part] ?? {});
      if (i.type === 'Pod' && (part === 'default' || part === 'defaultRequest')) {
        if (list.length) errs.push(forbiddenField(`${path}.${part}`, "may not be specified when `type` is 'Pod'"));
        continue;
      }
      for (const name of list) {
        const at = `${path}.${part}[${name}]`;
        if (i.type === 'Pod' || i.type === 'Container') validateContainerResourceName(name, at, errs);
        else validateResourceName(name, at, errs);
        names.add(name);
      }
    }
    if (i.type === 'PersistentVolumeClaim' && !i.min?.['storage'] && !i.max?.['storage'])
      errs.push(
        required(`${path}.limits`, 'either minimum or maximum storage value is required, but neither was provided'),
      );
    for (const name of names) validateAmounts(i, name, path, errs);
  });
  return errs;
}

export const limitRangeStrategy: Strategy<LimitRange> = {
  ...withoutGeneration,
  defaults: (l) => ({ ...l, spec: { ...l.spec, limits: (l.spec.limits ?? []).map(defaultItem) } }),
  validate,
  allowCreateOnUpdate: true,
};
