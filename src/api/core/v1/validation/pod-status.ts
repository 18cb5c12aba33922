/** The status a kubelet reports (upstream: validation.go ValidatePodStatusUpdate). */
import { type FieldError, forbiddenField, invalidValue } from '../../../../schema/field-error.ts';
import {
  type Errors,
  validateDNS1123Subdomain,
  validateImmutable,
  validateQualifiedName,
} from '../../../meta/v1/validation.ts';
import type { Container, ContainerStatus, Pod, PodSpec } from '../types.ts';
import { isDualStack, validateIP } from './address.ts';
import { validateAnnotationUpdate } from './pod.ts';

const systemConditions: ReadonlySet<string> = new Set(['PodScheduled', 'Ready', 'Initialized']);

/** What a container does after it ended with this code (upstream: podutil.ContainerShouldRestart). */
export function containerShouldRestart(c: Container, spec: PodSpec, exitCode: number): boolean {
  if (c.restartPolicy !== undefined) {
    for (const r of c.restartPolicyRules ?? []) {
      const among = r.exitCodes?.values?.includes(exitCode) ?? false;
      if (r.exitCodes && (r.exitCodes.operator === 'In' ? among : !among)) return true;
    }
    if (c.restartPolicy === 'Always') return true;
    if (c.restartPolicy === 'OnFailure') return exitCode !== 0;
    if (c.restartPolicy === 'Never') return false;
  }
  if (spec.restartPolicy === 'OnFailure') return exitCode !== 0;
  return spec.restartPolicy !== 'Never';
}

const restartsAll = (spec: PodSpec): boolean =>
  [...(spec.initContainers ?? []), ...(spec.containers ?? [])].some((c) =>
    c.restartPolicyRules?.some((r) => r.action === 'RestartAllContainers'),
  );

type Statuses = readonly ContainerStatus[] | undefined;

/** A container that has ended for good stays ended. */
function validateTransitions(
  is: Statuses,
  was: Statuses,
  mayRestart: (name: string, exitCode: number) => boolean,
  path: string,
  errs: Errors,
): void {
  was?.forEach((o, i) => {
    const ended = o.state?.terminated;
    if (!ended) return;
    const now = is?.find((s) => s.name === o.name);
    if (now && !now.state?.terminated && !mayRestart(o.name, ended.exitCode))
      errs.push(forbiddenField(`${path}[${i}].state`, 'may not be transitioned to non-terminated state'));
  });
}

function validateAddresses(pod: Pod, old: Pod, kind: 'podIPs' | 'hostIPs', errs: Errors): void {
  const list = pod.status[kind]?.map((a) => a.ip) ?? [];
  if (list.length === 0) return;
  const known = old.status[kind]?.map((a) => a.ip) ?? [];
  const path = `status.${kind}`;
  if (kind === 'hostIPs' && pod.status.hostIP !== list[0])
    errs.push(invalidValue(`${path}[0].ip`, list[0], 'must be equal to `hostIP`'));
  list.forEach((ip, i) => {
    validateIP(ip, `${path}[${i}]`, errs, known);
  });
  if (list.length > 1 && (list.length > 2 || !isDualStack(list)))
    errs.push(
      invalidValue(
        path,
        list.map((ip) => ({ IP: ip })),
        'may specify no more than one IP for each IP family',
      ),
    );
}

export function validatePodStatusUpdate(pod: Pod, old: Pod): readonly FieldError[] {
  const errs: Errors = [];
  validateAnnotationUpdate(pod, old, errs);
  const s = pod.status;
  s.conditions?.forEach((c, i) => {
    if ((c.observedGeneration ?? 0) < 0)
      errs.push(
        invalidValue(
          `status.conditions[${i}].observedGeneration`,
          c.observedGeneration,
          'must be a non-negative integer',
        ),
      );
    if (!systemConditions.has(c.type)) validateQualifiedName(c.type, `status.conditions[${i}].Type`, errs);
  });
  if (s.nominatedNodeName && s.nominatedNodeName !== old.status.nominatedNodeName) {
    validateDNS1123Subdomain(s.nominatedNodeName, 'status.nominatedNodeName', errs);
    if (old.spec.nodeName)
      errs.push(forbiddenField('status.nominatedNodeName', 'may not be set on pods that are already bound to a node'));
  }
  if ((s.observedGeneration ?? 0) < 0)
    errs.push(invalidValue('status.observedGeneration', s.observedGeneration, 'must be a non-negative integer'));
  validateImmutable(s.qosClass, old.status.qosClass, 'status.qosClass', errs);
  const all = restartsAll(old.spec);
  const among = (list: readonly Container[] | undefined) => (name: string, code: number) => {
    const c = list?.find((x) => x.name === name);
    return all || (!!c && containerShouldRestart(c, old.spec, code));
  };
  validateTransitions(
    s.containerStatuses,
    old.status.containerStatuses,
    among(old.spec.containers),
    'status.containerStatuses',
    errs,
  );
  validateTransitions(
    s.initContainerStatuses,
    old.status.initContainerStatuses,
    among(old.spec.initContainers),
    'status.initContainerStatuses',
    errs,
  );
  validateTransitions(
    s.ephemeralContainerStatuses,
    old.status.ephemeralContainerStatuses,
    () => false,
    'status.ephemeralContainerStatuses',
    errs,
  );
  validateAddresses(pod, old, 'podIPs', errs);
  validateAddresses(pod, old, 'hostIPs', errs);
  return errs;
}
