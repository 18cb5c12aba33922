/** The endpoints that change one part of a pod: ephemeral containers, resources, binding (upstream: ValidatePodEphemeralContainersUpdate, ValidatePodResize, ValidatePodBinding). */
import { computePodQos } from '../../../../machinery/pod-qos.ts';
import { type FieldError, forbiddenField, invalidValue, required } from '../../../../schema/field-error.ts';
import { jsonDiff } from '../../../json-diff.ts';
import { type Errors, semanticEqual, unsupported } from '../../../meta/v1/validation.ts';
import type { Binding, Container, Pod, ResourceRequirements } from '../types.ts';
import { validateAnnotationUpdate, validatePodBasics } from './pod.ts';
import { mirrorAnnotation } from './pod-spec.ts';

const isStatic = (pod: Pod): boolean => pod.metadata.annotations?.[mirrorAnnotation] !== undefined;

/** They may be added, never changed or removed. */
export function validateEphemeralContainersUpdate(pod: Pod, old: Pod): readonly FieldError[] {
  if (isStatic(old)) return [forbiddenField('', 'static pods do not support ephemeral containers')];
  const errs: Errors = [...validatePodBasics(pod)];
  validateAnnotationUpdate(pod, old, errs);
  const path = 'spec.ephemeralContainers';
  for (const was of old.spec.ephemeralContainers ?? []) {
    const name = JSON.stringify(was.name);
    const is = pod.spec.ephemeralContainers?.find((c) => c.name === was.name);
    if (!is) errs.push(forbiddenField(path, `existing ephemeral containers ${name} may not be removed\n`));
    else if (!semanticEqual(was, is))
      errs.push(forbiddenField(path, `existing ephemeral containers ${name} may not be changed\n${jsonDiff(was, is)}`));
  }
  return errs;
}

type List = ResourceRequirements['limits'];
const without = (l: List, old: List): List => {
  const out: Record<string, string> = { ...l };
  for (const name of ['cpu', 'memory'])
    if (old?.[name] === undefined) delete out[name];
    else out[name] = old[name];
  return Object.keys(out).length ? out : undefined;
};
/** The container with its cpu and memory as they were: what is left must not differ. */
const withOldCompute = (c: Container, old: Container): Container => ({
  ...c,
  resizePolicy: old.resizePolicy,
  resources: {
    ...c.resources,
    limits: without(c.resources?.limits, old.resources?.limits),
    requests: without(c.resources?.requests, old.resources?.requests),
  },
});
const bare = (c: Container): Container => ({
  ...c,
  resources: {
    ...c.resources,
    limits: without(c.resources?.limits, c.resources?.limits),
    requests: without(c.resources?.requests, c.resources?.requests),
  },
});

function validateResized(c: Container, old: Container, path: string, errs: Errors): void {
  for (const part of ['requests', 'limits'] as const)
    if (Object.keys(old.resources?.[part] ?? {}).some((n) => c.resources?.[part]?.[n] === undefined))
      errs.push(forbiddenField(`${path}.resources.${part}`, `resource ${part} cannot be removed`));
}

/** cpu and memory may change as long as the quality-of-service class stays. */
export function validatePodResize(pod: Pod, old: Pod): readonly FieldError[] {
  if (isStatic(old)) return [forbiddenField('', 'static pods cannot be resized')];
  if (old.spec.os?.name === 'windows') return [forbiddenField('', 'windows pods cannot be resized')];
  const errs: Errors = [...validatePodBasics(pod)];
  if ((old.status.qosClass || computePodQos(old)) !== computePodQos(pod))
    errs.push(invalidValue('spec', pod.status.qosClass ?? '', 'Pod QOS Class may not change as a result of resizing'));
  const running = old.status.containerStatuses?.find((s) => s.state?.running);
  if (running && !running.resources)
    errs.push(forbiddenField('spec', 'Pod running on node without support for resize'));
  for (const [list, word] of [
    ['containers', 'containers'],
    ['initContainers', 'initContainers'],
  ] as const) {
    const is = pod.spec[list] ?? [];
    const was = old.spec[list] ?? [];
    if (is.length !== was.length) {
      errs.push(forbiddenField(`spec.${list}`, `${word} may not be added or removed on resize`));
      return errs;
    }
    is.forEach((c, i) => {
      const before = was[i]!;
      const path = `spec.${list}[${i}]`;
      if (c.name !== before.name) {
        errs.push(forbiddenField(`${path}.name`, `${word} may not be renamed or reordered on resize`));
        return;
      }
      validateResized(c, before, path, errs);
      if (semanticEqual(bare(withOldCompute(c, before)), bare(before))) {
        if (
          list === 'initContainers' &&
          c.restartPolicy !== 'Always' &&
          !semanticEqual(c.resources, before.resources) &&
          c.resizePolicy?.some((p) => p.restartPolicy === 'RestartContainer')
        )
          errs.push(
            forbiddenField(
              path,
              'non-sidecar init containers with a resize policy of RestartContainer cannot be resized',
            ),
          );
      } else if (list === 'containers') errs.push(forbiddenField('spec', 'only cpu and memory resources are mutable'));
      else errs.push(forbiddenField(path, 'only cpu and memory resources for init or sidecar containers are mutable'));
    });
  }
  return errs;
}

export function validatePodBinding(b: Binding): readonly FieldError[] {
  const errs: Errors = [];
  const { kind, name } = b.target;
  if (kind && kind !== 'Node') errs.push(unsupported('target.kind', kind, ['Node', '<empty>']));
  if (!name) errs.push(required('target.name'));
  return errs;
}
