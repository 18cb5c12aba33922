/** A watch over a websocket: one event a message, text for JSON and YAML, binary for protobuf (upstream: endpoints/handlers/watch.go HandleWS). */
import { readAndDrop, socketSink, webSocketAnswer, webSocketFrame } from '../connect/websocket.ts';
import type { Framer } from '../forms/watch-frames.ts';
import type { MediaType } from '../negotiate.ts';
import { type ApiResponse, type BodySink, emptyBody } from '../request.ts';
import type { Scope } from './scope.ts';

/** A protobuf event goes without the length that frames it in a stream. */
function inMessages(frames: Framer, type: MediaType): Framer {
  const wrap =
    type === 'protobuf'
      ? (b: Buffer) => webSocketFrame('binary', b.subarray(4))
      : (b: Buffer) => webSocketFrame('text', b);
  return {
    state: (entry) => wrap(frames.state(entry)),
    event: (event, as) => wrap(frames.event(event, as)),
    bookmark: (revision, annotations) => wrap(frames.bookmark(revision, annotations)),
    error: (status) => wrap(frames.error(status)),
  };
}

/** `run` sends the events of a watch in these frames. @throws 400, 403 when the handshake is none */
export function watchSocket(
  s: Scope,
  frames: Framer,
  run: (frames: Framer, sink: BodySink) => Promise<void>,
): ApiResponse {
  const answer = webSocketAnswer(s.ctx.request.headers);
  return {
    status: 101,
    headers: {},
    body: emptyBody,
    upgrade(socket, head) {
      const gone = new AbortController();
      socket.write(answer);
      readAndDrop(socket, head, () => gone.abort());
      run(inMessages(frames, s.accepted.type), socketSink(socket, gone.signal)).then(
        () => socket.end(webSocketFrame('close', Buffer.from([0x03, 0xe8]))),
        () => socket.destroy(),
      );
    },
  };
}
