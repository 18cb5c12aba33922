/** How PriorityLevelConfigurations are written (upstream: flowcontrol/v1/defaults.go). */
import type { Strategy } from '../../../resource-row.ts';
import { clearsStatus } from '../../../status-part.ts';
import { PriorityLevelConfiguration } from '../types.ts';

function defaults(p: PriorityLevelConfiguration): PriorityLevelConfiguration {
  const { limited, exempt } = p.spec;
  const queuing = limited?.limitResponse?.queuing;
  return {
    ...p,
    spec: {
      ...p.spec,
      ...(limited && {
        limited: {
          ...limited,
          nominalConcurrencyShares: limited.nominalConcurrencyShares ?? 30,
          lendablePercent: limited.lendablePercent ?? 0,
          ...(queuing && {
            limitResponse: {
              ...limited.limitResponse,
              queuing: {
                handSize: queuing.handSize || 8,
                queues: queuing.queues || 64,
                queueLengthLimit: queuing.queueLengthLimit || 50,
              },
            },
          }),
        },
      }),
      ...(exempt && {
        exempt: {
          ...exempt,
          nominalConcurrencyShares: exempt.nominalConcurrencyShares ?? 0,
          lendablePercent: exempt.lendablePercent ?? 0,
        },
      }),
    },
  };
}

export const priorityLevelConfigurationStrategy: Strategy<PriorityLevelConfiguration> = {
  ...clearsStatus(PriorityLevelConfiguration),
  defaults,
};
