/** postStart and preStop hooks (upstream: pkg/kubelet/lifecycle/handlers.go). */
import type { Lifecycle, Pod } from '../../api/core/v1/types.ts';
import type { Clock } from '../../base/clock.ts';
import type { ContainerRuntime } from '../cri.ts';
import { httpGet, joinHost, plainAnswer, resolvePort } from '../probes/check.ts';
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
    warn(reason: string, message: string): void;
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
    const ask = (scheme: string, headers: readonly { readonly name: string; readonly value: string }[]) =>
      httpGet(
        {
          scheme,
          host: g.host || t.podIP,
          port: resolvePort(g.port, t.container),
          path: g.path ?? '/',
          headers,
          userAgent: edges.userAgent,
        },
        30_000,
      );
    try {
      await ask(g.scheme ?? 'HTTP', g.httpHeaders ?? []).catch(async (e: Error) => {
        if (!e.message.endsWith(plainAnswer)) throw e;
        // a server that was never asked over TLS before hooks honoured their scheme
        const open = (g.httpHeaders ?? []).filter((h) => h.name.toLowerCase() !== 'authorization');
        await ask('HTTP', open);
        edges.warn(
          'LifecycleHTTPFallback',
          `request to HTTPS lifecycle hook ${joinHost(g.host || t.podIP, resolvePort(g.port, t.container))} got HTTP response, retry with HTTP succeeded`,
        );
      });
    } catch (e) {
      throw new Error(`HTTP lifecycle hook (${g.path ?? '/'}) ${where}${(e as Error).message}`);
    }
  } else if (handler.sleep) {
    await edges.clock.sleep(handler.sleep.seconds * 1000, edges.signal);
  } else throw new Error(`Cannot run handler: invalid handler: ${JSON.stringify(handler)}`);
}
