/** The program: one command line, many names. What a command needs is loaded when it runs, so that each starts fast. */
import { enableCompileCache } from 'node:module';
import { basename } from 'node:path';
import { components, isComponent } from './components.ts';

enableCompileCache(process.env['NODE_COMPILE_CACHE']);

/** `k8ts kubelet …` and a symlink named `kubelet` are the same. */
const invoked = basename(process.env['K8TS_NAME'] ?? 'k8ts');
const args = process.argv.slice(2);
const name = isComponent(invoked) ? invoked : args[0];

try {
  if (name !== undefined && isComponent(name)) await components[name](isComponent(invoked) ? args : args.slice(1));
  else await (await import('./command-line.ts')).runCommandLine(args);
} catch (e) {
  process.stderr.write(`k8ts: ${e instanceof Error ? e.message : String(e)}\n`);
  if (process.env['K8TS_DEBUG'] && e instanceof Error && e.stack) process.stderr.write(`${e.stack}\n`);
  // Whatever is still open must not keep a failed program alive.
  process.exit(1);
}
