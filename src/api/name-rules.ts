/** Which names, keys and values are valid, worded as upstream words it (apimachinery/pkg/util/validation/validation.go, api/validate/content). Each answers a list of messages; empty = valid. */

type Messages = readonly string[];
const none: Messages = Object.freeze([]);

const regexError = (message: string, regex: string, ...examples: readonly string[]): string =>
  `${message} (${examples.length ? `e.g. ${examples.map((e) => `'${e}', `).join(' or ')}` : ''}regex used for validation is '${regex}')`;
const maxCharacters = (n: number): string => `must be no more than ${n} characters`;
const maxBytes = (n: number): string => `must be no more than ${n} bytes`;
/** `must be between 1 and 65535, inclusive`. */
export const rangeError = (lo: number, hi: number): string => `must be between ${lo} and ${hi}, inclusive`;

const labelFmt = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomainFmt = `${labelFmt}(\\.${labelFmt})*`;
const underscoreLabelFmt = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const underscoreSubdomainFmt = `${underscoreLabelFmt}(\\.${underscoreLabelFmt})*`;
const label1035Fmt = '[a-z]([-a-z0-9]*[a-z0-9])?';
const keyFmt = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const valueFmt = `(${keyFmt})?`;
const headerFmt = '[-A-Za-z0-9]+';
const configKeyFmt = '[-._a-zA-Z0-9]+';
const percentFmt = '[0-9]+%';
const whole = (fmt: string): RegExp => new RegExp(`^${fmt}$`);
const labelRe = whole(labelFmt);
const subdomainRe = whole(subdomainFmt);
const underscoreSubdomainRe = whole(underscoreSubdomainFmt);
const label1035Re = whole(label1035Fmt);
const keyRe = whole(keyFmt);
const valueRe = whole(valueFmt);
const headerRe = whole(headerFmt);
const configKeyRe = whole(configKeyFmt);
const percentRe = whole(percentFmt);

const keyMessage =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

export function isDNS1123Label(v: string): Messages {
  if (v.length <= 63 && labelRe.test(v)) return none;
  const out: string[] = [];
  if (v.length > 63) out.push(maxCharacters(63));
  if (!labelRe.test(v))
    out.push(
      subdomainRe.test(v)
        ? 'must not contain dots'
        : regexError(
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
            labelFmt,
            'my-name',
            '123-abc',
          ),
    );
  return out;
}

export function isDNS1123Subdomain(v: string): Messages {
  if (v.length <= 253 && subdomainRe.test(v)) return none;
  const out: string[] = [];
  if (v.length > 253) out.push(maxCharacters(253));
  if (!subdomainRe.test(v))
    out.push(
      regexError(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
        subdomainFmt,
        'example.com',
      ),
    );
  return out;
}

export function isDNS1123SubdomainWithUnderscore(v: string): Messages {
  const out: string[] = [];
  if (v.length > 253) out.push(maxCharacters(253));
  if (!underscoreSubdomainRe.test(v))
    out.push(
      regexError(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
        underscoreSubdomainFmt,
        'example.com',
      ),
    );
  return out;
}

export function isDNS1035Label(v: string): Messages {
  const out: string[] = [];
  if (v.length > 63) out.push(maxCharacters(63));
  if (!label1035Re.test(v))
    out.push(
      regexError(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
        label1035Fmt,
        'my-name',
        'abc-123',
      ),
    );
  return out;
}

/** A label key, a finalizer, a resource name: an optional DNS prefix, a slash, a name. */
export function isQualifiedName(v: string): Messages {
  if (v.length <= 63 && keyRe.test(v)) return none;
  const parts = v.split('/');
  if (parts.length > 2)
    return [
      `a valid label key ${regexError(keyMessage, keyFmt, 'MyName', 'my.name', '123-abc')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  const out: string[] = [];
  const name = parts[parts.length - 1]!;
  if (parts.length === 2) {
    if (!parts[0]) out.push('prefix part must be non-empty');
    else
      for (const m of isDNS1123Subdomain(parts[0]))
        out.push(`prefix part ${m.replace(/^(must be no more than \d+) characters$/, '$1 bytes')}`);
  }
  if (!name) out.push('name part must be non-empty');
  else if (name.length > 63) out.push(`name part ${maxBytes(63)}`);
  if (!keyRe.test(name)) out.push(`name part ${regexError(keyMessage, keyFmt, 'MyName', 'my.name', '123-abc')}`);
  return out;
}

export function isValidLabelValue(v: string): Messages {
  if (v.length <= 63 && valueRe.test(v)) return none;
  const out: string[] = [];
  if (v.length > 63) out.push(maxBytes(63));
  if (!valueRe.test(v))
    out.push(
      regexError(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
        valueFmt,
        'MyValue',
        'my_value',
        '12345',
      ),
    );
  return out;
}

export const isValidPortNum = (n: number): Messages => (n >= 1 && n <= 65535 ? none : [rangeError(1, 65535)]);
export const isValidId = (n: number): Messages => (n >= 0 && n <= 2147483647 ? none : [rangeError(0, 2147483647)]);

export function isValidPortName(v: string): Messages {
  const out: string[] = [];
  if (v.length > 15) out.push(maxCharacters(15));
  if (!/^[-a-z0-9]+$/.test(v)) out.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(v)) out.push('must contain at least one letter (a-z)');
  if (v.includes('--')) out.push('must not contain consecutive hyphens');
  if (v && (v.startsWith('-') || v.endsWith('-'))) out.push('must not begin or end with a hyphen');
  return out;
}

export const isHTTPHeaderName = (v: string): Messages =>
  headerRe.test(v)
    ? none
    : [regexError("a valid HTTP header must consist of alphanumeric characters or '-'", headerFmt, 'X-Header-Name')];

export function isRelaxedEnvVarName(v: string): Messages {
  const out: string[] = [];
  if (!v) out.push('environment variable name must be non-empty');
  if (!/^[\x20-\x3c\x3e-\x7e]*$/.test(v))
    out.push("a valid environment variable name must consist only of printable ASCII characters other than '='");
  return out;
}

export function isConfigMapKey(v: string): Messages {
  const out: string[] = [];
  if (v.length > 253) out.push(maxCharacters(253));
  if (!configKeyRe.test(v))
    out.push(
      regexError(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
        configKeyFmt,
        'key.name',
        'KEY_NAME',
        'key-name',
      ),
    );
  if (v === '.') out.push("must not be '.'");
  else if (v === '..') out.push("must not be '..'");
  else if (v.startsWith('..')) out.push("must not start with '..'");
  return out;
}

export const isValidPercent = (v: string): Messages =>
  percentRe.test(v)
    ? none
    : [
        regexError(
          "a valid percent string must be a numeric string followed by an ending '%'",
          percentFmt,
          '1%',
          '93%',
        ),
      ];

/** Names of rbac objects: anything that can be one segment of a path. */
export function isPathSegmentName(v: string): Messages {
  if (v === '.' || v === '..') return [`may not be '${v}'`];
  const out: string[] = [];
  for (const c of ['/', '%']) if (v.includes(c)) out.push(`may not contain '${c}'`);
  return out;
}

/** A name that is to be completed may end in a dash: it is judged with a letter there. */
const masked = (v: string, isPrefix: boolean): string =>
  isPrefix && v.length > 1 && v.endsWith('-') ? `${v.slice(0, -2)}a` : v;
export const nameIsDNSLabel = (v: string, isPrefix: boolean): Messages => isDNS1123Label(masked(v, isPrefix));
export const nameIsDNSSubdomain = (v: string, isPrefix: boolean): Messages => isDNS1123Subdomain(masked(v, isPrefix));
