/** A SPDY/3.1 connection with many streams over one socket, as client (towards the runtime) or server (towards kubectl). */
import { Duplex } from 'node:stream';
import {
  controlFrame,
  createFrameReader,
  createHeaderCodec,
  dataFrame,
  decodeHeaders,
  encodeHeaders,
  type Frame,
  flagFin,
  frameType,
  type Headers,
  idPayload,
} from './spdy-frames.ts';

const maxData = 32 * 1024;
/** Unread bytes of a stream after which the whole socket waits. */
const maxBuffered = 256 * 1024;
const rstCancel = 5;
const rstInvalidStream = 2;

/** Half-closable both ways: end() sends FIN, 'end' comes with the peer's FIN. */
export class SpdyStream extends Duplex {
  readonly id: number;
  readonly headers: Headers;
  /** Resolves when the peer has answered the stream; rejects when it refuses it. */
  readonly replied: Promise<void>;
  /** @internal */
  readonly accept: () => void;
  /** @internal */
  readonly refuse: (e: Error) => void;
  /** The peer has said that it will send no more; false when the connection went before that. */
  complete = false;
  #connection: SpdyConnection;
  #finished = false;
  constructor(connection: SpdyConnection, id: number, headers: Headers) {
    super({ allowHalfOpen: true, readableHighWaterMark: maxBuffered });
    this.id = id;
    this.headers = headers;
    this.#connection = connection;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => undefined);
    this.replied = promise;
    this.accept = resolve;
    this.refuse = reject;
  }
  override _write(chunk: Buffer, _encoding: string, done: (e?: Error | null) => void): void {
    let at = 0;
    const next = (e?: Error | null): void => {
      if (e || at >= chunk.length) {
        done(e);
        return;
      }
      const part = chunk.subarray(at, at + maxData);
      at += part.length;
      this.#connection.send(dataFrame(this.id, part, false), next);
    };
    next();
  }
  override _final(done: (e?: Error | null) => void): void {
    this.#finished = true;
    this.#connection.send(dataFrame(this.id, Buffer.alloc(0), true), () => done());
  }
  /** @internal */
  endOfPeer(): void {
    this.complete = true;
    this.push(null);
    // nothing more comes to wait for, and nobody will ask for it
    this.#connection.resume(this);
  }
  /** No more will come; what came and was not read yet still can be, and then the stream goes. */
  finish(): void {
    if (this.readableEnded) {
      this.destroy();
      return;
    }
    this.once('end', () => this.destroy());
    this.push(null);
    this.#connection.resume(this);
  }
  override _read(): void {
    this.#connection.resume(this);
  }
  override _destroy(error: Error | null, done: (e?: Error | null) => void): void {
    if (!this.#finished || !this.readableEnded)
      this.#connection.send(controlFrame(frameType.rstStream, 0, idPayload(this.id, rstCancel)));
    this.#connection.forget(this);
    done(error);
  }
}

export interface SpdyConnectionOptions {
  readonly role: 'client' | 'server';
  /** A stream the peer opens; answer true to accept it. */
  readonly onStream?: (stream: SpdyStream) => boolean;
}

export class SpdyConnection {
  /** Resolves when the socket is closed. */
  readonly closed: Promise<void>;
  #socket: Duplex;
  #options: SpdyConnectionOptions;
  #codec = createHeaderCodec();
  #streams = new Map<number, SpdyStream>();
  #full = new Set<SpdyStream>();
  #next: number;
  #order: Promise<void> = Promise.resolve();
  #dead = false;

  constructor(socket: Duplex, head: Buffer, options: SpdyConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#next = options.role === 'client' ? 1 : 2;
    const read = createFrameReader();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    const take = (chunk: Buffer) => {
      for (const frame of read(chunk)) this.#enqueue(frame);
    };
    socket.on('data', take);
    // the other side's half-close ends a SPDY connection: there is nothing more it could say
    socket.on('end', () => socket.end());
    socket.on('error', () => undefined); // 'close' follows
    socket.on('close', () => {
      this.#order = this.#order.then(() => {
        this.#dead = true;
        for (const s of this.#streams.values()) s.finish();
        this.#streams.clear();
        this.#codec.close();
        resolve();
      });
    });
    if (head.length) take(head);
  }

