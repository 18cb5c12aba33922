/** What is wrong with a JSON text, in the words of Go's encoding/json: clients see them. Only asked once a text did not parse. */

const [quote, backslash] = [0x22, 0x5c];
const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39;

/** A character as Go quotes it. */
function shown(c: number): string {
  if (c === 0x27) return `'\\''`;
  if (c === quote) return `'"'`;
  const short = { 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r', 92: '\\\\' }[c];
  if (short) return `'${short}'`;
  const hex = c.toString(16).padStart(2, '0');
  if (c < 0x20 || c === 0x7f) return `'\\x${hex}'`;
  if ((c >= 0x80 && c < 0xa1) || c === 0xad) return `'\\u00${hex}'`;
  return `'${String.fromCharCode(c)}'`;
}

class Complaint extends Error {}

/** Go nests no deeper than this. */
const maxDepth = 10_000;

/** What opens the value that a JSON text nests too deeply, as Go complains of it; undefined = it does not. The text need not be valid. */
export function tooDeepJson(text: Buffer): string | undefined {
  // Each level takes a byte to open and one to close.
  if (text.length <= 2 * maxDepth) return undefined;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === quote) {
      i++;
      while (i < text.length && text[i] !== quote) i += text[i] === backslash ? 2 : 1;
    } else if (c === 0x7b || c === 0x5b) {
      if (++depth > maxDepth) return `invalid character ${shown(c)} exceeded max depth`;
    } else if (c === 0x7d || c === 0x5d) depth--;
  }
  return undefined;
}

class Scanner {
  readonly #text: Buffer;
  #at = 0;

  constructor(text: Buffer) {
    this.#text = text;
  }

  #fail(context: string): never {
    const c = this.#text[this.#at];
    throw new Complaint(c === undefined ? 'unexpected end of JSON input' : `invalid character ${shown(c)} ${context}`);
  }
  #space(): number {
    for (;;) {
      const c = this.#text[this.#at];
      if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return c ?? -1;
      this.#at++;
    }
  }
  document(): void {
    this.#value();
    if (this.#space() !== -1) this.#fail('after top-level value');
  }
  #value(): void {
    const c = this.#space();
    if (c === 0x7b) this.#object();
    else if (c === 0x5b) this.#array();
    else if (c === quote) this.#string();
    else if (c === 0x74) this.#literal('true');
    else if (c === 0x66) this.#literal('false');
    else if (c === 0x6e) this.#literal('null');
    else if (c === 0x2d || isDigit(c)) this.#number();
    else this.#fail('looking for beginning of value');
  }
  #object(): void {
    this.#at++;
    for (let first = true; ; first = false) {
      const c = this.#space();
      if (first && c === 0x7d) break;
      if (c !== quote) this.#fail('looking for beginning of object key string');
      this.#string();
      if (this.#space() !== 0x3a) this.#fail('after object key');
      this.#at++;
      this.#value();
      const after = this.#space();
      if (after === 0x7d) break;
      if (after !== 0x2c) this.#fail('after object key:value pair');
      this.#at++;
    }
    this.#at++;
  }
  #array(): void {
    this.#at++;
    if (this.#space() !== 0x5d)
      for (;;) {
        this.#value();
        const after = this.#space();
        if (after === 0x5d) break;
        if (after !== 0x2c) this.#fail('after array element');
        this.#at++;
      }
    this.#at++;
  }
  #string(): void {
    this.#at++;
    for (;;) {
      const c = this.#text[this.#at] ?? -1;
      if (c === quote) break;
      if (c < 0x20) this.#fail('in string literal');
      this.#at++;
      if (c !== backslash) continue;
      const e = this.#text[this.#at] ?? -1;
      if (e === 0x75) {
        this.#at++;
        for (let i = 0; i < 4; i++, this.#at++)
          if (!/[0-9a-fA-F]/.test(String.fromCharCode(this.#text[this.#at] ?? 0)))
            this.#fail('in \\u hexadecimal character escape');
      } else if (e >= 0 && '"\\/bfnrt'.includes(String.fromCharCode(e))) this.#at++;
      else this.#fail('in string escape code');
    }
    this.#at++;
  }
  #literal(word: string): void {
    for (let i = 0; i < word.length; i++, this.#at++)
      if (this.#text[this.#at] !== word.charCodeAt(i)) this.#fail(`in literal ${word} (expecting '${word[i]}')`);
  }
  #digits(context: string): void {
    if (!isDigit(this.#text[this.#at] ?? -1)) this.#fail(context);
    while (isDigit(this.#text[this.#at] ?? -1)) this.#at++;
  }
  #number(): void {
    if (this.#text[this.#at] === 0x2d) this.#at++;
    if (this.#text[this.#at] === 0x30) this.#at++;
    else this.#digits('in numeric literal');
    if (this.#text[this.#at] === 0x2e) {
      this.#at++;
      this.#digits('after decimal point in numeric literal');
    }
    if (((this.#text[this.#at] ?? 0) | 0x20) !== 0x65) return;
    this.#at++;
    if (this.#text[this.#at] === 0x2b || this.#text[this.#at] === 0x2d) this.#at++;
    this.#digits('in exponent of numeric literal');
  }
}

/** Go's complaint about a JSON text; undefined = there is none. */
export function jsonSyntaxError(text: Buffer): string | undefined {
  try {
    new Scanner(text).document();
    return undefined;
  } catch (e) {
    if (e instanceof Complaint) return e.message;
    if (e instanceof RangeError) return tooDeepJson(text) ?? 'exceeded max depth';
    throw e;
  }
}
