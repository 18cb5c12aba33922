/** A unified diff of two objects' JSON, as upstream puts it into messages (apimachinery/pkg/util/diff.Diff). */

const context = 3;

/** Lines kept (` `), removed (`-`) and added (`+`): a longest common subsequence after the common ends. */
function edits(a: readonly string[], b: readonly string[]): string[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const x = a.slice(head, a.length - tail);
  const y = b.slice(head, b.length - tail);
  const width = y.length + 1;
  const common = new Uint32Array((x.length + 1) * width);
  for (let i = x.length - 1; i >= 0; i--)
    for (let j = y.length - 1; j >= 0; j--)
      common[i * width + j] =
        x[i] === y[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
  const out = a.slice(0, head).map((l) => ` ${l}`);
  let i = 0;
  let j = 0;
  while (i < x.length || j < y.length) {
    if (i < x.length && j < y.length && x[i] === y[j]) {
      out.push(` ${x[i++]}`);
      j++;
    } else if (i < x.length && (j === y.length || common[(i + 1) * width + j]! >= common[i * width + j + 1]!))
      out.push(`-${x[i++]}`);
    else out.push(`+${y[j++]}`);
  }
  return [...out, ...a.slice(a.length - tail).map((l) => ` ${l}`)];
}

const range = (start: number, length: number): string =>
  length === 1 ? `${start + 1}` : `${length === 0 ? start : start + 1},${length}`;

/** Hunks with three lines of context; empty when nothing differs. */
export function jsonDiff(a: unknown, b: unknown): string {
  const lines = edits(JSON.stringify(a, null, 1).split('\n'), JSON.stringify(b, null, 1).split('\n'));
  const changed = lines.flatMap((l, i) => (l.startsWith(' ') ? [] : [i]));
  let out = changed.length ? '--- \n+++ \n' : '';
  for (let c = 0; c < changed.length; ) {
    const from = Math.max(0, changed[c]! - context);
    let last = changed[c]!;
    while (++c < changed.length && changed[c]! - last <= 2 * context) last = changed[c]!;
    const hunk = lines.slice(from, last + context + 1);
    const before = lines.slice(0, from);
    const count = (list: readonly string[], mark: string) => list.filter((l) => !l.startsWith(mark)).length;
    out += `@@ -${range(count(before, '+'), count(hunk, '+'))} +${range(count(before, '-'), count(hunk, '-'))} @@\n`;
    out += hunk.map((l) => `${l}\n`).join('');
  }
  return out;
}
