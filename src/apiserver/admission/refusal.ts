/** How an admission plug-in says no, and to what a request is (upstream: admission.NewForbidden). */
import { forbidden, type StatusError } from '../../machinery/status-error.ts';
import type { AdmissionAttributes } from '../attributes.ts';

/** 403 `pods "web" is forbidden: why`; an object without a name yet is called by its generateName. */
export function refuse(a: AdmissionAttributes, why: string): StatusError {
  const name = a.name || a.object?.metadata.name || a.object?.metadata.generateName || 'Unknown';
  return forbidden({ group: a.row.group, resource: a.row.plural }, name, why);
}

/** The request is to this resource itself, or to the named subresource of it. */
export const isFor = (a: AdmissionAttributes, plural: string, group = '', subresource = ''): boolean =>
  a.row.plural === plural && a.row.group === group && (a.subresource?.name ?? '') === subresource;

/** Go's %q of a string. */
export const q = (text: string | undefined): string => JSON.stringify(text ?? '');
