/** Which names, label keys and label values are valid (upstream: apimachinery/pkg/util/validation/validation.go). */

const qualified = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

const none: readonly string[] = [];
const maxLength = (n: number): string => `must be no more than ${n} bytes`;
const regexError = (msg: string, fmt: string, ...examples: string[]): string =>
  `${msg} (e.g. ${examples.map((e) => `'${e}'`).join(' or ')}, regex used for validation is '${fmt}')`;

const qualifiedMessage = regexError(
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]',
  'MyName',
  'my.name',
  '123-abc',
);
const subdomainMessage = regexError(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*',
  'example.com',
);
const labelMessage = regexError(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  '[a-z0-9]([-a-z0-9]*[a-z0-9])?',
  'my-name',
  '123-abc',
);
const valueMessage = regexError(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?',
  'MyValue',
  'my_value',
  '12345',
);

const known = new Map<string, readonly string[]>();

/** A label key: `[prefix/]name`. */
export function isQualifiedName(value: string): readonly string[] {
  const before = known.get(value);
  if (before) return before;
  const result = judgeQualified(value);
  if (known.size > 5000) known.clear();
  known.set(value, result);
  return result;
}

function judgeQualified(value: string): readonly string[] {
  const parts = value.split('/');
  const errors: string[] = [];
  let name = value;
  if (parts.length === 2) {
    name = parts[1]!;
    if (parts[0] === '') errors.push('prefix part must be non-empty');
    else errors.push(...isDns1123Subdomain(parts[0]!).map((m) => `prefix part ${m}`));
  } else if (parts.length > 2)
    return [
      `a qualified name ${qualifiedMessage.replace('name part ', '').replace(/^/, '')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  if (name === '') errors.push('name part must be non-empty');
  else if (name.length > 63) errors.push(`name part ${maxLength(63)}`);
  if (!qualified.test(name)) errors.push(qualifiedMessage);
  return errors.length ? errors : none;
}

export function isLabelValue(value: string): readonly string[] {
  if (value === '') return none;
  const errors: string[] = [];
  if (value.length > 63) errors.push(maxLength(63));
  if (!labelValue.test(value)) errors.push(valueMessage);
  return errors.length ? errors : none;
}

export function isDns1123Subdomain(value: string): readonly string[] {
  const errors: string[] = [];
  if (value.length > 253) errors.push(maxLength(253));
  if (!subdomain.test(value)) errors.push(subdomainMessage);
  return errors.length ? errors : none;
}

export function isDns1123Label(value: string): readonly string[] {
  const errors: string[] = [];
  if (value.length > 63) errors.push(maxLength(63));
  if (!label.test(value)) errors.push(labelMessage);
  return errors.length ? errors : none;
}
