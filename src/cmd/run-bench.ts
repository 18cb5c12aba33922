/** `k8ts bench`: hands over to bench/, which lies beside src and is a program of its own. */
import { spawn } from 'node:child_process';

const program = new URL('../../bench/rig/main.ts', import.meta.url).pathname;

/** Returns the exit code: 0 when every benchmark ran, 2 when there is none of that name. */
export function runBench(names: readonly string[], update: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...(update ? ['--update'] : []), '--', ...names], {
      stdio: 'inherit',
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
