/** Files of `KEY='value'` lines that containers write for those that start after them (KEP-3721; upstream: pkg/kubelet/util/env). */

/** The value of `key`; '' when the file does not name it. Throws on what is no such file, as far as it is read. */
export function envFileValue(text: string, key: string): string {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const wrong = (at: number, why: string): never => {
    throw new Error(`invalid environment variable format at line ${at + 1}: ${why}`);
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!.replace(/\r$/, '').replace(/^[ \t]+/, '');
    if (line === '' || line.startsWith('#')) continue;
    const at = line.indexOf('=');
    if (at < 0) wrong(i, "missing '='");
    const name = line.slice(0, at);
    if (name.trim() === '') wrong(i, 'empty variable name');
    if (/[ \t]$/.test(name)) wrong(i, "whitespace before '=' is not allowed");
    let rest = line.slice(at + 1);
    // as a shell takes it: the value ends before the blank
    if (/^[ \t]/.test(rest)) {
      if (name === key) return '';
      continue;
    }
    if (!rest.startsWith("'")) wrong(i, 'value must be enclosed in single quotes');
    rest = rest.slice(1);
    const start = i;
    let value = '';
    for (let end = rest.indexOf("'"); end < 0; end = rest.indexOf("'")) {
      value += `${rest}\n`;
      if (++i >= lines.length)
        throw new Error(`invalid environment variable format starting at line ${start + 1}: unclosed single quote`);
      rest = lines[i]!.replace(/\r$/, '');
    }
    const end = rest.indexOf("'");
    if (/^[ \t]*[^ \t#]/.test(rest.slice(end + 1))) wrong(i, 'unexpected content after closing quote');
    if (name === key) return value + rest.slice(0, end);
  }
  return '';
}
