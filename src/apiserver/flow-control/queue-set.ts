/**
 * Fair queuing of one priority level: decides who is served, who waits and who is turned away. It knows no timers and no promises: time
 * comes in as seconds, and whom to let go comes out (upstream: util/flowcontrol/fairqueuing/queueset, its doc.go; KEP-1040).
 */

/** What a request is expected to cost. */
export interface Work {
  /** Seats while it is served. */
  readonly initialSeats: number;
  /** Seats that stay taken for `finalSeconds` after the answer, while watchers are told. */
  readonly finalSeats: number;
  readonly finalSeconds: number;
}

/** Counts of one FlowSchema at one level, kept as requests come and go. */
export interface FlowCounts {
  waiting: number;
  waitingSeats: number;
  executing: number;
  executingSeats: number;
  noRoom: number;
}

/** A request as its level sees it. */
export interface Flight {
  readonly counts: FlowCounts;
  work: Work;
  /** Seats that are set aside for it through both phases. */
  seats: number;
  /** Seat-seconds. */
  totalWork: number;
  /** Reading of the level's progress meter when it came. */
  arrivalR: number;
  /** Seconds, of the caller's clock. */
  arrivedAt: number;
  startedAt: number;
  queue: Queue | undefined;
  state: 'new' | 'waiting' | 'executing' | 'finishing' | 'done';
}

export interface Queue {
  index: number;
  readonly waiting: Flight[];
  waitingSeats: number;
  waitingInitialSeats: number;
  waitingWork: number;
  executing: number;
  /** Of what is served and of what is still finishing. */
  seatsInUse: number;
  /** Reading of the progress meter at which its next request goes in the virtual world. */
  nextDispatchR: number;
}

export interface Queuing {
  /** 0 = who finds no seat is turned away; -1 = exempt: everybody has a seat. */
  readonly queues: number;
  readonly queueLengthLimit: number;
}

/** A request is taken to last so long, in seconds, until it is known better. */
const estimatedServiceSeconds = 0.003;
const nobody: readonly Flight[] = [];

export const newFlight = (counts: FlowCounts, work: Work): Flight => ({
  counts,
  work,
  seats: Math.max(work.initialSeats, work.finalSeats),
  totalWork: work.initialSeats * estimatedServiceSeconds + work.finalSeats * work.finalSeconds,
  arrivalR: 0,
  arrivedAt: 0,
  startedAt: 0,
  queue: undefined,
  state: 'new',
});

const newQueue = (index: number): Queue => ({
  index,
  waiting: [],
  waitingSeats: 0,
  waitingInitialSeats: 0,
  waitingWork: 0,
  executing: 0,
  seatsInUse: 0,
  nextDispatchR: 0,
});

export class QueueSet {
  /** May be more than wanted: what is too many goes when it is empty. */
  readonly queues: Queue[] = [];
  readonly executing = new Set<Flight>();
  #queuing: Queuing;
  #limit: number;
  /** Seat-seconds that each busy queue could have had so far. */
  #r = 0;
  #syncedAt: number;
  #robin = 0;
  #dealt = 0;
  #active = 0;
  #queueSeats = 0;
  waiting = 0;
  waitingSeats = 0;
  seatsInUse = 0;
  dispatched = 0;
  rejected = 0;
  cancelled = 0;

  constructor(queuing: Queuing, limit: number, now: number) {
    this.#queuing = queuing;
    this.#limit = limit;
    this.#syncedAt = now;
    this.#addQueues();
  }

  get limit(): number {
    return this.#limit;
  }
  get r(): number {
    return this.#r;
  }
  get isIdle(): boolean {
    return this.waiting === 0 && this.executing.size === 0;
  }
  /** Seats that are taken or waited for. */
  get demand(): number {
    return this.seatsInUse + this.waitingSeats;
  }

  /** Answers who may go because of it. */
  reconfigure(queuing: Queuing, limit: number, now: number): readonly Flight[] {
    this.#sync(now);
    this.#queuing = queuing.queues > 0 ? queuing : { ...this.#queuing, queues: queuing.queues };
    this.#limit = limit;
    this.#addQueues();
    return this.#dispatchAll(now);
  }

