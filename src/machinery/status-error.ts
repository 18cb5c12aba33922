/**
 * The one error of the API: a metav1.Status that can be thrown. Made by the named constructors below, which carry upstream's
 * code, reason and wording (staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go).
 */
import type { FieldError } from '../schema/field-error.ts';

export interface StatusCause {
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly field?: string | undefined;
}

export interface StatusDetails {
  readonly name?: string | undefined;
  readonly group?: string | undefined;
  readonly kind?: string | undefined;
  readonly uid?: string | undefined;
  readonly causes?: readonly StatusCause[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: { readonly resourceVersion?: string | undefined; readonly continue?: string | undefined };
  readonly status: 'Success' | 'Failure';
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly details?: StatusDetails | undefined;
  readonly code: number;
}

/** Group and plural of a resource, as messages name it. */
export interface GroupResource {
  readonly group: string;
  readonly resource: string;
}
export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** `pods`, `deployments.apps`: upstream's GroupResource.String(). */
export const groupResourceText = (r: GroupResource): string => (r.group ? `${r.resource}.${r.group}` : r.resource);
const groupKindText = (k: GroupKind): string => (k.group ? `${k.kind}.${k.group}` : k.kind);

export class StatusError extends Error {
  readonly status: Status;
  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.name = 'StatusError';
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      ...(details && { details }),
      code,
    };
  }
  get code(): number {
    return this.status.code;
  }
  get reason(): string {
    return this.status.reason ?? '';
  }
  /** Wraps a Status received from a server. */
  static fromStatus(s: Partial<Status>): StatusError {
    const e = new StatusError(s.code ?? 500, s.reason ?? '', s.message ?? '', s.details);
    return Object.assign(e, { status: { ...e.status, ...s } });
  }
  /** Any thrown value as a StatusError; what is not one becomes an InternalError. Used once, at the edge. */
  static from(e: unknown): StatusError {
    return e instanceof StatusError ? e : internalError(e instanceof Error ? e : new Error(String(e)));
  }
}

export const notFound = (r: GroupResource, name: string): StatusError =>
  new StatusError(404, 'NotFound', `${groupResourceText(r)} "${name}" not found`, {
    name,
    ...(r.group && { group: r.group }),
    kind: r.resource,
  });
export const alreadyExists = (r: GroupResource, name: string): StatusError =>
  new StatusError(409, 'AlreadyExists', `${groupResourceText(r)} "${name}" already exists`, {
    name,
    ...(r.group && { group: r.group }),
    kind: r.resource,
  });
export const conflict = (r: GroupResource, name: string, why: string): StatusError =>
  new StatusError(409, 'Conflict', `Operation cannot be fulfilled on ${groupResourceText(r)} "${name}": ${why}`, {
    name,
    ...(r.group && { group: r.group }),
    kind: r.resource,
  });
/** The message of an update whose resourceVersion is stale (upstream: registry/generic/registry.OptimisticLockErrorMsg). */
export const optimisticLockMessage =
  'the object has been modified; please apply your changes to the latest version and try again';
export const badRequest = (why: string): StatusError => new StatusError(400, 'BadRequest', why);
export const unauthorized = (why?: string): StatusError =>
  new StatusError(401, 'Unauthorized', why || 'not authorized');
export const forbidden = (r: GroupResource, name: string, why: string): StatusError =>
  new StatusError(
    403,
    'Forbidden',
    name ? `${groupResourceText(r)} "${name}" is forbidden: ${why}` : `${groupResourceText(r)} is forbidden: ${why}`,
    {
      ...(name && { name }),
      ...(r.group && { group: r.group }),
      kind: r.resource,
    },
  );
export const gone = (why: string): StatusError => new StatusError(410, 'Gone', why);
export const expired = (why: string): StatusError => new StatusError(410, 'Expired', why);
export const methodNotSupported = (r: GroupResource, action: string): StatusError =>
  new StatusError(
    405,
    'MethodNotAllowed',
    `${action} is not supported on resources of kind "${groupResourceText(r)}"`,
    { ...(r.group && { group: r.group }), kind: r.resource },
  );
export const internalError = (err: Error): StatusError =>
  new StatusError(500, 'InternalError', `Internal error occurred: ${err.message}`, {
    causes: [{ message: err.message }],
  });
export const timeoutError = (why: string, retryAfterSeconds = 0): StatusError =>
  new StatusError(504, 'Timeout', `Timeout: ${why}`, { retryAfterSeconds });
export const serverTimeout = (r: GroupResource, action: string, retryAfterSeconds: number): StatusError =>
  new StatusError(
    500,
    'ServerTimeout',
    `The ${action} operation against ${groupResourceText(r)} could not be completed at this time, please try again.`,
    {
      ...(r.group && { group: r.group }),
      kind: r.resource,
      retryAfterSeconds,
    },
  );
export const serviceUnavailable = (why: string): StatusError => new StatusError(503, 'ServiceUnavailable', why);
export const tooManyRequests = (why: string, retryAfterSeconds: number): StatusError =>
  new StatusError(429, 'TooManyRequests', why, { retryAfterSeconds });
export const requestEntityTooLarge = (why: string): StatusError => new StatusError(413, 'RequestEntityTooLarge', why);
export const unsupportedMediaType = (why: string): StatusError => new StatusError(415, 'UnsupportedMediaType', why);
export const notAcceptable = (why: string): StatusError => new StatusError(406, 'NotAcceptable', why);

/** 422 with one cause per field error, worded as upstream's NewInvalid. */
export function invalid(k: GroupKind, name: string, errors: readonly FieldError[]): StatusError {
  const texts = errors.map((e) => `${e.field}: ${e.message}`);
  const list = texts.length === 1 ? texts[0]! : `[${[...new Set(texts)].join(', ')}]`;
  return new StatusError(422, 'Invalid', `${groupKindText(k)} "${name}" is invalid: ${list}`, {
    ...(name && { name }),
    ...(k.group && { group: k.group }),
    kind: k.kind,
    causes: errors.map((e) => ({ reason: e.type, message: e.message, field: e.field })),
  });
}

export const isNotFound = (e: unknown): boolean => e instanceof StatusError && e.reason === 'NotFound';
export const isConflict = (e: unknown): boolean => e instanceof StatusError && e.reason === 'Conflict';
export const isAlreadyExists = (e: unknown): boolean => e instanceof StatusError && e.reason === 'AlreadyExists';
export const isForbidden = (e: unknown): boolean => e instanceof StatusError && e.reason === 'Forbidden';
/** The watch or continue token is too old: relist. */
export const isExpired = (e: unknown): boolean => e instanceof StatusError && e.code === 410;
