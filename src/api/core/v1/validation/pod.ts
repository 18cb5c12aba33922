/** A pod on create and on update (upstream: validation.go ValidatePodCreate, ValidatePodUpdate). */
import { type FieldError, forbiddenField, invalidValue } from '../../../../schema/field-error.ts';
import { type Errors, semanticEqual } from '../../../meta/v1/validation.ts';
import { inclusiveRangeError } from '../../../../machinery/names.ts';
import type { Container, NodeSelectorTerm, Pod, PodSpec, Toleration } from '../types.ts';
import { mirrorAnnotation, validatePodAnnotations, validatePodSpec } from './pod-spec.ts';
import { jsonDiff } from '../../../json-diff.ts';

/** What holds for a pod at any time. */
export function validatePodBasics(pod: Pod): readonly FieldError[] {
  const errs: Errors = [];
  validatePodAnnotations(pod.metadata.annotations, pod.spec, 'metadata.annotations', errs);
  validatePodSpec(pod.spec, pod.metadata, 'spec', errs);
  if (!pod.spec.serviceAccountName)
    pod.spec.volumes?.forEach((v, i) => {
      v.projected?.sources?.forEach((s, j) => {
        if (s.serviceAccountToken)
          errs.push(
            forbiddenField(
              `spec.volumes[${i}].projected.sources[${j}].serviceAccountToken`,
              'must not be specified when serviceAccountName is not set',
            ),
          );
      });
    });
  for (const list of ['containers', 'initContainers'] as const)
    pod.spec[list]?.forEach((c, i) => {
      if (c.image && c.image.trim() !== c.image)
        errs.push(invalidValue(`spec.${list}[${i}].image`, c.image, 'must not have leading or trailing whitespace'));
    });
  return errs;
}