  /**
   * A request came, with the hand of queues its flow was dealt. Afterwards `f.state` is `executing`, `waiting` or, turned away, `done`;
   * the answer are others that may go now.
   */
  start(f: Flight, hand: readonly number[], now: number): readonly Flight[] {
    this.#sync(now);
    f.arrivedAt = now;
    f.arrivalR = this.#r;
    if (this.#queuing.queues <= 0) {
      if (!this.#hasRoomFor(f.seats)) return this.#reject(f);
      this.#execute(f, now);
      return nobody;
    }
    const queue = this.#shortest(hand);
    if (this.seatsInUse >= this.#limit && queue.waiting.length >= this.#queuing.queueLengthLimit)
      return this.#reject(f);
    if (queue.waiting.length === 0 && queue.executing === 0) queue.nextDispatchR = this.#r;
    f.queue = queue;
    f.state = 'waiting';
    this.#push(queue, f);
    this.#bound(queue);
    // Nobody else waits: it is its turn if there is room.
    if (this.waiting === 1) {
      if (this.seatsInUse < this.#limit) this.#dispatchFrom(queue, now);
      return nobody;
    }
    const going = this.#dispatchAll(now);
    return going.length === 1 && going[0] === f ? nobody : going.filter((g) => g !== f);
  }

  /** Has waited too long, or its client is gone. Answers others that may go now. */
  cancel(f: Flight, now: number): readonly Flight[] {
    this.#sync(now);
    if (f.state !== 'waiting') return nobody;
    this.#pull(f.queue!, f);
    this.#bound(f.queue!);
    this.#dropIfEmpty(f.queue!);
    f.state = 'done';
    this.rejected++;
    this.cancelled++;
    return this.#dispatchAll(now);
  }

  /** Answered. When `f.state` is `finishing` then, call `release` after `f.work.finalSeconds`. Answers who may go now. */
  finish(f: Flight, now: number): readonly Flight[] {
    if (f.state !== 'executing') return nobody;
    this.#sync(now);
    this.executing.delete(f);
    f.counts.executing--;
    const { queue } = f;
    if (queue) {
      queue.executing--;
      this.#countActive(queue, -1);
      queue.nextDispatchR -= f.work.initialSeats * (estimatedServiceSeconds - (now - f.startedAt));
      this.#bound(queue);
    }
    if (f.work.finalSeconds > 0) f.state = 'finishing';
    else this.#freeSeats(f);
    return this.#dispatchAll(now);
  }

  /** The seats of a request that was `finishing` are free. Answers who may go now. */
  release(f: Flight, now: number): readonly Flight[] {
    if (f.state !== 'finishing') return nobody;
    this.#sync(now);
    this.#freeSeats(f);
    return this.#dispatchAll(now);
  }

  /** Brings the progress meter up to `now`; whatever has been so far has been since the last time. */
  #sync(now: number): void {
    const passed = now - this.#syncedAt;
    this.#syncedAt = now;
    if (this.#active > 0 && passed > 0)
      this.#r += (Math.min(this.#queueSeats + this.waitingSeats, this.#limit) / this.#active) * passed;
  }

  #addQueues(): void {
    for (let i = this.queues.length; i < this.#queuing.queues; i++) this.queues.push(newQueue(i));
  }

  #reject(f: Flight): readonly Flight[] {
    f.state = 'done';
    this.rejected++;
    return nobody;
  }

  /** The queue of a hand with the least work; another one begins each time, so that flows that share queues are not biased. */
  #shortest(hand: readonly number[]): Queue {
    const offset = this.#dealt++ % hand.length;
    let best = this.queues[hand[offset]!]!;
    for (let i = 1; i < hand.length && best.waitingWork > 0; i++) {
      const q = this.queues[hand[(offset + i) % hand.length]!]!;
      if (q.waitingWork < best.waitingWork) best = q;
    }
    return best;
  }

  #hasRoomFor(seats: number): boolean {
    if (this.#queuing.queues < 0) return true;
    // Wider than the level: it goes alone.
    if (seats > this.#limit) return this.executing.size === 0;
    return this.seatsInUse + seats <= this.#limit;
  }

  #countActive(q: Queue, wasOrIs: 1 | -1): void {
    if (q.waiting.length + q.executing === (wasOrIs > 0 ? 1 : 0)) this.#active += wasOrIs;
  }

  #push(q: Queue, f: Flight): void {
    q.waiting.push(f);
    this.#countActive(q, 1);
    this.#countWaiting(q, f, 1);
  }

