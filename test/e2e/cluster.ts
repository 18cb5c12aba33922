/** A real cluster for end-to-end tests: `./k8ts up` in a directory of its own, upstream's kubectl, and everything gone afterwards. */
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const root = new URL('../..', import.meta.url).pathname;
/** Why the tests of this folder that need containers are left out, or false. */
export const skip = process.getuid?.() === 0 ? false : 'needs root';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function run(
  program: string,
  args: readonly string[],
  options: { readonly env?: Record<string, string>; readonly input?: string; readonly timeoutMs?: number } = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      { env: { ...process.env, ...options.env }, maxBuffer: 64 << 20, timeout: options.timeoutMs ?? 180_000 },
      (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
        resolve({ code, stdout, stderr });
      },
    );
    if (options.input !== undefined) child.stdin?.end(options.input);
  });
}

export interface TestCluster {
  readonly dataDir: string;
  readonly kubeconfig: string;
  /** Runs upstream's kubectl; throws with its words when it fails. */
  kubectl(...args: string[]): Promise<string>;
  /** The same, whatever it answers. */
  tryKubectl(args: readonly string[], input?: string): Promise<Ran>;
  /** `kubectl apply -f -` of a text. */
  apply(yaml: string): Promise<string>;
  k8ts(...args: string[]): Promise<string>;
  up(): Promise<string>;
  /** `down --purge`, and the directory; throws when a component was refused something it lacks the rights for. */
  destroy(): Promise<void>;
}

export async function must(what: string, ran: Promise<Ran>): Promise<string> {
  const r = await ran;
  if (r.code !== 0) throw new Error(`${what} ended with ${r.code}: ${r.stderr || r.stdout}`);
  return r.stdout;
}

/** Not started yet: call up(). */
export function newCluster(): TestCluster {
  const dir = mkdtempSync(join(tmpdir(), 'k8ts-e2e-'));
  const dataDir = join(dir, 'data');
  const kubeconfig = join(dir, 'kubeconfig');
  const program = join(root, 'k8ts');
  const tryKubectl = (args: readonly string[], input?: string) =>
    run('kubectl', ['--kubeconfig', kubeconfig, ...args], input === undefined ? {} : { input });
  const k8ts = (...args: string[]) => must(`k8ts ${args.join(' ')}`, run(program, args));
  return {
    dataDir,
    kubeconfig,
    tryKubectl,
    k8ts,
    kubectl: (...args) => must(`kubectl ${args.join(' ')}`, tryKubectl(args)),
    apply: (yaml) => must('kubectl apply', tryKubectl(['apply', '-f', '-'], yaml)),
    up: () => k8ts('up', '--data-dir', dataDir, '--kubeconfig', kubeconfig),
    async destroy() {
      const logs = join(dataDir, 'logs');
      const said = existsSync(logs) ? readdirSync(logs).map((f) => readFileSync(join(logs, f), 'utf8')) : [];
      await k8ts('down', '--purge', '--data-dir', dataDir);
      rmSync(dir, { recursive: true, force: true });
      // The components have few rights each: what they lack shows nowhere else. On a first start the roles come a moment after the server.
      const refused = said.join('').match(/.*\bUser \\?"system:\S+ cannot .*(?<! failures=[1-3])$/gm);
      if (refused) throw new Error(`a component may not do what it does:\n${refused.slice(0, 10).join('\n')}`);
    },
  };
}

/** Asks again until `check` neither throws nor answers false; throws its last failure after `seconds`. */
export async function eventually<T>(what: string, seconds: number, check: () => Promise<T | false>): Promise<T> {
  const until = performance.now() + seconds * 1000;
  let last: unknown = 'it answered false';
  for (;;) {
    try {
      const value = await check();
      if (value !== false) return value;
    } catch (e) {
      last = e;
    }
    if (performance.now() > until)
      throw new Error(`${what}: not after ${seconds} s: ${last instanceof Error ? last.message : last}`);
    await new Promise((r) => setTimeout(r, 100));
  }
}

/** Builds a small image from busybox and imports it; the name is localhost/busybox:1. */
export async function importBusybox(c: TestCluster): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'k8ts-busybox-'));
  try {
    const fs = join(dir, 'root');
    const script = `mkdir -p ${fs}/bin ${fs}/etc ${fs}/tmp ${fs}/www && cp "$(command -v busybox)" ${fs}/bin/busybox && for a in $(busybox --list); do [ "$a" = busybox ] || ln -s busybox ${fs}/bin/$a; done && printf 'root:x:0:0:root:/:/bin/sh\\nnobody:x:65534:65534::/:/bin/false\\n' > ${fs}/etc/passwd && chmod 1777 ${fs}/tmp`;
    await must('making the image', run('/bin/sh', ['-c', script]));
    await c.k8ts(
      'image',
      'pack',
      fs,
      join(dir, 'busybox.tar'),
      '--name',
      'localhost/busybox:1',
      '--cmd',
      '["sh"]',
      '--env',
      'PATH=/bin',
    );
    await c.k8ts('image', 'import', '--data-dir', c.dataDir, join(dir, 'busybox.tar'));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A program that goes on; ended with the signal. */
export function background(program: string, args: readonly string[], signal: AbortSignal): void {
  spawn(program, args, { stdio: 'ignore', signal }).on('error', () => {});
}
