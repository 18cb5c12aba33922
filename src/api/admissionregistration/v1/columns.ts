/** Printer columns of the admission kinds (upstream: pkg/printers/internalversion/printers.go). */
import type { Column } from '../../resource-row.ts';
import { labelSelectorText } from '../../scale.ts';
import { ageColumn, column, nameColumn } from '../../table-column.ts';
import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
} from './types.ts';

const webhookColumns: readonly Column<MutatingWebhookConfiguration | ValidatingWebhookConfiguration>[] = [
  nameColumn,
  column('Webhooks', (o) => (o.webhooks ?? []).length, 'integer'),
  ageColumn,
];
export const mutatingWebhookConfigurationColumns: readonly Column<MutatingWebhookConfiguration>[] = webhookColumns;
export const validatingWebhookConfigurationColumns: readonly Column<ValidatingWebhookConfiguration>[] = webhookColumns;

const paramKind = (o: ValidatingAdmissionPolicy | MutatingAdmissionPolicy): string =>
  o.spec.paramKind ? `${o.spec.paramKind.apiVersion ?? ''}/${o.spec.paramKind.kind ?? ''}` : '<unset>';
export const validatingAdmissionPolicyColumns: readonly Column<ValidatingAdmissionPolicy>[] = [
  nameColumn,
  column('Validations', (o) => (o.spec.validations ?? []).length, 'integer'),
  column('ParamKind', paramKind),
  ageColumn,
];
export const mutatingAdmissionPolicyColumns: readonly Column<MutatingAdmissionPolicy>[] = [
  nameColumn,
  column('Mutations', (o) => (o.spec.mutations ?? []).length, 'integer'),
  column('ParamKind', paramKind),
  ageColumn,
];

const bindingColumns: readonly Column<ValidatingAdmissionPolicyBinding | MutatingAdmissionPolicyBinding>[] = [
  nameColumn,
  column('PolicyName', (o) => o.spec.policyName ?? ''),
  column('ParamRef', (o) => {
    const p = o.spec.paramRef;
    if (p?.name) return `${p.namespace || '*'}/${p.name}`;
    return p?.selector ? labelSelectorText(p.selector) : '<unset>';
  }),
  ageColumn,
];
export const validatingAdmissionPolicyBindingColumns: readonly Column<ValidatingAdmissionPolicyBinding>[] =
  bindingColumns;
export const mutatingAdmissionPolicyBindingColumns: readonly Column<MutatingAdmissionPolicyBinding>[] = bindingColumns;
