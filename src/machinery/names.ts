/**
 * Which names, keys and values are valid, with the messages clients see (upstream: apimachinery/pkg/util/validation and
 * apimachinery/pkg/api/validate/content). Every check answers a list of messages; none = valid. Lengths are in bytes.
 */

const noErrors: readonly string[] = Object.freeze([]);

const maxLength = (n: number): string => `must be no more than ${n} characters`;
const maxBytes = (n: number): string => `must be no more than ${n} bytes`;
export const emptyError = 'must be non-empty';
export const inclusiveRangeError = (low: number, high: number): string =>
  `must be between ${low} and ${high}, inclusive`;

/** Upstream's RegexError. */
export function regexError(message: string, format: string, ...examples: readonly string[]): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${format}')`;
  return `${message} (e.g. ${examples.map((e) => `'${e}', `).join(' or ')}regex used for validation is '${format}')`;
}

interface Rule {
  readonly format: string;
  readonly pattern: RegExp;
  readonly message: string;
}
const rule = (format: string, message: string, ...examples: string[]): Rule => ({
  format,
  // Go's $ is the end of the text, which JavaScript's is too without the m flag.
  pattern: new RegExp(`^(?:${format})$`),
  message: regexError(message, format, ...examples),
});

function check(
  value: string,
  r: Rule,
  limit = Infinity,
  tooLong: (n: number) => string = maxLength,
): readonly string[] {
  const long = value.length > limit / 4 && Buffer.byteLength(value) > limit;
  const bad = !r.pattern.test(value);
  if (!long && !bad) return noErrors;
  return [...(long ? [tooLong(limit)] : []), ...(bad ? [r.message] : [])];
}

const label1123 = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const dns1123Label = rule(
  label1123,
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  'my-name',
  '123-abc',
);
const subdomainFormat = `${label1123}(\\.${label1123})*`;
const dns1123Subdomain = rule(
  subdomainFormat,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  'example.com',
);
const label1123Underscore = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const dns1123SubdomainUnderscore = rule(
  `${label1123Underscore}(\\.${label1123Underscore})*`,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
  'example.com',
);
const wildcardSubdomain = rule(
  `\\*\\.${subdomainFormat}`,
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  '*.example.com',
);
const dns1035Label = rule(
  '[a-z]([-a-z0-9]*[a-z0-9])?',
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  'my-name',
  'abc-123',
);
const labelKeyFormat = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelKey = rule(
  labelKeyFormat,
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  'MyName',
  'my.name',
  '123-abc',
);
const labelValue = rule(
  `(${labelKeyFormat})?`,
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  'MyValue',
  'my_value',
  '12345',
);
const cIdentifier = rule(
  '[A-Za-z_][A-Za-z0-9_]*',
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
  'my_name',
  'MY_NAME',
  'MyName',
);
const envVarName = rule(
  '[-._a-zA-Z][-._a-zA-Z0-9]*',
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
  'my.env-name',
  'MY_ENV.NAME',
  'MyEnvName1',
);
const configMapKey = rule(
  '[-._a-zA-Z0-9]+',
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  'key.name',
  'KEY_NAME',
  'key-name',
);
const percent = rule(
  '[0-9]+%',
  "a valid percent string must be a numeric string followed by an ending '%'",
  '1%',
  '93%',
);
const httpHeaderName = rule(
  '[-A-Za-z0-9]+',
  "a valid HTTP header must consist of alphanumeric characters or '-'",
  'X-Header-Name',
);

export const isDns1123Label = (v: string): readonly string[] => {
  const errors = check(v, dns1123Label, 63);
  return errors.length > 0 && !dns1123Label.pattern.test(v) && dns1123Subdomain.pattern.test(v)
    ? [...errors.slice(0, -1), 'must not contain dots']
    : errors;
};
export const isDns1123Subdomain = (v: string): readonly string[] => check(v, dns1123Subdomain, 253);
export const isDns1123SubdomainWithUnderscore = (v: string): readonly string[] =>
  check(v, dns1123SubdomainUnderscore, 253);
export const isWildcardDns1123Subdomain = (v: string): readonly string[] => check(v, wildcardSubdomain, 253);
export const isDns1035Label = (v: string): readonly string[] => check(v, dns1035Label, 63);
export const isCIdentifier = (v: string): readonly string[] => check(v, cIdentifier);
export const isPercent = (v: string): readonly string[] => check(v, percent);
export const isHttpHeaderName = (v: string): readonly string[] => check(v, httpHeaderName);
export const isLabelValue = (v: string): readonly string[] => check(v, labelValue, 63, maxBytes);

/** A label or annotation key: `name` or `dns.prefix/name`. */
export function isQualifiedName(v: string): readonly string[] {
  const slash = v.indexOf('/');
  if (slash < 0 && v.length <= 63 && labelKey.pattern.test(v)) return noErrors;
  if (slash >= 0 && v.includes('/', slash + 1))
    return [
      `a valid label key ${labelKey.message} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  const errors: string[] = [];
  if (slash === 0) errors.push(`prefix part ${emptyError}`);
  else if (slash > 0)
    for (const m of check(v.slice(0, slash), dns1123Subdomain, 253, maxBytes)) errors.push(`prefix part ${m}`);
  const name = v.slice(slash + 1);
  if (name === '') errors.push(`name part ${emptyError}`);
  for (const m of check(name, labelKey, 63, maxBytes)) errors.push(`name part ${m}`);
  return errors;
}

function directoryErrors(v: string): readonly string[] {
  if (v === '.') return ["must not be '.'"];
  if (v === '..') return ["must not be '..'"];
  return v.startsWith('..') ? ["must not start with '..'"] : noErrors;
}

export const isEnvVarName = (v: string): readonly string[] => [...check(v, envVarName), ...directoryErrors(v)];
export const isConfigMapKey = (v: string): readonly string[] => [...check(v, configMapKey, 253), ...directoryErrors(v)];
/** Printable ASCII without `=`: what 1.34 and later accept for environment variables. */
export function isRelaxedEnvVarName(v: string): readonly string[] {
  if (v === '') return [`environment variable name ${emptyError}`];
  return /^[\x20-\x3c\x3e-\x7e]*$/.test(v)
    ? noErrors
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

/** An IANA_SVC_NAME, as a container port's name. */
export function isPortName(v: string): readonly string[] {
  const errors: string[] = [];
  if (Buffer.byteLength(v) > 15) errors.push(maxLength(15));
  if (!/^[-a-z0-9]+$/.test(v)) errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(v)) errors.push('must contain at least one letter (a-z)');
  if (v.includes('--')) errors.push('must not contain consecutive hyphens');
  if (v.startsWith('-') || v.endsWith('-')) errors.push('must not begin or end with a hyphen');
  return errors;
}

export const isInRange = (v: number, low: number, high: number): readonly string[] =>
  v >= low && v <= high ? noErrors : [inclusiveRangeError(low, high)];
export const isPortNumber = (v: number): readonly string[] => isInRange(v, 1, 65535);
export const isUserId = (v: number): readonly string[] => isInRange(v, 0, 2 ** 31 - 1);
export const isGroupId = isUserId;

/** A name that is one segment of a URL path (RBAC names and the like). */
export function isPathSegmentName(v: string): readonly string[] {
  if (v === '.' || v === '..') return [`may not be '${v}'`];
  return isPathSegmentPrefix(v);
}
export const isPathSegmentPrefix = (v: string): readonly string[] =>
  ['/', '%'].filter((c) => v.includes(c)).map((c) => `may not contain '${c}'`);
