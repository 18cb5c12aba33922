/** Deals each flow a hand of queues, so that two flows seldom share all of theirs (upstream: util/shufflesharding). */
import { createHash } from 'node:crypto';

/** 64 bits of what tells a flow apart: its schema's name and its distinguisher. */
export const hashFlow = (schema: string, distinguisher: string): bigint =>
  createHash('sha256').update(`${schema}\0${distinguisher}`).digest().readBigUInt64LE(0);

/** Bits of a hash that dealing uses up; more than 60 would deal the last cards unevenly. */
export const entropyBits = (deck: number, hand: number): number => Math.ceil(Math.log2(deck) * hand);

/** Whether so many cards can be dealt from such a deck. */
export const canDeal = (deck: number, hand: number): boolean =>
  deck > 0 && hand > 0 && hand <= deck && deck <= 1 << 26 && entropyBits(deck, hand) <= 60;

/** `hand` different numbers below `deck`, the same for the same hash. */
export function deal(hash: bigint, deck: number, hand: number): readonly number[] {
  const left: number[] = [];
  let rest = hash;
  for (let i = 0; i < hand; i++) {
    const cards = BigInt(deck - i);
    left.push(Number(rest % cards));
    rest /= cards;
  }
  // Each number counts among the cards that were not dealt yet: shifted past those that were.
  return left.map((position, i) => {
    let card = position;
    for (let j = i; j > 0; j--) if (card >= left[j - 1]!) card++;
    return card;
  });
}
