/** The options of each verb, read from the query (or a DeleteOptions body) and checked as upstream checks them (metav1/validation). */
import type { DeleteOptions as DeleteOptionsBody } from '../api/meta/v1/types.ts';
import type { FieldError } from '../schema/field-error.ts';
import { forbiddenField, invalidValue, notSupported, required, tooLong } from '../schema/field-error.ts';
import { badRequest, invalid, StatusError } from '../machinery/status-error.ts';
import { queryBool } from './request-info.ts';

export interface MutationOptions {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict';
  readonly force: boolean;
}

export interface ListOptions {
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly watch: boolean;
  readonly allowWatchBookmarks: boolean;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  readonly timeoutSeconds: number | undefined;
  readonly limit: number;
  readonly continue: string;
  readonly sendInitialEvents: boolean | undefined;
}

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: string | undefined;
  readonly orphanDependents?: boolean | undefined;
  readonly preconditions?:
    | { readonly uid?: string | undefined; readonly resourceVersion?: string | undefined }
    | undefined;
  readonly dryRun: boolean;
}

const meta = (kind: string) => ({ group: 'meta.k8s.io', kind });

function dryRunErrors(values: readonly string[]): FieldError[] {
  return values.every((v) => v === 'All') ? [] : [notSupported('dryRun', values, ['All'])];
}

function fieldManagerErrors(manager: string): FieldError[] {
  const out: FieldError[] = [];
  if (Buffer.byteLength(manager) > 128) out.push(tooLong('fieldManager', 128));
  let i = 0;
  for (const c of manager) {
    if (/[\p{C}\p{Zl}\p{Zp}]/u.test(c) || (c !== ' ' && /\p{Zs}/u.test(c)))
      out.push(
        invalidValue(
          'fieldManager',
          manager,
          `invalid character U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} (at position ${i})`,
        ),
      );
    i += Buffer.byteLength(c);
  }
  return out;
}

const defaultMutation: MutationOptions = { dryRun: false, fieldManager: '', fieldValidation: 'Warn', force: false };

/** CreateOptions, UpdateOptions or PatchOptions of a query. @throws 422 when one is not allowed */
export function mutationOptions(
  query: URLSearchParams,
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  isApply = false,
): MutationOptions {
  if (query.size === 0 && !isApply) return defaultMutation;
  const dryRun = query.getAll('dryRun').filter((v) => v !== '');
  const fieldManager = query.get('fieldManager') ?? '';
  const fieldValidation = query.get('fieldValidation') ?? '';
  const force = query.get('force');
  const errors: FieldError[] = [];
  if (kind === 'PatchOptions') {
    if (isApply && !fieldManager) errors.push(required('fieldManager', 'is required for apply patch'));
    if (!isApply && force !== null) errors.push(forbiddenField('force', 'may not be specified for non-apply patch'));
  }
  errors.push(...fieldManagerErrors(fieldManager), ...dryRunErrors(dryRun));
  if (!['', 'Ignore', 'Warn', 'Strict'].includes(fieldValidation))
    errors.push(notSupported('fieldValidation', fieldValidation, ['', 'Ignore', 'Warn', 'Strict']));
  if (errors.length) throw invalid(meta(kind), '', errors);
  return {
    dryRun: dryRun.length > 0,
    fieldManager,
    fieldValidation: (fieldValidation || 'Warn') as MutationOptions['fieldValidation'],
    force: queryBool(force),
  };
}

const integer = (query: URLSearchParams, name: string): number | undefined => {
  const v = query.get(name);
  if (v === null) return undefined;
  const refuse = (why: string) => badRequest(`strconv.ParseInt: parsing ${JSON.stringify(v)}: ${why}`);
  if (!/^[+-]?\d+$/.test(v)) throw refuse('invalid syntax');
  const n = BigInt(v.replace('+', ''));
  if (BigInt.asIntN(64, n) !== n) throw refuse('value out of range');
  return Number(n);
};