  /** Opens a stream. */
  async open(headers: Headers): Promise<SpdyStream> {
    const stream = new SpdyStream(this, this.#next, headers);
    this.#next += 2;
    this.#streams.set(stream.id, stream);
    stream.on('error', () => undefined);
    const block = await this.#codec.deflate(encodeHeaders(headers));
    const payload = Buffer.concat([idPayload(stream.id, 0), Buffer.alloc(2), block]);
    this.send(controlFrame(frameType.synStream, 0, payload));
    return stream;
  }
  /** Says goodbye; what was written still goes out. The peer's own close ends the socket. */
  close(): void {
    if (this.#dead) return;
    this.#socket.end();
    this.#full.clear();
    this.#socket.resume();
  }
  send(frame: Buffer, done?: (e?: Error | null) => void): void {
    if (this.#dead || this.#socket.writableEnded || this.#socket.destroyed) {
      done?.(new Error('the connection is closed'));
      return;
    }
    this.#socket.write(frame, done);
  }
  resume(stream: SpdyStream): void {
    this.#full.delete(stream);
    if (this.#full.size === 0) this.#socket.resume();
  }
  forget(stream: SpdyStream): void {
    this.#streams.delete(stream.id);
    this.resume(stream);
  }

  /** Frames in their order, though inflating takes a turn. */
  #enqueue(frame: Frame): void {
    this.#order = this.#order
      .then(() => this.#handle(frame))
      .catch(() => {
        // what cannot be read cannot be gone on with: the compression state is lost
        this.#socket.destroy();
      });
  }
  async #handle(frame: Frame): Promise<void> {
    if (this.#dead) return;
    if (frame.kind === 'data') {
      this.#data(frame);
      return;
    }
    const { payload } = frame;
    switch (frame.type) {
      case frameType.synStream: {
        const id = payload.readUInt32BE(0) & 0x7fffffff;
        const headers = decodeHeaders(await this.#codec.inflate(payload.subarray(10)));
        const stream = new SpdyStream(this, id, headers);
        this.#streams.set(id, stream);
        stream.on('error', () => undefined);
        const reply = await this.#codec.deflate(encodeHeaders({}));
        if (this.#options.onStream?.(stream)) {
          this.send(controlFrame(frameType.synReply, 0, Buffer.concat([idPayload(id), reply])));
          if (frame.flags & flagFin) stream.endOfPeer();
        } else stream.destroy();
        return;
      }
      case frameType.synReply: {
        await this.#codec.inflate(payload.subarray(4));
        const stream = this.#streams.get(payload.readUInt32BE(0));
        stream?.accept();
        if (frame.flags & flagFin) stream?.endOfPeer();
        return;
      }
      case frameType.headers:
        await this.#codec.inflate(payload.subarray(4));
        return;
      case frameType.rstStream: {
        const stream = this.#streams.get(payload.readUInt32BE(0));
        if (!stream) return;
        const error = new Error('the stream was reset');
        stream.refuse(error);
        this.#streams.delete(stream.id);
        stream.complete = true;
        stream.finish();
        return;
      }
      case frameType.ping: {
        // answer only what the peer began: ids are odd from a client, even from a server
        const odd = payload.readUInt32BE(0) % 2 === 1;
        if (odd === (this.#options.role === 'server')) this.send(controlFrame(frameType.ping, 0, payload));
        return;
      }
      default:
        return; // settings, go-away and window updates ask for nothing here
    }
  }
  #data(frame: Extract<Frame, { kind: 'data' }>): void {
    const stream = this.#streams.get(frame.id);
    if (!stream) {
      if (frame.payload.length) this.send(controlFrame(frameType.rstStream, 0, idPayload(frame.id, rstInvalidStream)));
      return;
    }
    if (frame.payload.length) {
      if (!stream.push(Buffer.from(frame.payload))) {
        this.#full.add(stream);
        this.#socket.pause();
      }
      // Runtimes have no use for it, and what a runtime has not read when it closes makes the kernel drop what we have not read.
      if (this.#options.role === 'server')
        this.send(controlFrame(frameType.windowUpdate, 0, idPayload(frame.id, frame.payload.length)));
    }
    if (frame.fin) stream.endOfPeer();
  }
}
