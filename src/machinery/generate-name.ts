/** `metadata.generateName` and other random suffixes (upstream: apiserver/pkg/storage/names, apimachinery/pkg/util/rand). */

/** Lower-case letters and digits without vowels and look-alikes. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const suffixLength = 5;
const maxNameLength = 63;

/** `n` random characters of upstream's alphabet; `random` answers 0 ≤ x < 1. */
export function randomString(n: number, random: () => number): string {
  let out = '';
  for (let i = 0; i < n; i++) out += alphabet[Math.floor(random() * alphabet.length)];
  return out;
}

/** The base, cut so that the name fits a DNS label, and five random characters. */
export const generateName = (base: string, random: () => number): string =>
  base.slice(0, maxNameLength - suffixLength) + randomString(suffixLength, random);

/** Text whose characters all come from the alphabet names are made of (upstream: rand.SafeEncodeString). */
export function safeEncodeString(text: string): string {
  let out = '';
  for (const byte of Buffer.from(text)) out += alphabet[byte % alphabet.length];
  return out;
}
