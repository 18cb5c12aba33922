/** `kubectl autoscale`: a horizontal pod autoscaler for a workload (upstream: kubectl/pkg/cmd/autoscale). */
import { CommandError, throwAll } from '../failure.ts';
import { bool, int, text } from '../flags.ts';
import { apiVersionOf } from '../mapper.ts';
import { createAnswer } from '../print/output.ts';
import { dryRunFlag, fileFlags, outputFlags } from '../session.ts';
import { findObjects } from '../targets.ts';
import type { Thing } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { requireFlags } from './create.ts';
import { send } from './send.ts';

export const autoscale: Verb = {
  usage: 'autoscale (-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu-percent=CPU]',
  summary: 'Auto-scale a deployment, replica set, stateful set, or replication controller',
  flags: {
    ...fileFlags,
    ...outputFlags,
    ...dryRunFlag,
    'field-manager': text('Name of the manager used to track field ownership.'),
    'save-config': bool('If true, the configuration of current object will be saved in its annotation.'),
    min: int('The lower limit for the number of pods that can be set by the autoscaler.'),
    max: int('The upper limit for the number of pods that can be set by the autoscaler. Required.'),
    'cpu-percent': int(
      'The target average CPU utilization (represented as a percent of requested CPU) over all the pods.',
    ),
    name: text('The name for the newly created object.'),
  },
  async run(s) {
    const { flags } = s;
    requireFlags(s, ['max']);
    const answer = createAnswer(s);
    const [min, max, cpu] = [flags.int('min') ?? -1, flags.int('max') ?? -1, flags.int('cpu-percent') ?? -1];
    if (max < 1) throw new CommandError(`--max=MAXPODS is required and must be at least 1, max: ${max}`);
    if (max < min)
      throw new CommandError(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`);
    const mapper = await s.mapper();
    const target =
      mapper.byKind('autoscaling/v2', 'HorizontalPodAutoscaler') ?? mapper.byName('horizontalpodautoscalers');
    const errors: unknown[] = [];
    const found = await findObjects(s, { needsNames: true, errors, noSelectors: true, asInFile: true });
    for (const f of found)
      try {
        if (!f.mapping.subresources.includes('scale'))
          throw new CommandError(
            `cannot autoscale a ${f.mapping.kind}: could not find scale subresource for ${f.mapping.group ? `${f.mapping.group}/` : '/'}${f.mapping.version}, Resource=${f.mapping.plural} in discovery information`,
          );
        const metrics =
          cpu >= 0
            ? [
                {
                  resource: { name: 'cpu', target: { averageUtilization: cpu, type: 'Utilization' } },
                  type: 'Resource',
                },
              ]
            : [];
        const hpa: Thing = {
          apiVersion: apiVersionOf(target),
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: flags.text('name') || f.name, ...(s.namespaceGiven && { namespace: s.namespace }) },
          spec: {
            maxReplicas: max,
            ...(metrics.length && { metrics }),
            ...(min > 0 && { minReplicas: min }),
            scaleTargetRef: { apiVersion: apiVersionOf(f.mapping), kind: f.mapping.kind, name: f.name },
          },
          status: { currentMetrics: null, desiredReplicas: 0 },
        };
        answer(target, await send(s, target, s.namespace, hpa, 'kubectl-autoscale'), 'autoscaled');
      } catch (e) {
        errors.push(e);
      }
    throwAll(errors);
    if (found.length === 0) throw new CommandError('no objects passed to autoscale');
  },
};
