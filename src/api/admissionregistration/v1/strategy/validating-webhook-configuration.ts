/** How ValidatingWebhookConfigurations are written (upstream: registry/admissionregistration). */
import type { Strategy } from '../../../resource-row.ts';
import type { ValidatingWebhookConfiguration } from '../types.ts';
import { defaultWebhook } from './admission-defaults.ts';

export const validatingWebhookConfigurationStrategy: Strategy<ValidatingWebhookConfiguration> = {
  generationOf: (c) => c.webhooks ?? [],
  defaults: (c) => (c.webhooks ? { ...c, webhooks: c.webhooks.map(defaultWebhook) } : c),
};
