/** Label and field selectors of a list or watch, as one test of a cache entry. */
import type { AnyRow } from '../api/resource-row.ts';
import { type FieldRequirement, fieldsMatch, parseFieldSelector } from '../machinery/field-selector.ts';
import { type LabelSelector, parseLabelSelector, SelectorError } from '../machinery/label-selector.ts';
import { badRequest } from '../machinery/status-error.ts';
import type { Entry } from './cache/index.ts';

export interface Selection {
  /** Everything matches. */
  readonly all: boolean;
  /** Only this object can match. */
  readonly name: string | undefined;
  matches(entry: Entry): boolean;
}

export const everything: Selection = { all: true, name: undefined, matches: () => true };

/** @throws 400 with the selector's own words */
function parsed<T>(parse: (text: string) => T, text: string): T {
  try {
    return parse(text);
  } catch (e) {
    throw e instanceof SelectorError ? badRequest(e.message) : e;
  }
}

function checkFields(row: AnyRow, terms: readonly FieldRequirement[]): void {
  for (const t of terms) {
    if (t.field === 'metadata.name' || t.field === 'metadata.namespace') continue;
    if (row.selectableFields && t.field in row.selectableFields) continue;
    throw badRequest(
      row.selectableFields
        ? `field label not supported: ${t.field}`
        : `${JSON.stringify(t.field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
    );
  }
}

/** `requestName`: the name of the path or of the selector, when the request is about one object. @throws 400 */
export function selectionOf(
  row: AnyRow,
  o: { readonly labelSelector: string; readonly fieldSelector: string },
  requestName = '',
): Selection {
  if (!o.labelSelector && !o.fieldSelector && !requestName) return everything;
  const labels: LabelSelector | undefined = o.labelSelector ? parsed(parseLabelSelector, o.labelSelector) : undefined;
  const terms = parsed(parseFieldSelector, o.fieldSelector);
  checkFields(row, terms);
  let name = terms.find((t) => t.field === 'metadata.name' && t.operator === '=')?.value;
  if (requestName) {
    if (name !== undefined && name !== requestName)
      throw badRequest("fieldSelector metadata.name doesn't match requested name");
    name ??= requestName;
  }
  return {
    all: false,
    name,
    matches: (e) =>
      (name === undefined || e.name === name) &&
      (labels === undefined || labels.matches(e.labels)) &&
      (terms.length === 0 || fieldsMatch(terms, (f) => e.field(f))),
  };
}
