/** Writes the conditions of FlowSchemas, at most six times a minute each, as servers that disagree would write for ever (upstream: apf_controller.go, digestConfigObjects). */
import { FlowSchemas } from '../../api/resources.ts';
import { type Clock, rfc3339, type Timer } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import type { Client } from '../../client/client.ts';
import { isNotFound } from '../../machinery/status-error.ts';
import type { StatusUpdate } from './flow-control.ts';

export const flowFieldManager = 'api-priority-and-fairness-config-consumer-v1';

export interface StatusWriter {
  /** What is to be written now; what was to be written before and is not among it is forgotten. */
  write(updates: readonly StatusUpdate[]): void;
  close(): void;
}

const perMinute = 6;
const minute = 60_000;
const retryMs = 1000;
const longestRetryMs = 60_000;

export function statusWriter(client: Client, clock: Clock, log: Logger, random: () => number): StatusWriter {
  let pending = new Map<string, StatusUpdate>();
  let written: readonly { readonly schema: string; readonly at: number }[] = [];
  let isRunning = false;
  let isClosed = false;
  let failures = 0;
  let timer: Timer | undefined;

  const later = (ms: number) => {
    timer?.cancel();
    if (!isClosed) timer = clock.after(ms, () => void run());
  };
  const apply = (u: StatusUpdate) =>
    client.patch(
      FlowSchemas,
      { name: u.schema },
      'application/apply-patch+yaml',
      {
        apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
        kind: 'FlowSchema',
        metadata: { name: u.schema },
        status: { conditions: [{ ...u.condition, lastTransitionTime: rfc3339(clock.now()) }] },
      },
      { subresource: 'status', fieldManager: flowFieldManager, force: true },
    );
  const run = async () => {
    if (isRunning) return;
    isRunning = true;
    const batch = pending;
    for (const [name, update] of batch) {
      if (isClosed) break;
      const now = clock.now();
      written = written.filter((w) => now - w.at < minute);
      if (written.filter((w) => w.schema === name).length >= perMinute) {
        later((30 + Math.floor(random() * 45)) * 1000);
        continue;
      }
      try {
        await apply(update);
        written = [...written, { schema: name, at: now }];
        failures = 0;
        batch.delete(name);
      } catch (e) {
        if (isNotFound(e)) batch.delete(name);
        else if (!isClosed) {
          log.debug('the condition of a flow schema could not be written', { schema: name, error: e as Error });
          later(Math.min(retryMs * 2 ** failures++, longestRetryMs));
        }
      }
    }
    isRunning = false;
    if (pending !== batch) later(0);
  };
  return {
    write(updates) {
      pending = new Map(updates.map((u) => [u.schema, u]));
      void run();
    },
    close() {
      isClosed = true;
      timer?.cancel();
    },
  };
}
