/** Shares seats out among priority levels by their demand, within the bounds of each (upstream: util/flowcontrol/conc_alloc.go; KEP-1040, borrowing). */

export interface Claim {
  /** At least `lower`. */
  readonly target: number;
  readonly lower: number;
  readonly upper: number;
}

export interface Allocation {
  readonly seats: readonly number[];
  /** What each gets of its target, where no bound of its own says otherwise. */
  readonly fairFraction: number;
}

const leastTarget = 0.001;
const epsilon = 1e-7;
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Adds up to `total`, each between its bounds: fraction × target, or the bound that is in the way. @throws Error when bounds make it impossible */
export function allocate(total: number, claims: readonly Claim[]): Allocation {
  const targets = claims.map((c) => Math.max(c.target, leastTarget));
  for (const c of claims)
    if (c.lower < 0 || c.target < c.lower || c.upper < c.lower)
      throw new Error(`bounds ${c.lower}..${c.upper} and target ${c.target} contradict each other`);
  const least = sum(claims.map((c) => c.lower));
  const most = sum(claims.map((c) => c.upper));
  if (total < 0 || least - total > epsilon || total - most > epsilon)
    throw new Error(
      `${total} seats are not between the sum of lower bounds, ${least}, and that of upper bounds, ${most}`,
    );
  if (total === 0) return { seats: claims.map(() => 0), fairFraction: 0 };
  const lowest = Math.min(...claims.map((c, i) => c.lower / targets[i]!));
  if (least - total > -epsilon) return { seats: claims.map((c) => c.lower), fairFraction: lowest };
  const highest = Math.max(...claims.map((c, i) => c.upper / targets[i]!));
  if (total - most > -epsilon) return { seats: claims.map((c) => c.upper), fairFraction: highest };
  const at = (fraction: number) => claims.map((c, i) => Math.max(c.lower, Math.min(c.upper, fraction * targets[i]!)));
  // The sum grows with the fraction in straight lines between the bounds: find the two bounds that the answer is between.
  const bends = claims.flatMap((c, i) => [c.lower / targets[i]!, c.upper / targets[i]!]).sort((a, b) => a - b);
  let from = lowest;
  let sumFrom = least;
  for (const bend of bends) {
    const sumBend = sum(at(bend));
    if (sumBend >= total) {
      const fairFraction =
        sumBend === sumFrom ? bend : from + ((bend - from) * (total - sumFrom)) / (sumBend - sumFrom);
      return { seats: at(fairFraction), fairFraction };
    }
    from = bend;
    sumFrom = sumBend;
  }
  return { seats: at(highest), fairFraction: highest };
}
