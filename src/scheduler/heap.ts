/** A binary heap: the least element first. */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #before: (a: T, b: T) => boolean;
  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }
  get size(): number {
    return this.#items.length;
  }
  peek(): T | undefined {
    return this.#items[0];
  }
  push(item: T): void {
    const a = this.#items;
    let i = a.push(item) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!this.#before(item, a[up]!)) break;
      a[i] = a[up]!;
      i = up;
    }
    a[i] = item;
  }
  pop(): T | undefined {
    const a = this.#items;
    const top = a[0];
    const last = a.pop();
    if (a.length === 0 || last === undefined) return top;
    let i = 0;
    for (;;) {
      let next = 2 * i + 1;
      if (next >= a.length) break;
      if (next + 1 < a.length && this.#before(a[next + 1]!, a[next]!)) next++;
      if (!this.#before(a[next]!, last)) break;
      a[i] = a[next]!;
      i = next;
    }
    a[i] = last;
    return top;
  }
}
