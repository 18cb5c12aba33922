/** Label and field selectors of a list or watch, as one test of a cache entry. */
import type { AnyRow } from '../api/resource-row.ts';
import { badRequest, StatusError } from '../machinery/status-error.ts';
import type { Entry } from './cache/index.ts';
import { parseLabelSelector } from './label-selector.ts';

export interface Selection {
  /** Everything matches. */
  readonly all: boolean;
  /** Only this object can match. */
  readonly name: string | undefined;
  matches(entry: Entry): boolean;
}

export const everything: Selection = { all: true, name: undefined, matches: () => true };

interface FieldTerm {
  readonly field: string;
  readonly not: boolean;
  readonly value: string;
}

const unescaped = (v: string): string => v.replace(/\\([\\,=])/g, '$1');

/** `a=b,c!=d` (upstream: apimachinery/pkg/fields/selector.go ParseSelector). @throws 400 */
export function parseFieldSelector(text: string): FieldTerm[] {
  const terms: FieldTerm[] = [];
  let part = '';
  const add = () => {
    if (part === '') return;
    const m = /^((?:\\.|[^\\=!])*?)(!=|==|=)(.*)$/s.exec(part);
    if (!m) throw new StatusError(400, 'BadRequest', `invalid selector: '${text}'; can't understand '${part}'`);
    terms.push({ field: m[1]!, not: m[2] === '!=', value: unescaped(m[3]!) });
    part = '';
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === '\\') part += c + (text[++i] ?? '');
    else if (c === ',') add();
    else part += c;
  }
  add();
  return terms;
}

function checkFields(row: AnyRow, terms: readonly FieldTerm[]): void {
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

const bool =
  (b: boolean): ((e: Entry) => boolean) =>
  () =>
    b;

/** `requestName`: the name of the path or of the selector, when the request is about one object. @throws 400 */
export function selectionOf(
  row: AnyRow,
  o: { readonly labelSelector: string; readonly fieldSelector: string },
  requestName = '',
): Selection {
  if (!o.labelSelector && !o.fieldSelector && !requestName) return everything;
  const labels = o.labelSelector ? parseLabelSelector(o.labelSelector) : undefined;
  const terms = parseFieldSelector(o.fieldSelector);
  checkFields(row, terms);
  let name = terms.find((t) => t.field === 'metadata.name' && !t.not)?.value;
  if (requestName) {
    if (name !== undefined && name !== requestName)
      throw badRequest("fieldSelector metadata.name doesn't match requested name");
    name ??= requestName;
  }
  const fieldTests = terms.map((t) => (e: Entry) => ((e.field(t.field) ?? '') === t.value) !== t.not);
  const byName = name === undefined ? bool(true) : (e: Entry) => e.name === name;
  return {
    all: false,
    name,
    matches: (e) => byName(e) && (labels === undefined || labels(e.labels)) && fieldTests.every((t) => t(e)),
  };
}
