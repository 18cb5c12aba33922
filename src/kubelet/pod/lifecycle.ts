/** postStart and preStop hooks (upstream: pkg/kubelet/lifecycle/handlers.go). */
import type { Lifecycle, Pod } from '../../api/core/v1/types.ts';
import type { Clock } from '../../base/clock.ts';
import type { ContainerRuntime } from '../cri.ts';
import { httpGet, resolvePort } from '../probes/check.ts';
import { type AnyContainer, podText } from './identity.ts';

type Handler = NonNullable<Lifecycle['preStop']>;

export interface HookTarget {
  readonly pod: Pod;
  readonly container: AnyContainer;
  readonly containerId: string;
  readonly podIP: string;
}

/** Resolves when the hook has succeeded; rejects with the message the status carries. */
export async function runHook(
  handler: Handler,
  t: HookTarget,
  edges: {
    readonly runtime: ContainerRuntime;
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly userAgent: string;
  },
): Promise<void> {
  const where = `for Container "${t.container.name}" in Pod "${podText(t.pod)}" failed - error: `;
  if (handler.exec) {
    const command = handler.exec.command ?? [];
    const r = await edges.runtime.exec(t.containerId, command, 0).catch((e: Error) => {
      throw new Error(`Exec lifecycle hook ([${command.join(' ')}]) ${where}${e.message}, message: ""`);
    });
    if (r.exitCode !== 0) {
      const output = Buffer.concat([r.stdout, r.stderr]).toString();
      throw new Error(
        `Exec lifecycle hook ([${command.join(' ')}]) ${where}command '${command.join(' ')}' exited with ${r.exitCode}: ${r.stderr.toString()}, message: ${JSON.stringify(output)}`,
      );
    }
  } else if (handler.httpGet) {
    const g = handler.httpGet;
    try {
      await httpGet(
        {
          scheme: g.scheme ?? 'HTTP',
          host: g.host || t.podIP,
          port: resolvePort(g.port, t.container),
          path: g.path ?? '/',
          headers: g.httpHeaders ?? [],
          userAgent: edges.userAgent,
        },
        30_000,
      );
    } catch (e) {
      throw new Error(`HTTP lifecycle hook (${g.path ?? '/'}) ${where}${(e as Error).message}`);
    }
  } else if (handler.sleep) {
    await edges.clock.sleep(handler.sleep.seconds * 1000, edges.signal);
  } else throw new Error(`Cannot run handler: invalid handler: ${JSON.stringify(handler)}`);
}
