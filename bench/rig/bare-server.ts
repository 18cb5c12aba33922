/**
 * The yardstick: the least that a Node HTTPS server can do which answers the same bytes. Objects are kept as JSON bytes, lists are joined,
 * a watch event is encoded once, writes are durable before they are answered. No authentication, admission, validation, managed fields.
 * `node bare-server.ts PKI-DIR PORT LOG-FILE`; POST /template sets the object whose shape every created object takes.
 */
import { fdatasync, openSync, readFileSync, write } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';

interface Obj {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly [field: string]: unknown;
}
interface Stored {
  readonly bytes: Buffer;
  readonly labels: Readonly<Record<string, string>>;
}

const [pki, port, logFile] = process.argv.slice(2);
const log = openSync(logFile!, 'a');
const collections = new Map<string, Map<string, Stored>>();
const watchers = new Set<ServerResponse>();
let template: Obj = { metadata: { name: '' } };
let revision = 1;

let waiting: { readonly bytes: Buffer; readonly done: () => void }[] = [];
let syncing = false;

/** Everything that waits goes to the disk together; the next batch gathers meanwhile. */
function commit(): void {
  if (syncing || waiting.length === 0) return;
  syncing = true;
  const batch = waiting;
  waiting = [];
  write(log, Buffer.concat(batch.map((w) => w.bytes)), (failed) => {
    if (failed) throw failed;
    fdatasync(log, (unsynced) => {
      if (unsynced) throw unsynced;
      syncing = false;
      for (const w of batch) w.done();
      if (watchers.size) {
        const frames = Buffer.concat(
          batch.flatMap((w) => [Buffer.from('{"type":"MODIFIED","object":'), w.bytes, Buffer.from('}\n')]),
        );
        for (const w of watchers) w.write(frames);
      }
      commit();
    });
  });
}

const durable = (bytes: Buffer): Promise<void> =>
  new Promise((done) => {
    waiting.push({ bytes, done });
    if (waiting.length === 1) setImmediate(commit);
  });

const encode = (o: Obj): Buffer =>
  Buffer.from(JSON.stringify({ ...o, metadata: { ...o.metadata, resourceVersion: String(++revision) } }));

/** RFC 7386. */
function merge(into: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const out: Record<string, unknown> = { ...(into as Record<string, unknown> | undefined) };
  for (const [k, v] of Object.entries(patch))
    if (v === null) delete out[k];
    else out[k] = merge(out[k], v);
  return out;
}

function body(req: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    req.on('data', (c: Buffer) => chunks.push(c));
    req.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
  });
}

const json = { 'content-type': 'application/json' };
function answer(res: ServerResponse, status: number, bytes: Buffer): void {
  res.writeHead(status, { ...json, 'content-length': bytes.length });
  res.end(bytes);
}

function listOf(objects: ReadonlyMap<string, Stored>, selector: string | null): Buffer {
  const [key, wanted] = selector?.split('=') ?? [];
  const parts: Buffer[] = [
    Buffer.from('{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":['),
  ];
  const comma = Buffer.from(',');
  for (const o of objects.values()) {
    if (key !== undefined && o.labels[key] !== wanted) continue;
    if (parts.length > 1) parts.push(comma);
    parts.push(o.bytes);
  }
  parts.push(Buffer.from(']}'));
  return Buffer.concat(parts);
}

async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(req.url!, 'https://bare');
  if (pathname === '/template') {
    template = JSON.parse((await body(req)).toString()) as Obj;
    answer(res, 200, Buffer.from('{}'));
    return;
  }
  const segments = pathname.split('/').slice(1);
  const [collection, name] = [segments.slice(0, 5).join('/'), segments[5]];
  const objects = collections.get(collection) ?? new Map<string, Stored>();
  collections.set(collection, objects);
  const keep = async (key: string, o: Obj): Promise<Buffer> => {
    const bytes = encode(o);
    await durable(bytes);
    objects.set(key, { bytes, labels: o.metadata.labels ?? {} });
    return bytes;
  };
  if (req.method === 'POST') {
    const { metadata } = JSON.parse((await body(req)).toString()) as Obj;
    const o = { ...template, metadata: { ...template.metadata, ...metadata } };
    answer(res, 201, await keep(metadata.name, o));
  } else if (name === undefined) {
    if (searchParams.has('watch')) {
      res.writeHead(200, json);
      res.flushHeaders();
      watchers.add(res);
      res.on('close', () => watchers.delete(res));
    } else answer(res, 200, listOf(objects, searchParams.get('labelSelector')));
  } else {
    const found = objects.get(name);
    if (!found) answer(res, 404, Buffer.from('{}'));
    else if (req.method === 'PATCH') {
      const patch: unknown = JSON.parse((await body(req)).toString());
      answer(res, 200, await keep(name, merge(JSON.parse(found.bytes.toString()), patch) as Obj));
    } else if (req.method === 'DELETE') {
      req.resume();
      await durable(found.bytes);
      objects.delete(name);
      answer(res, 200, found.bytes);
    } else answer(res, 200, found.bytes);
  }
}

createServer(
  { cert: readFileSync(join(pki!, 'apiserver.crt')), key: readFileSync(join(pki!, 'apiserver.key')) },
  (q, s) => {
    void handle(q, s);
  },
).listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));
process.on('SIGTERM', () => process.exit(0));
