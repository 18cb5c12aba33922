/** Answers of other resolvers, kept for a short while (CoreDNS's cache plugin with kubeadm's `cache 30`). */
import type { Clock } from '../base/clock.ts';
import { flag, headerLength, type Query, rcode, readAnswer } from './wire.ts';

export interface AnswerCache {
  /** The kept answer as an answer to this query, with what is left of its times to live. */
  get(q: Query): Buffer | undefined;
  put(q: Query, answer: Buffer): void;
  readonly size: number;
}

const maxSeconds = 30;
const minSeconds = 5;
const failureSeconds = 5;
const capacity = 9_984;

interface Kept {
  readonly answer: Buffer;
  readonly ttlsAt: readonly number[];
  readonly seconds: number;
  readonly at: number;
}

export function createAnswerCache(clock: Pick<Clock, 'monotonic'>): AnswerCache {
  /** In the order of arrival: the oldest goes first. */
  const kept = new Map<string, Kept>();
  return {
    get size() {
      return kept.size;
    },
    get(q) {
      const key = keyOf(q);
      const found = kept.get(key);
      if (!found) return undefined;
      const left = found.seconds - Math.floor((clock.monotonic() - found.at) / 1000);
      if (left <= 0) {
        kept.delete(key);
        return undefined;
      }
      const out = Buffer.from(found.answer);
      out.writeUInt16BE(q.id, 0);
      // The client's own spelling: some compare it (0x20).
      q.question.copy(out, headerLength);
      for (const place of found.ttlsAt) out.writeUInt32BE(Math.min(out.readUInt32BE(place), left), place);
      return out;
    },
    put(q, answer) {
      const shape = readAnswer(answer);
      if (!shape || shape.truncated || shape.questionLength !== q.question.length) return;
      const seconds = secondsOf(shape);
      if (seconds === undefined) return;
      const key = keyOf(q);
      kept.delete(key);
      kept.set(key, { answer: Buffer.from(answer), ttlsAt: shape.ttlsAt, seconds, at: clock.monotonic() });
      if (kept.size > capacity) kept.delete(kept.keys().next().value!);
    },
  };
}

function secondsOf(a: NonNullable<ReturnType<typeof readAnswer>>): number | undefined {
  const bounded = (n: number) => Math.min(maxSeconds, Math.max(minSeconds, n));
  if (a.rcode === rcode.servfail) return failureSeconds;
  if (a.rcode !== rcode.noerror && a.rcode !== rcode.nxdomain) return undefined;
  if (a.rcode === rcode.noerror && a.answers) return bounded(a.leastTtl);
  return a.negativeTtl === undefined ? undefined : bounded(a.negativeTtl);
}

const keyOf = (q: Query): string =>
  `${q.name.toLowerCase()} ${q.type} ${q.edns ? (q.edns.dnssec ? 'dnssec' : 'edns') : ''} ${q.flags & (flag.checkingDisabled | flag.recursionDesired)}`;
