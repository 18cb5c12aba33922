/** Events of both groups, in the core form (upstream: pkg/apis/core/validation/events.go). */
import { type FieldError, invalidValue, required } from '../../../../schema/field-error.ts';
import {
  type Errors,
  validateDNS1123Subdomain,
  validateImmutable,
  validateQualifiedName,
} from '../../../meta/v1/validation.ts';
import type { Event } from '../types.ts';

/** What holds in either version; `controllerField` is what the version calls reportingComponent. */
export function validateLegacyEvent(e: Event, controllerField: string): FieldError[] {
  const errs: Errors = [];
  const namespace = e.metadata.namespace ?? '';
  const about = e.involvedObject.namespace ?? '';
  const mismatch = () => errs.push(invalidValue('involvedObject.namespace', about, 'does not match event.namespace'));
  if (!e.eventTime) {
    if (about ? namespace !== about : namespace !== '' && namespace !== 'default') mismatch();
  } else {
    if (!about && namespace !== 'default' && namespace !== 'kube-system') mismatch();
    const atMost = (value: string | undefined, field: string, n: number, needed = true) => {
      if (needed && !value) errs.push(required(field));
      if (Buffer.byteLength(value ?? '') > n) errs.push(invalidValue(field, '', `can have at most ${n} characters`));
    };
    const controller = e.reportingComponent ?? '';
    if (!controller) errs.push(required(controllerField));
    validateQualifiedName(controller, controllerField, errs);
    atMost(e.reportingInstance, 'reportingInstance', 128);
    atMost(e.action, 'action', 128);
    atMost(e.reason, 'reason', 128);
    atMost(e.message, 'message', 1024, false);
  }
  validateDNS1123Subdomain(namespace, 'namespace', errs);
  return errs;
}

function validateSeries(e: Event, errs: Errors): void {
  if (!e.series) return;
  if ((e.series.count ?? 0) < 2) errs.push(invalidValue('series.count', '', 'should be at least 2'));
  if (!e.series.lastObservedTime) errs.push(required('series.lastObservedTime'));
}

/** events.k8s.io/v1 asks for more than core events do. */
export function validateV1EventCreate(e: Event): readonly FieldError[] {
  const errs: Errors = [];
  validateSeries(e, errs);
  if (!e.eventTime) errs.push(required('eventTime'));
  if (e.type !== 'Normal' && e.type !== 'Warning')
    errs.push(invalidValue('type', '', `has invalid value: ${e.type ?? ''}`));
  const unset = (given: unknown, field: string) => {
    if (given) errs.push(invalidValue(field, '', 'needs to be unset'));
  };
  unset(e.firstTimestamp, 'firstTimestamp');
  unset(e.lastTimestamp, 'lastTimestamp');
  unset(e.count, 'count');
  unset(e.source?.component || e.source?.host, 'source');
  return errs;
}

const immutable = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'type',
  'eventTime',
  'action',
  'related',
] as const;

/** Only the series of an event may change. */
export function validateV1EventUpdate(e: Event, old: Event): readonly FieldError[] {
  const errs: Errors = [];
  validateSeries(e, errs);
  for (const field of immutable) validateImmutable(e[field], old[field], field, errs);
  validateImmutable(e.reportingComponent, old.reportingComponent, 'reportingController', errs);
  validateImmutable(e.reportingInstance, old.reportingInstance, 'reportingInstance', errs);
  return errs;
}
