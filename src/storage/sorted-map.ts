/**
 * A map in byte order of its keys, made of leaves of at most 512 keys: O(log n) search, cheap insert, fast scans, little memory.
 * The index of the store and of the watch cache.
 */
import { compareKeys, needsCodePointOrder } from './key-order.ts';

const maxLeaf = 512;

interface Leaf<V> {
  readonly keys: string[];
  readonly values: V[];
}

export class SortedMap<V> {
  #leaves: Leaf<V>[] = [];
  #size = 0;
  /** Grows with every insert and removal, so that a scan that was suspended finds its place again. */
  #shape = 0;
  /** Set once a key came in for which `<` is not byte order. */
  #exotic = false;

  get size(): number {
    return this.#size;
  }

  get(key: string): V | undefined {
    const leaf = this.#leaves[this.#leafOf(key)];
    if (!leaf) return undefined;
    const i = this.#lowerBound(leaf.keys, key);
    return leaf.keys[i] === key ? leaf.values[i] : undefined;
  }

  /** Sets a key; answers what was there. */
  set(key: string, value: V): V | undefined {
    if (!this.#exotic && needsCodePointOrder(key)) this.#exotic = true; // same order for the keys that are there
    if (this.#leaves.length === 0) {
      this.#leaves.push({ keys: [key], values: [value] });
      this.#size = 1;
      this.#shape++;
      return undefined;
    }
    const at = this.#leafOf(key);
    const leaf = this.#leaves[at]!;
    const i = this.#lowerBound(leaf.keys, key);
    if (leaf.keys[i] === key) {
      const old = leaf.values[i];
      leaf.values[i] = value;
      return old;
    }
    this.#size++;
    this.#shape++;
    if (leaf.keys.length < maxLeaf) {
      insertAt(leaf.keys, i, key);
      insertAt(leaf.values, i, value);
      return undefined;
    }
    if (i === maxLeaf) {
      // Growing at the end (a load in key order): leave the full leaf as it is.
      this.#leaves.splice(at + 1, 0, { keys: [key], values: [value] });
      return undefined;
    }
    const half = maxLeaf / 2;
    const right: Leaf<V> = { keys: leaf.keys.splice(half), values: leaf.values.splice(half) };
    this.#leaves.splice(at + 1, 0, right);
    const into = i <= half ? leaf : right;
    const j = i <= half ? i : i - half;
    insertAt(into.keys, j, key);
    insertAt(into.values, j, value);
    return undefined;
  }

  /** Removes a key; answers what was there. */
  delete(key: string): V | undefined {
    const at = this.#leafOf(key);
    const leaf = this.#leaves[at];
    if (!leaf) return undefined;
    const i = this.#lowerBound(leaf.keys, key);
    if (leaf.keys[i] !== key) return undefined;
    const old = leaf.values[i];
    leaf.keys.splice(i, 1);
    leaf.values.splice(i, 1);
    if (leaf.keys.length === 0) this.#leaves.splice(at, 1);
    this.#size--;
    this.#shape++;
    return old;
  }

  /** Calls `visit` for each key from `from` (inclusive) in order until it answers false. The map must not change meanwhile. */
  scan(from: string, visit: (key: string, value: V) => boolean): void {
    let at = this.#leafOf(from);
    const first = this.#leaves[at];
    let i = first ? this.#lowerBound(first.keys, from) : 0;
    for (; at < this.#leaves.length; at++, i = 0) {
      const { keys, values } = this.#leaves[at]!;
      for (; i < keys.length; i++) if (!visit(keys[i]!, values[i]!)) return;
    }
  }

  /** Values in key order, after a key if given. The map may change meanwhile: the scan goes on after the last key it gave. */
  *values(afterKey?: string): Generator<V, void, undefined> {
    let last = afterKey;
    for (;;) {
      const shape = this.#shape;
      let at = last === undefined ? 0 : this.#leafOf(last);
      let i = 0;
      const first = this.#leaves[at];
      if (last !== undefined && first) {
        i = this.#lowerBound(first.keys, last);
        if (first.keys[i] === last) i++;
      }
      let moved = false;
      for (; at < this.#leaves.length && !moved; at++, i = 0) {
        const { keys, values } = this.#leaves[at]!;
        for (; i < keys.length; i++) {
          last = keys[i]!;
          yield values[i]!;
          if (this.#shape !== shape) {
            moved = true;
            break;
          }
        }
      }
      if (!moved) return;
    }
  }

  clear(): void {
    this.#leaves = [];
    this.#size = 0;
    this.#shape++;
  }

  /** The last leaf whose first key is not after `key` (0 when there is none). */
  #leafOf(key: string): number {
    let low = 0;
    let high = this.#leaves.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (this.#before(key, this.#leaves[mid]!.keys[0]!)) high = mid;
      else low = mid + 1;
    }
    return low === 0 ? 0 : low - 1;
  }

  #lowerBound(keys: readonly string[], key: string): number {
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (this.#before(keys[mid]!, key)) low = mid + 1;
      else high = mid;
    }
    return low;
  }

  #before(a: string, b: string): boolean {
    return this.#exotic ? compareKeys(a, b) < 0 : a < b;
  }
}

function insertAt<T>(list: T[], i: number, value: T): void {
  if (i === list.length) list.push(value);
  else list.splice(i, 0, value);
}
