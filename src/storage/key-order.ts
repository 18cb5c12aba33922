/** Byte order of keys: JavaScript compares UTF-16 units, which differs from UTF-8 bytes only above U+D800; this says when and how. */

const beyond = /[\ud800-\uffff]/;

/** Compares as UTF-8 bytes would: negative, 0 or positive. */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // A surrogate stands for a code point above every single unit.
    const highX = x >= 0xd800 && x <= 0xdfff;
    const highY = y >= 0xd800 && y <= 0xdfff;
    if (highX !== highY) return highX ? 1 : -1;
    return x - y;
  }
  return a.length - b.length;
}

/** True when `<` on strings may disagree with byte order for this key. */
export const needsCodePointOrder = (key: string): boolean => beyond.test(key);