/** ListOptions of a query. @throws 400 or 422 as upstream's ValidateListOptions */
export function listOptions(query: URLSearchParams, watch: boolean): ListOptions {
  const sendInitial = query.get('sendInitialEvents');
  const o: ListOptions = {
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
    watch,
    allowWatchBookmarks: queryBool(query.get('allowWatchBookmarks')),
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
    timeoutSeconds: integer(query, 'timeoutSeconds'),
    limit: integer(query, 'limit') ?? 0,
    continue: query.get('continue') ?? '',
    sendInitialEvents: sendInitial === null ? undefined : queryBool(sendInitial),
  };
  const match = o.resourceVersionMatch;
  const errors: FieldError[] = [];
  const noMatch = (why: string) => errors.push(forbiddenField('resourceVersionMatch', why));
  if (watch) {
    if (o.sendInitialEvents !== undefined && match !== 'NotOlderThan')
      noMatch('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
    if (match) {
      if (o.sendInitialEvents === undefined)
        noMatch('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
      if (match !== 'NotOlderThan') errors.push(notSupported('resourceVersionMatch', match, ['NotOlderThan']));
      if (o.continue) noMatch('resourceVersionMatch is forbidden when continue is provided');
    }
  } else {
    if (match) {
      if (!o.resourceVersion) noMatch('resourceVersionMatch is forbidden unless resourceVersion is provided');
      if (o.continue) noMatch('resourceVersionMatch is forbidden when continue is provided');
      if (match !== 'Exact' && match !== 'NotOlderThan')
        errors.push(notSupported('resourceVersionMatch', match, ['Exact', 'NotOlderThan', '']));
      if (match === 'Exact' && o.resourceVersion === '0')
        noMatch('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
    }
    if (o.sendInitialEvents !== undefined)
      errors.push(forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  }
  if (errors.length) throw invalid(meta('ListOptions'), '', errors);
  return o;
}

/** DeleteOptions of a decoded body (undefined = no body) or else of the query. @throws 400 or 422 */
export function deleteOptions(query: URLSearchParams, body: DeleteOptionsBody | undefined): DeleteOptions {
  let dryRun: readonly string[];
  let o: Omit<DeleteOptions, 'dryRun'>;
  if (body !== undefined) {
    const { gracePeriodSeconds, propagationPolicy, orphanDependents, preconditions } = body;
    dryRun = body.dryRun ?? [];
    o = { gracePeriodSeconds, propagationPolicy, orphanDependents, preconditions };
  } else {
    dryRun = query.getAll('dryRun').filter((v) => v !== '');
    const orphan = query.get('orphanDependents');
    o = {
      gracePeriodSeconds: integer(query, 'gracePeriodSeconds'),
      propagationPolicy: query.get('propagationPolicy') ?? undefined,
      orphanDependents: orphan === null ? undefined : queryBool(orphan),
    };
  }
  const errors: FieldError[] = [];
  if (o.orphanDependents !== undefined && o.propagationPolicy !== undefined)
    errors.push(
      invalidValue(
        'propagationPolicy',
        o.propagationPolicy,
        'orphanDependents and deletionPropagation cannot be both set',
      ),
    );
  if (o.propagationPolicy !== undefined && !['Foreground', 'Background', 'Orphan'].includes(o.propagationPolicy))
    errors.push(notSupported('propagationPolicy', o.propagationPolicy, ['Foreground', 'Background', 'Orphan', 'nil']));
  errors.push(...dryRunErrors(dryRun));
  if (errors.length) throw invalid(meta('DeleteOptions'), '', errors);
  return { ...o, dryRun: dryRun.length > 0 };
}

const badVersion = (rv: string): string =>
  `resourceVersion: Invalid value: ${JSON.stringify(rv)}: strconv.ParseUint: parsing ${JSON.stringify(rv)}: ${/^\d+$/.test(rv) ? 'value out of range' : 'invalid syntax'}`;

/**
 * A resourceVersion as a number; '' = undefined. Upstream takes a list's for a bad request and has no status for any other (500).
 * @throws 400 of a list, 500
 */
export function parseResourceVersion(rv: string, verb: 'get' | 'list' | 'watch'): number | undefined {
  if (rv === '') return undefined;
  if (/^\d+$/.test(rv) && BigInt.asUintN(64, BigInt(rv)) === BigInt(rv)) return Number(rv);
  throw verb === 'list'
    ? badRequest(`invalid resource version: ${badVersion(rv)}`)
    : new StatusError(500, '', badVersion(rv));
}

/** The manager a write is recorded under: `fieldManager`, or the User-Agent up to its first slash. */
export function managerOf(o: MutationOptions, userAgent: string): string {
  if (o.fieldManager) return o.fieldManager;
  const slash = userAgent.indexOf('/');
  return (slash < 0 ? userAgent : userAgent.slice(0, slash)).replace(/[^\x20-\x7e]/g, '').slice(0, 128);
}
