/** How workloads beside deployments are described: stateful sets, daemon sets, replication controllers, jobs, cron jobs (upstream: kubectl/pkg/describe). */
import { humanDuration } from '../../api/human-duration.ts';
import { podSelectorOf } from '../pod-of.ts';
import { labelsText } from '../print/table.ts';
import { at, isMap, listAt, numberAt, textAt, type Thing } from '../thing.ts';
import { type Around, described, type Describer, listOf } from './around.ts';
import { writeTemplate } from './pod.ts';
import { controllerOf, rfc1123z, type Writer, writeAnnotations, writeHead, writeLabels } from './writer.ts';

type Map = Readonly<Record<string, string>>;

async function phases(o: Thing, a: Around): Promise<string> {
  const pods = (await listOf(a, 'pods', o.metadata.namespace, { labelSelector: podSelectorOf(o) ?? '' })).filter((p) =>
    p.metadata.ownerReferences?.some((r) => r.controller && r.uid === o.metadata.uid),
  );
  const n = (phase: string) => pods.filter((p) => textAt(p, 'status', 'phase') === phase).length;
  return `${n('Running')} Running / ${n('Pending')} Waiting / ${n('Succeeded')} Succeeded / ${n('Failed')} Failed\n`;
}

const time = (o: Thing): string => rfc1123z(o.metadata.creationTimestamp ?? '');
const labels = (w: Writer, o: Thing) => {
  writeLabels(w, 'Labels', o.metadata.labels);
  writeAnnotations(w, 'Annotations', o.metadata.annotations);
};

const statefulSet: Describer = async (o, a) => {
  const counts = await phases(o, a);
  return described(a, (w) => {
    w.write(0, `Name:\t${o.metadata.name}\nNamespace:\t${o.metadata.namespace}\nCreationTimestamp:\t${time(o)}\n`);
    w.write(0, `Selector:\t${podSelectorOf(o) ?? ''}\n`);
    labels(w, o);
    w.write(0, `Replicas:\t${numberAt(o, 'spec', 'replicas')} desired | ${numberAt(o, 'status', 'replicas')} total\n`);
    const strategy = at(o, 'spec', 'updateStrategy');
    w.write(0, `Update Strategy:\t${textAt(strategy, 'type')}\n`);
    const rolling = at(strategy, 'rollingUpdate');
    if (isMap(rolling)) {
      if (at(rolling, 'partition') !== undefined) w.write(1, `Partition:\t${textAt(rolling, 'partition')}\n`);
      if (at(rolling, 'maxUnavailable') !== undefined)
        w.write(1, `MaxUnavailable:\t${textAt(rolling, 'maxUnavailable')}\n`);
    }
    w.write(0, `Pods Status:\t${counts}`);
    writeTemplate(w, at(o, 'spec', 'template'));
    const claims = listAt(o, 'spec', 'volumeClaimTemplates') as readonly Thing[];
    if (claims.length === 0) {
      w.write(0, 'Volume Claims:\t<none>\n');
      return;
    }
    w.write(0, 'Volume Claims:\n');
    for (const c of claims) {
      w.write(0, `  Name:\t${c.metadata.name}\n  StorageClass:\t${textAt(c, 'spec', 'storageClassName')}\n`);
      writeLabels(w, '  Labels', c.metadata.labels);
      writeAnnotations(w, '  Annotations', c.metadata.annotations);
      const size = textAt(c, 'spec', 'resources', 'requests', 'storage');
      w.write(0, `  Capacity:\t${size || '<default>'}\n`);
      w.write(0, `  Access Modes:\t[${listAt(c, 'spec', 'accessModes').join(' ')}]\n`);
    }
  });
};

const daemonSet: Describer = async (o, a) => {
  const counts = await phases(o, a);
  const n = (k: string) => numberAt(o, 'status', k);
  return described(a, (w) => {
    w.write(0, `Name:\t${o.metadata.name}\nNamespace:\t${o.metadata.namespace}\n`);
    w.write(0, `Selector:\t${podSelectorOf(o) ?? ''}\n`);
    w.write(0, `Node-Selector:\t${labelsText(at(o, 'spec', 'template', 'spec', 'nodeSelector') as Map | undefined)}\n`);
    labels(w, o);
    w.write(0, `Desired Number of Nodes Scheduled: ${n('desiredNumberScheduled')}\n`);
    w.write(0, `Current Number of Nodes Scheduled: ${n('currentNumberScheduled')}\n`);
    w.write(0, `Number of Nodes Scheduled with Up-to-date Pods: ${n('updatedNumberScheduled')}\n`);
    w.write(0, `Number of Nodes Scheduled with Available Pods: ${n('numberAvailable')}\n`);
    w.write(0, `Number of Nodes Misscheduled: ${n('numberMisscheduled')}\n`);
    w.write(0, `Pods Status:\t${counts}`);
    writeTemplate(w, at(o, 'spec', 'template'));
  });
};

