/**
 * Numbers given out once each, by owner. Free numbers are taken at random from the upper band, so that the lower one stays for those who
 * ask for a particular number (KEP-3070, KEP-3668); the lower band is used when the upper is full.
 */

export class NumberPool {
  readonly #owners = new Map<number, string>();
  readonly size: number;
  readonly #staticBand: number;
  readonly #random: () => number;
  /** Numbers from 0 to size-1; the first `staticBand` are given out last. `random` is in [0, 1). */
  constructor(size: number, staticBand: number, random: () => number) {
    this.size = size;
    this.#staticBand = staticBand;
    this.#random = random;
  }

  get used(): number {
    return this.#owners.size;
  }

  owner(n: number): string | undefined {
    return this.#owners.get(n);
  }

  /** false = somebody has it. */
  take(n: number, owner: string): boolean {
    if (this.#owners.has(n)) return false;
    this.#owners.set(n, owner);
    return true;
  }

  /** Takes it whoever has it: what is stored is true. */
  force(n: number, owner: string): void {
    this.#owners.set(n, owner);
  }

  /** A free number, or undefined when there is none. */
  next(owner: string): number | undefined {
    if (this.#owners.size >= this.size) return undefined;
    const n = this.#free(this.#staticBand, this.size) ?? this.#free(0, this.#staticBand);
    if (n !== undefined) this.#owners.set(n, owner);
    return n;
  }

  #free(from: number, to: number): number | undefined {
    const count = to - from;
    if (count <= 0) return undefined;
    const start = Math.floor(this.#random() * count);
    for (let i = 0; i < count; i++) {
      const n = from + ((start + i) % count);
      if (!this.#owners.has(n)) return n;
    }
    return undefined;
  }

  /** Gives back what this owner has; another's stays. */
  release(n: number, owner: string): void {
    if (this.#owners.get(n) === owner) this.#owners.delete(n);
  }
}

/** Size of the lower band: a part of the range between two bounds; 0 when the range is too small for one. */
export function staticBand(size: number, part: number, min: number, max: number): number {
  return size < min ? 0 : Math.min(Math.max(min, Math.floor(size / part)), max);
}
