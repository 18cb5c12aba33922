/** The node's word on a pod that is new to it: upstream's admit handlers in their order, the first that says no wins. */
import type { Node, Pod } from '../../api/core/v1/types.ts';
import { tolerationsTolerateTaint } from '../../machinery/taints.ts';
import { containersOf } from '../pod/identity.ts';
import { qosClass } from '../pod/resources.ts';
import { type Misfit, misfits, misfitText } from './fit.ts';
import { isCritical, podsToPreempt } from './preemption.ts';
import { forbiddenSysctl } from './sysctls.ts';

export interface Refusal {
  readonly reason: string;
  readonly message: string;
}
export interface AdmitInput {
  readonly pod: Pod;
  /** Pods that are here and have not ended. */
  readonly others: readonly Pod[];
  readonly node: Node;
  /** Conditions of pressure the node is under: `MemoryPressure`… */
  readonly pressures: readonly string[];
  readonly apparmor: boolean;
}
export type Admission =
  | { readonly admit: true /** They go first. */; readonly preempt: readonly Pod[] }
  | { readonly admit: false; readonly refusal: Refusal };

const no = (reason: string, message: string): Refusal => ({ reason, message });

function underPressure({ pod, pressures }: AdmitInput): Refusal | undefined {
  if (pressures.length === 0 || isCritical(pod)) return undefined;
  if (pressures.length === 1 && pressures[0] === 'MemoryPressure') {
    if (qosClass(pod) !== 'BestEffort') return undefined;
    const taint = { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' };
    if (tolerationsTolerateTaint(pod.spec.tolerations, taint)) return undefined;
  }
  return no('Evicted', `The node had condition: [${pressures.join(' ')}]. `);
}

function sysctls({ pod }: AdmitInput): Refusal | undefined {
  const why = forbiddenSysctl(pod);
  return why === undefined ? undefined : no('SysctlForbidden', why);
}

function system({ pod, node }: AdmitInput): Refusal | undefined {
  const wanted = pod.metadata.labels?.['kubernetes.io/os'];
  if (wanted !== undefined && wanted !== 'linux')
    return no(
      'PodOSSelectorNodeLabelDoesNotMatch',
      "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label",
    );
  if (pod.spec.os && pod.spec.os.name !== 'linux')
    return no('PodOSNotSupported', "Failed to admit pod as the OS field doesn't match node OS");
  const strict = pod.spec.securityContext?.supplementalGroupsPolicy === 'Strict';
  if (strict && node.status.features?.supplementalGroupsPolicy !== true)
    return no('SupplementalGroupsPolicyNotSupported', 'SupplementalGroupsPolicy=Strict is not supported in this node');
  return undefined;
}

function apparmor(input: AdmitInput): Refusal | undefined {
  const { pod } = input;
  if (input.apparmor || (pod.status.phase ?? 'Pending') !== 'Pending') return undefined;
  const profiles = [pod.spec.securityContext, ...containersOf(pod).map((c) => c.securityContext)].map(
    (s) => s?.appArmorProfile?.type,
  );
  return profiles.some((t) => t !== undefined && t !== 'Unconfined')
    ? no('AppArmor', 'Cannot enforce AppArmor: AppArmor is not enabled on the host')
    : undefined;
}

export function admit(input: AdmitInput): Admission {
  const { pod, others, node } = input;
  for (const handler of [underPressure, sysctls, system]) {
    const refusal = handler(input);
    if (refusal) return { admit: false, refusal };
  }
  let found: readonly Misfit[] = misfits(pod, others, node);
  let preempt: readonly Pod[] = [];
  // a critical pod is not refused for want of room: others make it
  if (found.length > 0 && isCritical(pod)) {
    const predicates = found.filter((m) => m.kind === 'predicate');
    if (predicates.length === 0)
      try {
        const lacking = new Map(
          found.flatMap((m) =>
            m.kind === 'resource' ? [[m.resource, m.requested - (m.capacity - m.used)] as const] : [],
          ),
        );
        preempt = podsToPreempt(pod, others, lacking);
      } catch (e) {
        const why = `preemption: error finding a set of pods to preempt: ${(e as Error).message}`;
        return {
          admit: false,
          refusal: no(
            'UnexpectedAdmissionError',
            `Unexpected error while attempting to recover from admission failure: ${why}`,
          ),
        };
      }
    found = predicates;
  }
  if (found[0]) return { admit: false, refusal: misfitText(found[0]) };
  const refusal = apparmor(input);
  return refusal ? { admit: false, refusal } : { admit: true, preempt };
}
