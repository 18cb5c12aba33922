/** How PodTemplates are written (upstream: registry/core/podtemplate). */
import type { Errors } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import type { PodTemplate } from '../types.ts';
import { validatePodTemplateSpec } from '../validation/pod-spec.ts';
import { defaultPodTemplateSpec } from './pod-spec-defaults.ts';

export const podTemplateStrategy: Strategy<PodTemplate> = {
  generationOf: (t) => t.template,
  defaults: (t) => ({ ...t, template: defaultPodTemplateSpec(t.template) }),
  validate: (t) => {
    const errs: Errors = [];
    validatePodTemplateSpec(t.template, 'template', errs);
    return errs;
  },
};
