/** `kubectl cp`: files between this machine and a container, through tar on the other side (upstream: kubectl/pkg/cmd/cp). */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, normalize, posix, relative } from 'node:path';
import { Readable } from 'node:stream';
import { CommandError } from '../failure.ts';
import { bool, int, text } from '../flags.ts';
import { pathOf } from '../mapper.ts';
import type { Session } from '../session.ts';
import { pack, unpack } from '../tar.ts';
import { textAt, type Thing } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { containerOf, execIn } from './exec.ts';

interface Place {
  readonly namespace?: string;
  readonly pod?: string;
  readonly file: string;
}

/** `[[namespace/]pod:]path`. @throws CommandError */
export function parsePlace(word: string): Place {
  const i = word.indexOf(':');
  const bad = () => new CommandError('filespec must match the canonical format: [[namespace/]pod:]file/path');
  if (i === 0) throw bad();
  if (i < 0) return { file: word };
  const parts = word.slice(0, i).split('/');
  const file = word.slice(i + 1);
  if (parts.length === 1) return { pod: parts[0]!, file };
  if (parts.length === 2) return { namespace: parts[0]!, pod: parts[1]!, file };
  throw bad();
}

async function podAt(s: Session, p: Place): Promise<{ readonly pod: Thing; readonly container: string }> {
  const pods = (await s.mapper()).byName('pods');
  const pod = await s.api.json<Thing>('GET', pathOf(pods, p.namespace ?? s.namespace, p.pod));
  const phase = textAt(pod, 'status', 'phase');
  if (phase === 'Succeeded' || phase === 'Failed')
    throw new CommandError(`cannot exec into a container in a completed pod; current phase is ${phase}`);
  return { pod, container: containerOf(s, pod) };
}

export const cp: Verb = {
  usage: 'cp <file-spec-src> <file-spec-dest>',
  summary: 'Copy files and directories to and from containers',
  flags: {
    container: text('Container name.', 'c'),
    'no-preserve': bool("The copied file/directory's ownership and permissions will not be preserved in the container"),
    retries: int('Set number of retries to complete a copy operation from a container.'),
  },
  async run(s) {
    const [from, to] = s.flags.args;
    if (s.flags.args.length !== 2) throw new CommandError('source and destination are required');
    const [source, target] = [parsePlace(from!), parsePlace(to!)];
    if (source.pod && target.pod) throw new CommandError('one of src or dest must be a local file specification');
    if (!source.file || !target.file) throw new CommandError('filepath can not be empty');
    const [preserve, retries] = [!s.flags.bool('no-preserve'), s.flags.int('retries') ?? 0];
    if (source.pod) return fromPod(s, source, target.file, retries);
    if (target.pod) return toPod(s, source.file, target, preserve);
    throw new CommandError('one of src or dest must be a remote file specification');
  },
};

async function toPod(s: Session, file: string, target: Place, preserve: boolean): Promise<void> {
  if (!existsSync(file)) throw new CommandError(`${file} doesn't exist in local filesystem`);
  const { pod, container } = await podAt(s, target);
  const nowhere = { out: () => {}, err: () => {} };
  const isDirectory = await execIn(s, pod, container, ['test', '-d', target.file], nowhere).then(
    () => true,
    () => false,
  );
  const clean = posix.normalize(isDirectory ? posix.join(target.file, basename(normalize(file))) : target.file);
  const directory = posix.dirname(clean);
  const command = [
    'tar',
    ...(preserve ? [] : ['--no-same-permissions', '--no-same-owner']),
    '-xmf',
    '-',
    ...(directory && directory !== '.' ? ['-C', directory] : []),
  ];
  await execIn(s, pod, container, command, {
    stdin: Readable.from(pack(normalize(file).replace(/\/$/, ''), posix.basename(clean))) as Readable,
    out: s.io.out,
    err: s.io.err,
  });
}

async function fromPod(s: Session, source: Place, target: string, retries: number): Promise<void> {
  const { pod, container } = await podAt(s, source);
  const parts: Buffer[] = [];
  for (let tries = 0; ; tries++) {
    const have = parts.reduce((n, b) => n + b.length, 0);
    const command =
      retries === 0
        ? ['tar', 'cf', '-', source.file]
        : ['sh', '-c', `tar cf - '${source.file.replaceAll("'", "'\\''")}' | tail -c+${have + 1}`];
    try {
      // What tar says beside the archive is for the user to read.
      await execIn(s, pod, container, command, { out: (d) => parts.push(Buffer.from(d)), err: (d) => s.io.out(d) });
      break;
    } catch (e) {
      if (retries >= 0 && tries >= retries) throw e;
      s.io.out(`Resuming copy at ${parts.reduce((n, b) => n + b.length, 0)} bytes, retry ${tries + 1}/${retries}\n`);
    }
  }
  const prefix = stripped(source.file);
  let warned = false;
  for (const e of unpack(Buffer.concat(parts))) {
    if (!e.name.startsWith(prefix)) throw new CommandError('tar contents corrupted');
    const rest = posix.normalize(`/${e.name.slice(prefix.length)}`).slice(1);
    const file = rest ? join(target, rest) : target;
    const inside = relative(normalize(target), normalize(file));
    if (inside === '..' || inside.startsWith('../')) {
      s.io.err(`warning: file ${JSON.stringify(file)} is outside target destination, skipping\n`);
      continue;
    }
    mkdirSync(dirname(file), { recursive: true });
    if (e.kind === 'directory') mkdirSync(file, { recursive: true });
    else if (e.kind === 'link') {
      s.io.err(
        warned
          ? `warning: skipping symlink: ${JSON.stringify(file)} -> ${JSON.stringify(e.target)}\n`
          : `warning: skipping symlink: ${JSON.stringify(file)} -> ${JSON.stringify(e.target)} (consider using "kubectl exec -n ${JSON.stringify(source.namespace ?? '')} ${JSON.stringify(source.pod)} -- tar cf - ${JSON.stringify(source.file)} | tar xf -")\n`,
      );
      warned = true;
    } else writeFileSync(file, e.data);
  }
}

/** The path as tar names it: without the slash before it and the steps up. */
function stripped(file: string): string {
  const clean = posix.normalize(file.replace(/^\/+/, ''));
  const steps = clean.replace(/^(\.\.\/)+/, '').replace(/\/$/, '');
  return steps === '.' || steps === '..' ? '' : steps;
}