const replicationController: Describer = async (o, a) => {
  const counts = await phases(o, a);
  return described(a, (w) => {
    w.write(0, `Name:\t${o.metadata.name}\nNamespace:\t${o.metadata.namespace}\n`);
    w.write(0, `Selector:\t${labelsText(at(o, 'spec', 'selector') as Map | undefined)}\n`);
    labels(w, o);
    w.write(
      0,
      `Replicas:\t${numberAt(o, 'status', 'replicas')} current / ${numberAt(o, 'spec', 'replicas')} desired\n`,
    );
    w.write(0, `Pods Status:\t${counts}`);
    writeTemplate(w, at(o, 'spec', 'template'));
    const conditions = listAt(o, 'status', 'conditions');
    if (conditions.length) w.write(0, 'Conditions:\n  Type\tStatus\tReason\n  ----\t------\t------\n');
    for (const c of conditions) w.write(1, `${textAt(c, 'type')} \t${textAt(c, 'status')}\t${textAt(c, 'reason')}\n`);
  });
};

const job: Describer = (o, a) =>
  described(a, (w) => {
    const spec = at(o, 'spec');
    const line = (title: string, key: string) => {
      if (at(spec, key) !== undefined) w.write(0, `${title}:\t${textAt(spec, key)}\n`);
    };
    w.write(0, `Name:\t${o.metadata.name}\nNamespace:\t${o.metadata.namespace}\n`);
    if (at(spec, 'selector')) w.write(0, `Selector:\t${podSelectorOf(o) ?? ''}\n`);
    labels(w, o);
    if (controllerOf(o)) w.write(0, `Controlled By:\t${controllerOf(o)}\n`);
    line('Parallelism', 'parallelism');
    w.write(0, `Completions:\t${textAt(spec, 'completions') || '<unset>'}\n`);
    line('Completion Mode', 'completionMode');
    line('Suspend', 'suspend');
    line('Backoff Limit', 'backoffLimit');
    line('TTL Seconds After Finished', 'ttlSecondsAfterFinished');
    const [start, end] = [textAt(o, 'status', 'startTime'), textAt(o, 'status', 'completionTime')];
    if (start) w.write(0, `Start Time:\t${rfc1123z(start)}\n`);
    if (end) w.write(0, `Completed At:\t${rfc1123z(end)}\n`);
    if (start && end) w.write(0, `Duration:\t${humanDuration(Date.parse(end) - Date.parse(start))}\n`);
    if (at(spec, 'activeDeadlineSeconds') !== undefined)
      w.write(0, `Active Deadline Seconds:\t${textAt(spec, 'activeDeadlineSeconds')}s\n`);
    const n = (k: string) => numberAt(o, 'status', k);
    const ready = at(o, 'status', 'ready');
    w.write(
      0,
      `Pods Statuses:\t${n('active')} Active${ready === undefined ? '' : ` (${ready} Ready)`} / ${n('succeeded')} Succeeded / ${n('failed')} Failed\n`,
    );
    const indexes = textAt(o, 'status', 'completedIndexes');
    if (textAt(spec, 'completionMode') === 'Indexed')
      w.write(
        0,
        `Completed Indexes:\t${indexes ? (indexes.length > 50 ? `${indexes.slice(0, indexes.lastIndexOf(',', 50))},...` : indexes) : '<none>'}\n`,
      );
    writeTemplate(w, at(spec, 'template'));
  });

const cronJob: Describer = (o, a) =>
  described(a, (w) => {
    const spec = at(o, 'spec');
    const jobSpec = at(spec, 'jobTemplate', 'spec');
    const optional = (title: string, v: unknown, unit = '') =>
      w.write(0, `${title}:\t${v === undefined ? '<unset>' : `${v}${unit}`}\n`);
    writeHead(w, o);
    w.write(0, `Schedule:\t${textAt(spec, 'schedule')}\n`);
    if (textAt(spec, 'timeZone')) w.write(0, `Time Zone:\t${textAt(spec, 'timeZone')}\n`);
    w.write(0, `Concurrency Policy:\t${textAt(spec, 'concurrencyPolicy')}\n`);
    w.write(0, `Suspend:\t${at(spec, 'suspend') === true ? 'True' : 'False'}\n`);
    optional('Successful Job History Limit', at(spec, 'successfulJobsHistoryLimit'));
    optional('Failed Job History Limit', at(spec, 'failedJobsHistoryLimit'));
    optional('Starting Deadline Seconds', at(spec, 'startingDeadlineSeconds'), 's');
    const selector = at(jobSpec, 'selector');
    w.write(0, `Selector:\t${selector ? (podSelectorOf({ ...o, spec: jobSpec }) ?? '') : '<unset>'}\n`);
    optional('Parallelism', at(jobSpec, 'parallelism'));
    optional('Completions', at(jobSpec, 'completions'));
    if (at(jobSpec, 'activeDeadlineSeconds') !== undefined)
      w.write(0, `Active Deadline Seconds:\t${textAt(jobSpec, 'activeDeadlineSeconds')}s\n`);
    writeTemplate(w, at(jobSpec, 'template'));
    const last = textAt(o, 'status', 'lastScheduleTime');
    w.write(0, `Last Schedule Time:\t${last ? rfc1123z(last) : '<unset>'}\n`);
    const active = listAt(o, 'status', 'active').map((x) => textAt(x, 'name'));
    w.write(0, `Active Jobs:\t${active.join(', ') || '<none>'}\n`);
  });

export const workloads: Readonly<Record<string, Describer>> = {
  'apps/StatefulSet': statefulSet,
  'apps/DaemonSet': daemonSet,
  '/ReplicationController': replicationController,
  'batch/Job': job,
  'batch/CronJob': cronJob,
};
