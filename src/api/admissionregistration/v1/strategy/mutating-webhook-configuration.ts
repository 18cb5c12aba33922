/** How MutatingWebhookConfigurations are written (upstream: registry/admissionregistration). */
import type { Strategy } from '../../../resource-row.ts';
import type { MutatingWebhookConfiguration } from '../types.ts';
import { defaultWebhook } from './admission-defaults.ts';

export const mutatingWebhookConfigurationStrategy: Strategy<MutatingWebhookConfiguration> = {
  generationOf: (c) => c.webhooks ?? [],
  defaults: (c) =>
    c.webhooks
      ? {
          ...c,
          webhooks: c.webhooks.map((w) => ({
            ...defaultWebhook(w),
            reinvocationPolicy: w.reinvocationPolicy ?? 'Never',
          })),
        }
      : c,
};
