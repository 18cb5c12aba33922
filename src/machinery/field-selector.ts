/** Field selectors (`metadata.name=a,status.phase!=Running`), as text (upstream: apimachinery/pkg/fields/selector.go). */
import { SelectorError } from './label-selector.ts';

export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** Undoes `\\`, `\,` and `\=`. */
function unescapeValue(text: string): string {
  if (!/[\\,=]/.test(text)) return text;
  let out = '';
  const chars = [...text];
  for (let i = 0; i < chars.length; i++) {
    const c = chars[i]!;
    if (c === '\\') {
      const next = chars[++i];
      if (next === undefined) throw new SelectorError('invalid field selector: invalid escape sequence: \\');
      if (next !== '\\' && next !== ',' && next !== '=')
        throw new SelectorError(`invalid field selector: invalid escape sequence: \\${next}`);
      out += next;
    } else if (c === ',' || c === '=')
      throw new SelectorError(`invalid field selector: unescaped character in value: ${c.codePointAt(0)}`);
    else out += c;
  }
  return out;
}

const escapeValue = (text: string): string => text.replace(/[\\,=]/g, '\\$&');

/** '' gives no requirements; all must hold. Which fields a resource knows is the caller's matter. @throws SelectorError */
export function parseFieldSelector(text: string): readonly FieldRequirement[] {
  const out: FieldRequirement[] = [];
  const terms = text.match(/(?:\\.|[^,\\])+\\?|\\$/gs) ?? [];
  for (const term of [...terms].sort()) {
    const m = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
    if (!m) throw new SelectorError(`invalid selector: '${text}'; can't understand '${term}'`);
    out.push({ field: m[1]!, operator: m[2] === '!=' ? '!=' : '=', value: unescapeValue(m[3]!) });
  }
  return out;
}

/** The text form that parses back to the same requirements. */
export const fieldSelectorText = (requirements: readonly FieldRequirement[]): string =>
  requirements.map((r) => `${r.field}${r.operator}${escapeValue(r.value)}`).join(',');

/** `fieldOf` answers the value of a selectable field; undefined = '' as upstream's field sets do. */
export const fieldsMatch = (
  requirements: readonly FieldRequirement[],
  fieldOf: (field: string) => string | undefined,
): boolean => requirements.every((r) => ((fieldOf(r.field) ?? '') === r.value) === (r.operator === '='));
