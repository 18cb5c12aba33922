/** Lets pods that are new to the node in one by one, oldest first, or turns them away (upstream: HandlePodAdditions). */
import type { Pod } from '../../api/core/v1/types.ts';
import type { Logger } from '../../base/log.ts';
import { podText } from '../pod/identity.ts';
import type { Admission, Refusal } from './admit.ts';
import { preemptionMessage } from './preemption.ts';

/** What the gate sees of a pod's worker. */
export interface Applicant {
  readonly uid: string;
  readonly pod: Pod;
  /** Still waits to be let in. */
  readonly isWaiting: boolean;
  admit(): void;
  refuse(refusal: Refusal): void;
}
export interface GateContext {
  /** `fresh`: by the node as the API has it now, not as last seen. */
  judge(pod: Pod, fresh: boolean): Promise<Admission>;
  /** Ends a pod for another's sake; resolves when it has ended. */
  preempt(uid: string): Promise<void>;
  event(pod: Pod, type: 'Warning', reason: string, message: string): void;
  readonly log: Logger;
}

export function createGate(ctx: GateContext): { enter(applicant: Applicant): void } {
  const queue: Applicant[] = [];
  let busy = false;

  const decide = async (pod: Pod): Promise<Admission> => {
    const first = await ctx.judge(pod, false);
    if (first.admit || first.refusal.reason !== 'NodeAffinity') return first;
    // the node's labels may be newer than what was seen of them
    return ctx.judge(pod, true).catch(() => first);
  };
  const one = async (a: Applicant): Promise<void> => {
    if (!a.isWaiting) return;
    const decision = await decide(a.pod);
    if (!a.isWaiting) return;
    if (!decision.admit) {
      ctx.log.info('pod is refused', { pod: podText(a.pod), reason: decision.refusal.reason });
      ctx.event(a.pod, 'Warning', decision.refusal.reason, decision.refusal.message);
      a.refuse(decision.refusal);
      return;
    }
    for (const victim of decision.preempt) {
      ctx.event(victim, 'Warning', 'Preempting', preemptionMessage);
      await ctx.preempt(victim.metadata.uid ?? '');
    }
    a.admit();
  };
  const run = async (): Promise<void> => {
    // those that come together are put in order first
    await Promise.resolve();
    while (queue.length > 0) {
      const age = (a: Applicant) => a.pod.metadata.creationTimestamp ?? '';
      queue.sort((a, b) => (age(a) < age(b) ? -1 : age(a) > age(b) ? 1 : 0));
      const next = queue.shift()!;
      await one(next).catch((e: Error) => {
        ctx.log.warn('pod could not be judged', { pod: podText(next.pod), error: e });
        next.refuse({ reason: 'InvalidNodeInfo', message: 'Kubelet cannot get node info.' });
      });
    }
    busy = false;
  };
  return {
    enter(applicant) {
      queue.push(applicant);
      if (busy) return;
      busy = true;
      void run();
    },
  };
}
