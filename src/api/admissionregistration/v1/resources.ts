/** The resources of admissionregistration.k8s.io/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { statusSubresource } from '../../status-part.ts';
import {
  mutatingAdmissionPolicyBindingColumns,
  mutatingAdmissionPolicyColumns,
  mutatingWebhookConfigurationColumns,
  validatingAdmissionPolicyBindingColumns,
  validatingAdmissionPolicyColumns,
  validatingWebhookConfigurationColumns,
} from './columns.ts';
import { mutatingAdmissionPolicyBindingStrategy } from './strategy/mutating-admission-policy-binding.ts';
import { mutatingAdmissionPolicyStrategy } from './strategy/mutating-admission-policy.ts';
import { mutatingWebhookConfigurationStrategy } from './strategy/mutating-webhook-configuration.ts';
import { validatingAdmissionPolicyBindingStrategy } from './strategy/validating-admission-policy-binding.ts';
import { validatingAdmissionPolicyStrategy } from './strategy/validating-admission-policy.ts';
import { validatingWebhookConfigurationStrategy } from './strategy/validating-webhook-configuration.ts';
import {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
} from './types.ts';

export const MutatingAdmissionPolicies = resource({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingAdmissionPolicy',
  plural: 'mutatingadmissionpolicies',
  namespaced: false,
  schema: MutatingAdmissionPolicy,
  categories: ['api-extensions'],
  storageVersionHash: 'LYmCf+UMVdg=',
  strategy: mutatingAdmissionPolicyStrategy,
  columns: mutatingAdmissionPolicyColumns,
});

export const MutatingAdmissionPolicyBindings = resource({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingAdmissionPolicyBinding',
  plural: 'mutatingadmissionpolicybindings',
  namespaced: false,
  schema: MutatingAdmissionPolicyBinding,
  categories: ['api-extensions'],
  storageVersionHash: '90V5FRZZ3Zg=',
  strategy: mutatingAdmissionPolicyBindingStrategy,
  columns: mutatingAdmissionPolicyBindingColumns,
});

export const MutatingWebhookConfigurations = resource({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingWebhookConfiguration',
  plural: 'mutatingwebhookconfigurations',
  namespaced: false,
  schema: MutatingWebhookConfiguration,
  categories: ['api-extensions'],
  storageVersionHash: 'Sqi0GUgDaX0=',
  strategy: mutatingWebhookConfigurationStrategy,
  columns: mutatingWebhookConfigurationColumns,
});

export const ValidatingAdmissionPolicies = resource({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  namespaced: false,
  schema: ValidatingAdmissionPolicy,
  categories: ['api-extensions'],
  storageVersionHash: '6OxvlMmQ6is=',
  subresources: [statusSubresource()],
  strategy: validatingAdmissionPolicyStrategy,
  columns: validatingAdmissionPolicyColumns,
});

export const ValidatingAdmissionPolicyBindings = resource({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
  namespaced: false,
  schema: ValidatingAdmissionPolicyBinding,
  categories: ['api-extensions'],
  storageVersionHash: 'v9715VZqakg=',
  strategy: validatingAdmissionPolicyBindingStrategy,
  columns: validatingAdmissionPolicyBindingColumns,
});

export const ValidatingWebhookConfigurations = resource({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingWebhookConfiguration',
  plural: 'validatingwebhookconfigurations',
  namespaced: false,
  schema: ValidatingWebhookConfiguration,
  categories: ['api-extensions'],
  storageVersionHash: 'B0wHjQmsGNk=',
  strategy: validatingWebhookConfigurationStrategy,
  columns: validatingWebhookConfigurationColumns,
});