  #pull(q: Queue, f: Flight): void {
    if (q.waiting[0] === f) q.waiting.shift();
    else q.waiting.splice(q.waiting.indexOf(f), 1);
    this.#countActive(q, -1);
    this.#countWaiting(q, f, -1);
  }

  #countWaiting(q: Queue, f: Flight, by: 1 | -1): void {
    this.waiting += by;
    this.waitingSeats += by * f.seats;
    q.waitingSeats += by * f.seats;
    q.waitingInitialSeats += by * f.work.initialSeats;
    // Sums of fractions drift: an empty queue has no work.
    q.waitingWork = q.waiting.length === 0 ? 0 : q.waitingWork + by * f.totalWork;
    f.counts.waiting += by;
    f.counts.waitingSeats += by * f.seats;
  }

  #execute(f: Flight, now: number): void {
    const { queue } = f;
    f.state = 'executing';
    f.startedAt = now;
    this.executing.add(f);
    this.dispatched++;
    this.seatsInUse += f.seats;
    f.counts.executing++;
    f.counts.executingSeats += f.seats;
    if (!queue) return;
    queue.executing++;
    this.#countActive(queue, 1);
    queue.seatsInUse += f.seats;
    this.#queueSeats += f.seats;
    queue.nextDispatchR += f.totalWork;
  }

  #freeSeats(f: Flight): void {
    f.state = 'done';
    this.seatsInUse -= f.seats;
    f.counts.executingSeats -= f.seats;
    const { queue } = f;
    if (!queue) return;
    queue.seatsInUse -= f.seats;
    this.#queueSeats -= f.seats;
    this.#dropIfEmpty(queue);
  }

  #dispatchAll(now: number): readonly Flight[] {
    if (this.waiting === 0) return nobody;
    let out: Flight[] | undefined;
    while (this.waiting > 0 && this.seatsInUse < this.#limit) {
      const f = this.#dispatchFrom(this.#next(), now);
      if (!f) break;
      out ??= [];
      out.push(f);
    }
    return out ?? nobody;
  }

  /** The queue whose oldest request would be done first in the virtual world; among equals the first after the last one served. */
  #next(): Queue {
    const { queues } = this;
    let best: Queue | undefined;
    let bestFinish = Number.POSITIVE_INFINITY;
    for (let i = 1; i <= queues.length; i++) {
      const q = queues[(this.#robin + i) % queues.length]!;
      const oldest = q.waiting[0];
      if (!oldest) continue;
      const finish = q.nextDispatchR + oldest.totalWork;
      if (finish < bestFinish) {
        bestFinish = finish;
        best = q;
      }
    }
    return best!;
  }

  #dispatchFrom(q: Queue, now: number): Flight | undefined {
    const f = q.waiting[0]!;
    if (!this.#hasRoomFor(f.seats)) {
      f.counts.noRoom++;
      return undefined;
    }
    this.#robin = q.index;
    this.#pull(q, f);
    this.#narrow(f);
    this.#execute(f, now);
    this.#bound(q);
    return f;
  }

  /** The same final work on no more seats than the level has. */
  #narrow(f: Flight): void {
    const { initialSeats, finalSeats, finalSeconds } = f.work;
    if (finalSeats <= this.#limit || this.#limit < 1) return;
    f.work = { initialSeats, finalSeats: this.#limit, finalSeconds: (finalSeats * finalSeconds) / this.#limit };
    f.seats = Math.max(initialSeats, this.#limit);
  }

  /** A queue that was not able to use its share must not save it up: nothing is dispatched before it came, in the virtual world either. */
  #bound(q: Queue): void {
    const oldest = q.waiting[0];
    if (oldest && q.nextDispatchR < oldest.arrivalR) q.nextDispatchR = oldest.arrivalR;
  }

  #dropIfEmpty(q: Queue): void {
    if (this.queues.length <= Math.max(0, this.#queuing.queues)) return;
    if (q.waiting.length > 0 || q.executing > 0 || q.seatsInUse > 0 || this.queues[q.index] !== q) return;
    this.queues.splice(q.index, 1);
    for (let i = q.index; i < this.queues.length; i++) this.queues[i]!.index = i;
    if (this.#robin >= q.index) this.#robin--;
    if (this.#robin < 0) this.#robin = 0;
  }
}