/** What only a new pod must satisfy. */
export function validatePodCreate(pod: Pod): readonly FieldError[] {
  const errs: Errors = [];
  if (pod.spec.ephemeralContainers?.length)
    errs.push(forbiddenField('spec.ephemeralContainers', 'cannot be set on create'));
  if (pod.spec.nodeName && pod.spec.schedulingGates?.length)
    errs.push(forbiddenField('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
  return errs;
}

/** The mirror annotation of a static pod stays as it is. */
export function validateAnnotationUpdate(pod: Pod, old: Pod, errs: Errors): void {
  const was = old.metadata.annotations?.[mirrorAnnotation];
  const is = pod.metadata.annotations?.[mirrorAnnotation];
  const path = `metadata.annotations[${mirrorAnnotation}]`;
  if (was !== undefined && is !== was)
    errs.push(forbiddenField(path, 'may not remove or update mirror pod annotation'));
  if (was === undefined && is !== undefined) errs.push(forbiddenField(path, 'may not add mirror pod annotation'));
}

const sameToleration = (a: Toleration, b: Toleration): boolean =>
  semanticEqual({ ...a, tolerationSeconds: undefined }, { ...b, tolerationSeconds: undefined });

const updatable = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
].join(',');

const withImagesOf = (
  list: readonly Container[] | undefined,
  old: readonly Container[] | undefined,
): readonly Container[] | undefined => list?.map((c, i) => ({ ...c, image: old?.[i]?.image }));

const startsWith = (list: readonly unknown[] | undefined, head: readonly unknown[] | undefined): boolean =>
  (list?.length ?? 0) >= (head?.length ?? 0) && semanticEqual((list ?? []).slice(0, head?.length ?? 0), head ?? []);

function onlyAdditions(term: NodeSelectorTerm | undefined, old: NodeSelectorTerm): boolean {
  if (!old.matchExpressions?.length && !old.matchFields?.length)
    return !term?.matchExpressions?.length && !term?.matchFields?.length;
  return startsWith(term?.matchExpressions, old.matchExpressions) && startsWith(term?.matchFields, old.matchFields);
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';

/** A gated pod's node constraints may become tighter. Answers the spec with the old constraints, for the comparison that follows. */
function validateGated(spec: PodSpec, old: PodSpec, errs: Errors): PodSpec {
  for (const k in old.nodeSelector)
    if (spec.nodeSelector?.[k] !== old.nodeSelector[k]) {
      errs.push(
        invalidValue(
          'spec.nodeSelector',
          spec.nodeSelector,
          'only additions to spec.nodeSelector are allowed (no mutations or deletions)',
        ),
      );
      break;
    }
  const was = old.affinity?.nodeAffinity;
  const is = spec.affinity?.nodeAffinity;
  const path = `spec.affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms`;
  const oldTerms = was?.[REQUIRED]?.nodeSelectorTerms ?? [];
  const terms = is?.[REQUIRED]?.nodeSelectorTerms ?? [];
  if (!semanticEqual(was, is) && oldTerms.length) {
    if (oldTerms.length !== terms.length)
      errs.push(invalidValue(path, terms, 'no additions/deletions to non-empty NodeSelectorTerms list are allowed'));
    else
      oldTerms.forEach((t, i) => {
        if (!onlyAdditions(terms[i], t))
          errs.push(invalidValue(`${path}[${i}]`, terms[i], 'only additions are allowed (no mutations or deletions)'));
      });
  }
  const { nodeAffinity: _, ...rest } = spec.affinity ?? {};
  const affinity = was ? { ...rest, nodeAffinity: was } : Object.keys(rest).length || old.affinity ? rest : undefined;
  return { ...spec, nodeSelector: old.nodeSelector, affinity };
}

/** Which parts of a running pod may change. */
export function validatePodUpdate(pod: Pod, old: Pod): readonly FieldError[] {
  const errs: Errors = [];
  validateAnnotationUpdate(pod, old, errs);
  const { spec } = pod;
  const was = old.spec;
  for (const list of ['containers', 'initContainers'] as const)
    if ((spec[list]?.length ?? 0) !== (was[list]?.length ?? 0)) {
      errs.push(forbiddenField(`spec.${list}`, 'pod updates may not add or remove containers'));
      return errs;
    }
  const deadline = spec.activeDeadlineSeconds;
  const oldDeadline = was.activeDeadlineSeconds;
  if (deadline !== undefined) {
    if (deadline < 0 || deadline > 2147483647) {
      errs.push(invalidValue('spec.activeDeadlineSeconds', deadline, inclusiveRangeError(0, 2147483647)));
      return errs;
    }
    if (oldDeadline !== undefined && oldDeadline < deadline) {
      errs.push(invalidValue('spec.activeDeadlineSeconds', deadline, 'must be less than or equal to previous value'));
      return errs;
    }
  } else if (oldDeadline !== undefined)
    errs.push(
      invalidValue('spec.activeDeadlineSeconds', undefined, 'must not update from a positive integer to nil value'),
    );
  for (const t of was.tolerations ?? [])
    if (!spec.tolerations?.some((n) => sameToleration(n, t))) {
      errs.push(
        forbiddenField('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds'),
      );
      break;
    }
  spec.schedulingGates?.forEach((g, i) => {
    if (!was.schedulingGates?.some((o) => o.name === g.name))
      errs.push(
        forbiddenField(
          `spec.schedulingGates[${i}].name`,
          `only deletion is allowed, but found new scheduling gate '${g.name}'`,
        ),
      );
  });
  if (semanticEqual(spec, was)) return errs;
  let munged: PodSpec = {
    ...spec,
    containers: withImagesOf(spec.containers, was.containers) ?? [],
    initContainers: withImagesOf(spec.initContainers, was.initContainers),
    activeDeadlineSeconds: oldDeadline,
    schedulingGates: was.schedulingGates,
    tolerations: was.tolerations,
  };
  if ((was.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1)
    munged = { ...munged, terminationGracePeriodSeconds: was.terminationGracePeriodSeconds };
  if (was.schedulingGates?.length) munged = validateGated(munged, was, errs);
  if (!semanticEqual(munged, was))
    errs.push(
      forbiddenField('spec', `pod updates may not change fields other than ${updatable}\n${jsonDiff(was, munged)}`),
    );
  return errs;
}
