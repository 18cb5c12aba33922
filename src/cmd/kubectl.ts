/** The command-line client as a program: the process's streams and exit code around the kubectl room. */
import { realClock } from '../base/clock.ts';
import { type Io, runKubectl } from '../kubectl/index.ts';

/** Runs one command line; sets the exit code. */
export async function kubectl(args: readonly string[]): Promise<void> {
  const { stdin, stdout, stderr } = process;
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort(new Error('interrupted')));
  process.once('SIGTERM', () => interrupted.abort(new Error('terminated')));
  // A reader that goes away (`kubectl get … | head`) ends the command quietly.
  stdout.on('error', () => interrupted.abort(new Error('standard output is closed')));
  const io: Io = {
    stdin,
    out: (data) => void stdout.write(data),
    err: (data) => void stderr.write(data),
    ...(stdout.isTTY && {
      terminal: {
        get columns() {
          return stdout.columns;
        },
        get rows() {
          return stdout.rows;
        },
        onResize(changed) {
          stdout.on('resize', changed);
          return () => stdout.off('resize', changed);
        },
      },
    }),
    env: process.env,
    clock: realClock,
    signal: interrupted.signal,
  };
  process.exitCode = await runKubectl(args, io);
  // An open terminal must not keep the process.
  stdin.pause();
  stdin.unref?.();
}
