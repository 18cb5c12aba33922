/**
 * JSON text that may say a field twice: parsed as usual (the last one wins, as in Go), with the paths said twice, which the API
 * server turns into warnings or a strict decoding error (upstream: sigs.k8s.io/json UnmarshalStrict).
 */

export interface StrictlyParsed {
  readonly value: unknown;
  /** Paths such as `spec.containers[0].image`, each once, at most 100, in the order of the text. */
  readonly duplicates: readonly string[];
}

interface Frame {
  /** Keys seen in this object; undefined in an array. */
  readonly keys: string[] | undefined;
  set: Set<string> | undefined;
  index: number;
  /** It is somewhere inside what the type does not know: nobody looks. */
  readonly strange: boolean;
}

const maxDuplicates = 100;
const [quote, backslash, colon, comma, open, close, openList, closeList] = [34, 92, 58, 44, 123, 125, 91, 93];

/** Offset just after the string that starts at `start`; the text is valid JSON. */
function stringEnd(text: string, start: number): number {
  for (let i = text.indexOf('"', start + 1); ; i = text.indexOf('"', i + 1)) {
    let slashes = 0;
    while (text.charCodeAt(i - 1 - slashes) === backslash) slashes++;
    if (slashes % 2 === 0) return i + 1;
  }
}

function pathOf(stack: readonly Frame[], key: string): string {
  let path = '';
  for (const f of stack.slice(0, -1)) {
    const last = f.keys?.at(-1);
    path += last === undefined ? `[${f.index}]` : path ? `.${last}` : last;
  }
  return path ? `${path}.${key}` : key;
}

function addKey(f: Frame, key: string): boolean {
  const { keys } = f;
  if (!keys) return false;
  if (keys.length > 16) f.set ??= new Set(keys);
  const seen = f.set ? f.set.has(key) : keys.includes(key);
  f.set?.add(key);
  keys.push(key);
  return seen;
}

/** What strict decoding minds in valid JSON text, in its order: `unknown` are the paths that the type does not know. */
export function strictComplaints(text: string, unknown: readonly string[]): readonly string[] {
  const strange = new Set(unknown);
  const found = new Set<string>();
  walkKeys(
    text,
    (path, again) => {
      // Paths are as long as the text is deep: none is made that is not asked for.
      if (found.size >= maxDuplicates) return true;
      const said = strange.has(path()) ? 'unknown' : again ? 'duplicate' : undefined;
      if (said) found.add(`${said} field ${JSON.stringify(path())}`);
      return said === 'unknown';
    },
    strange.size > 0,
  );
  return [...found];
}

/** Paths said more than once in valid JSON text. */
export function duplicateFields(text: string): readonly string[] {
  const found = new Set<string>();
  walkKeys(text, (path, again) => {
    if (again && found.size < maxDuplicates) found.add(path());
    return false;
  });
  return [...found];
}

/** Answers whether what the key holds is to be passed over. */
type Visit = (path: () => string, again: boolean) => boolean;

/** Every key of valid JSON text that its object has had before, or (`all`) every key. */
function walkKeys(text: string, visit: Visit, all = false): void {
  const stack: Frame[] = [];
  let top: Frame | undefined;
  let isStrange = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === quote) {
      const end = stringEnd(text, i);
      let next = end;
      while (text.charCodeAt(next) <= 32) next++;
      if (text.charCodeAt(next) === colon && top) {
        const raw = text.slice(i + 1, end - 1);
        const key = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
        const again = addKey(top, key);
        isStrange = false;
        if ((again || all) && !top.strange) {
          let path: string | undefined;
          isStrange = visit(() => (path ??= pathOf(stack, key)), again);
        }
        i = next;
      } else i = end - 1;
    } else if (c === open || c === openList) {
      const strange: boolean = isStrange || (top?.strange ?? false);
      top = { keys: c === open ? [] : undefined, set: undefined, index: 0, strange };
      isStrange = false;
      stack.push(top);
    } else if (c === close || c === closeList) {
      stack.pop();
      top = stack.at(-1);
    } else if (c === comma && top && !top.keys) top.index++;
  }
}

/** @throws SyntaxError as JSON.parse */
export function strictParse(text: string): StrictlyParsed {
  const value: unknown = JSON.parse(text);
  return { value, duplicates: duplicateFields(text) };
}
