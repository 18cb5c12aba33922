/** Columns of text as Go's text/tabwriter lays them out (elastic tabstops): a column is as wide as its widest neighbouring cell. */

export interface TabOptions {
  readonly minWidth: number;
  readonly padding: number;
}
/** How `kubectl get` aligns. */
export const tableTabs: TabOptions = { minWidth: 6, padding: 3 };
/** How `kubectl describe` aligns. */
export const describeTabs: TabOptions = { minWidth: 0, padding: 2 };

/** Lines of tab-separated cells; the last cell of a line has no width. */
export function alignTabs(text: string, o: TabOptions): string {
  const ends = text.endsWith('\n');
  const lines = (ends ? text.slice(0, -1) : text).split('\n').map((l) => l.split('\t'));
  const width = (s: string) => [...s].length;
  const out: string[] = [];
  const widths: number[] = [];
  const write = (from: number, to: number) => {
    for (let i = from; i < to; i++)
      out.push(
        lines[i]!.map((c, j) => (j < widths.length ? c + ' '.repeat(Math.max(0, widths[j]! - width(c))) : c)).join(''),
      );
  };
  const format = (first: number, end: number) => {
    let from = first;
    const column = widths.length;
    for (let i = from; i < end; i++) {
      if (column >= lines[i]!.length - 1) continue;
      write(from, i);
      from = i;
      let w = o.minWidth;
      for (; i < end && column < lines[i]!.length - 1; i++) {
        w = Math.max(w, width(lines[i]![column]!) + o.padding);
      }
      widths.push(w);
      format(from, i);
      widths.pop();
      from = i;
    }
    write(from, end);
  };
  format(0, lines.length);
  return out.join('\n') + (ends ? '\n' : '');
}

/** Rows printed as they come: columns never get narrower than they were (upstream: tabwriter.RememberWidths). */
export function createRowWriter(out: (text: string) => void): (rows: readonly (readonly string[])[]) => void {
  const widths: number[] = [];
  return (rows) => {
    for (const r of rows)
      r.slice(0, -1).forEach((c, i) => {
        widths[i] = Math.max(widths[i] ?? 0, tableTabs.minWidth, [...c].length + tableTabs.padding);
      });
    out(
      rows
        .map(
          (r) =>
            `${r.map((c, i) => (i < r.length - 1 ? c + ' '.repeat(Math.max(0, widths[i]! - [...c].length)) : c)).join('')}\n`,
        )
        .join(''),
    );
  };
}
