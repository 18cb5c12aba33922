/** gzip for large answers, as they are made. */
import { constants, createGzip } from 'node:zlib';
import { type ApiResponse, type BodyStream, header, type RequestContext } from '../request.ts';

const gzipFrom = 128 * 1024;

/** Large answers are compressed when the client allows (upstream: endpoints/handlers/responsewriters/writers.go). */
export function compressed(ctx: Pick<RequestContext, 'request'>, r: ApiResponse): ApiResponse {
  if (!header(ctx.request.headers, 'accept-encoding').includes('gzip')) return r;
  if (typeof r.body !== 'function' && r.body.length < gzipFrom) return r;
  const source: BodyStream =
    typeof r.body === 'function'
      ? r.body
      : async (sink) => {
          if (!sink.write(r.body as Buffer)) await sink.drained();
        };
  return {
    ...r,
    headers: { ...r.headers, 'content-encoding': 'gzip', vary: 'Accept-Encoding' },
    body: gzipped(source),
  };
}

const gzipped =
  (source: BodyStream): BodyStream =>
  async (sink) => {
    const gzip = createGzip({ level: constants.Z_BEST_SPEED, chunkSize: 64 * 1024 });
    const read = (async () => {
      for await (const c of gzip) if (!sink.write(c as Buffer)) await sink.drained();
    })();
    await source({
      write: (c) => gzip.write(c),
      drained: () => new Promise((r) => gzip.once('drain', r)),
      signal: sink.signal,
    });
    gzip.end();
    await read;
  };
