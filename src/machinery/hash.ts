/** FNV-1a hashes, and the hash of an object behind pod-template-hash labels and ControllerRevision names. */
import { safeEncodeString } from './generate-name.ts';

/** FNV-1a, 32 bit, of the UTF-8 bytes of a text. */
export function fnv32a(text: string): number {
  let h = 0x811c9dc5;
  for (const byte of Buffer.from(text)) h = Math.imul(h ^ byte, 0x01000193);
  return h >>> 0;
}

/** FNV-1a, 64 bit. */
export function fnv64a(text: string): bigint {
  let h = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) h = BigInt.asUintN(64, (h ^ BigInt(byte)) * 0x100000001b3n);
  return h;
}

/** JSON with sorted keys and without unset or empty values, so that the same meaning gives the same text. */
export function stableJson(v: unknown): string {
  if (Array.isArray(v)) return `[${v.map(stableJson).join(',')}]`;
  if (typeof v !== 'object' || v === null) return JSON.stringify(v) ?? 'null';
  const o = v as Record<string, unknown>;
  const parts: string[] = [];
  for (const k of Object.keys(o).sort()) {
    if (o[k] === undefined || o[k] === null) continue;
    parts.push(`${JSON.stringify(k)}:${stableJson(o[k])}`);
  }
  return `{${parts.join(',')}}`;
}

/**
 * The value of a pod-template-hash label. Upstream hashes a dump of Go structs, which no other language can repeat; the value only
 * has to be stable and to look alike.
 */
export const computeHash = (template: unknown, collisionCount?: number): string =>
  safeEncodeString(String(fnv32a(stableJson(template) + (collisionCount === undefined ? '' : `#${collisionCount}`))));
