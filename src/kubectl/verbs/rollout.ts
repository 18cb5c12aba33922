/** `kubectl rollout`: status, history, undo, restart, pause and resume, with upstream's sentences (upstream: polymorphichelpers). */
import { rfc3339 } from '../../base/clock.ts';
import { CommandError, throwAll } from '../failure.ts';
import { bool, duration, int, text } from '../flags.ts';
import { kindText, type Mapping, pathOf } from '../mapper.ts';
import { createAnswer, dryRunOf, dryRunText, printerOf } from '../print/output.ts';
import { alignTabs, describeTabs } from '../print/tab-writer.ts';
import { dryRunFlag, fileFlags, outputFlags, type Session } from '../session.ts';
import { type Found, findObjects } from '../targets.ts';
import { at, drop, isMap, numberAt, put, sortedJson, textAt, type Thing, type ThingList } from '../thing.ts';
import type { Verb, VerbRow } from '../verb.ts';
import { watchUntil } from '../waiting.ts';
import { lastApplied } from './apply.ts';
import { sendDifference } from './change.ts';

const places = { ...fileFlags, selector: text('Selector (label query) to filter on.', 'l') };
const common = {
  ...places,
  ...outputFlags,
  'field-manager': text('Name of the manager used to track field ownership.'),
};
const revisionAnnotation = 'deployment.kubernetes.io/revision';
const causeAnnotation = 'kubernetes.io/change-cause';
const hashLabel = 'pod-template-hash';

/** How far a rollout is. @throws CommandError when it cannot go on */
export function rolloutStatus(o: Thing): { readonly text: string; readonly done: boolean } {
  const name = JSON.stringify(o.metadata.name);
  const n = (k: string) => numberAt(o, 'status', k);
  const wanted = Number(at(o, 'spec', 'replicas') ?? 1);
  const generation = o.metadata.generation ?? 0;
  const wait = (text: string) => ({ text: `${text}\n`, done: false });
  switch (o.kind) {
    case 'Deployment': {
      if (generation > n('observedGeneration')) return wait('Waiting for deployment spec update to be observed...');
      const conditions = (at(o, 'status', 'conditions') ?? []) as readonly {
        readonly type: string;
        readonly reason?: string;
      }[];
      if (conditions.some((c) => c.type === 'Progressing' && c.reason === 'ProgressDeadlineExceeded'))
        throw new CommandError(`deployment ${name} exceeded its progress deadline`);
      const head = `Waiting for deployment ${name} rollout to finish:`;
      if (n('updatedReplicas') < wanted)
        return wait(`${head} ${n('updatedReplicas')} out of ${wanted} new replicas have been updated...`);
      if (n('replicas') > n('updatedReplicas'))
        return wait(`${head} ${n('replicas') - n('updatedReplicas')} old replicas are pending termination...`);
      if (n('availableReplicas') < n('updatedReplicas'))
        return wait(`${head} ${n('availableReplicas')} of ${n('updatedReplicas')} updated replicas are available...`);
      return { text: `deployment ${name} successfully rolled out\n`, done: true };
    }
    case 'DaemonSet': {
      if (textAt(o, 'spec', 'updateStrategy', 'type') !== 'RollingUpdate')
        throw new CommandError('rollout status is only available for RollingUpdate strategy type');
      if (generation > n('observedGeneration')) return wait('Waiting for daemon set spec update to be observed...');
      const head = `Waiting for daemon set ${name} rollout to finish:`;
      const all = n('desiredNumberScheduled');
      if (n('updatedNumberScheduled') < all)
        return wait(`${head} ${n('updatedNumberScheduled')} out of ${all} new pods have been updated...`);
      if (n('numberAvailable') < all)
        return wait(`${head} ${n('numberAvailable')} of ${all} updated pods are available...`);
      return { text: `daemon set ${name} successfully rolled out\n`, done: true };
    }
    case 'StatefulSet': {
      if (textAt(o, 'spec', 'updateStrategy', 'type') !== 'RollingUpdate')
        throw new CommandError('rollout status is only available for RollingUpdate strategy type');
      if (n('observedGeneration') === 0 || generation > n('observedGeneration'))
        return wait('Waiting for statefulset spec update to be observed...');
      if (n('readyReplicas') < wanted) return wait(`Waiting for ${wanted - n('readyReplicas')} pods to be ready...`);
      const rolling = at(o, 'spec', 'updateStrategy', 'rollingUpdate');
      if (isMap(rolling)) {
        const partition = at(rolling, 'partition');
        if (partition !== undefined && n('updatedReplicas') < wanted - Number(partition))
          return wait(
            `Waiting for partitioned roll out to finish: ${n('updatedReplicas')} out of ${wanted - Number(partition)} new pods have been updated...`,
          );
        return {
          text: `partitioned roll out complete: ${n('updatedReplicas')} new pods have been updated...\n`,
          done: true,
        };
      }
      const [update, current] = [textAt(o, 'status', 'updateRevision'), textAt(o, 'status', 'currentRevision')];
      if (update !== current)
        return wait(
          `waiting for statefulset rolling update to complete ${n('updatedReplicas')} pods at revision ${update}...`,
        );
      return {
        text: `statefulset rolling update complete ${n('currentReplicas')} pods at revision ${current}...\n`,
        done: true,
      };
    }
    default:
      throw new CommandError(`no status viewer has been implemented for ${o.kind}`);
  }
}

const find = (s: Session, errors?: unknown[]) => {
  if (s.flags.args.length === 0 && s.flags.list('filename').length === 0 && !s.flags.text('kustomize'))
    throw new CommandError('required resource not specified');
  return findObjects(s, errors ? { errors } : {});
};

const status: Verb = {
  usage: 'rollout status (TYPE NAME | TYPE/NAME) [flags]',
  summary: 'Show the status of the rollout',
  flags: {
    ...places,
    watch: bool("Watch the status of the rollout until it's done.", 'w'),
    revision: int('Pin to a specific revision for showing its status.'),
    timeout: duration('The length of time to wait before ending watch, zero means never.'),
  },
  async run(s) {
    const revision = s.flags.int('revision') ?? 0;
    for (const f of await find(s)) {
      let before = '';
      await watchUntil(
        s,
        f.mapping,
        f.namespace,
        f.name,
        (o) => {
          if (!o) throw new CommandError('object has been deleted');
          const running = Number(o.metadata.annotations?.[revisionAnnotation] ?? 0);
          if (revision > 0 && o.kind === 'Deployment' && revision !== running)
            throw new CommandError(
              `desired revision (${revision}) is different from the running revision (${running})`,
            );
          const now = rolloutStatus(o);
          if (now.text !== before || now.done) s.io.out(now.text);
          before = now.text;
          return now.done || !s.flags.bool('watch', true) ? true : undefined;
        },
        s.flags.duration('timeout') || undefined,
      );
    }
  },
};

/** The replica sets (deployments) or controller revisions of a workload, by revision. */
async function revisions(
  s: Session,
  f: Found,
  what: 'history' | 'rollbacker' = 'history',
): Promise<ReadonlyMap<number, { readonly owner: Thing; readonly template: unknown }>> {
  const mapper = await s.mapper();
  const deployment = f.mapping.kind === 'Deployment';
  if (!deployment && f.mapping.kind !== 'StatefulSet' && f.mapping.kind !== 'DaemonSet')
    throw new CommandError(
      `error retrieving ${what} for ${JSON.stringify(f.mapping.kind)}, no visitor method exists for {${f.mapping.group} ${f.mapping.kind}}`,
    );
  const mapping = mapper.byName(deployment ? 'replicasets.apps' : 'controllerrevisions.apps');
  const list = await s.api.json<ThingList>('GET', pathOf(mapping, f.namespace));
  const out = new Map<number, { owner: Thing; template: unknown }>();
  for (const owner of list.items) {
    if (!owner.metadata.ownerReferences?.some((r) => r.controller && r.uid === f.object.metadata.uid)) continue;
    const n = deployment
      ? Number(owner.metadata.annotations?.[revisionAnnotation] ?? Number.NaN)
      : Number(owner['revision']);
    if (Number.isNaN(n)) continue;
    out.set(n, { owner, template: deployment ? at(owner, 'spec', 'template') : at(owner, 'data', 'spec', 'template') });
  }
  return out;
}

function withAnnotation(template: unknown, name: string, value: string): unknown {
  const t = template as { readonly metadata?: { readonly annotations?: object } };
  return { ...t, metadata: { ...t.metadata, annotations: { ...t.metadata?.annotations, [name]: value } } };
}

const history: Verb = {
  usage: 'rollout history (TYPE NAME | TYPE/NAME) [flags]',
  summary: 'View rollout history',
  flags: {
    ...places,
    ...outputFlags,
    revision: int('See the details, including podTemplate of the revision specified'),
  },
  async run(s) {
    const revision = s.flags.int('revision') ?? 0;
    const printer = printerOf(s.flags);
    const found = await find(s);
    if (revision < 0) throw new CommandError(`revision must be a positive integer: ${revision}`);
    for (const f of found) {
      const all = await revisions(s, f);
      if (printer) {
        const shown = [...all].sort(([x], [y]) => x - y).filter(([n]) => revision === 0 || n === revision);
        if (shown.length === 0 && revision > 0) throw new CommandError('unable to find the specified revision');
        for (const [, { owner }] of shown)
          s.io.out(
            printer({
              ...owner,
              apiVersion: 'apps/v1',
              kind: f.mapping.kind === 'Deployment' ? 'ReplicaSet' : 'ControllerRevision',
            }),
          );
        continue;
      }
      const head = `${kindText(f.mapping)}/${f.name} `;
      if (revision > 0) {
        const one = all.get(revision);
        if (!one) throw new CommandError('unable to find the specified revision');
        const { describeTemplate } = await import('../describe/pod.ts');
        const cause = one.owner.metadata.annotations?.[causeAnnotation];
        const template = cause ? withAnnotation(one.template, causeAnnotation, cause) : one.template;
        s.io.out(`${head}with revision #${revision}\n${describeTemplate(template)}\n`);
        continue;
      }
      const rows = [...all]
        .sort(([a], [b]) => a - b)
        .map(([n, { owner }]) => `${n}\t${owner.metadata.annotations?.[causeAnnotation] ?? '<none>'}\n`);
      s.io.out(
        `${head}\n${rows.length ? alignTabs(`REVISION\tCHANGE-CAUSE\n${rows.join('')}`, describeTabs) : 'No rollout history found.'}\n`,
      );
    }
  },
};

const withoutHash = (template: unknown): unknown => drop(template, ['metadata', 'labels', hashLabel]);
const kept = new Set([
  lastApplied,
  revisionAnnotation,
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
]);

const undo: Verb = {
  usage: 'rollout undo (TYPE NAME | TYPE/NAME) [flags]',
  summary: 'Undo a previous rollout',
  flags: {
    ...places,
    ...outputFlags,
    ...dryRunFlag,
    'to-revision': int('The revision to rollback to. Default to 0 (last revision).'),
  },
  async run(s) {
    const wanted = s.flags.int('to-revision') ?? 0;
    const dry = dryRunOf(s.flags);
    for (const f of await find(s)) {
      const all = await revisions(s, f, 'rollbacker');
      const what = `${kindText(f.mapping)}/${f.name}`;
      if (f.object.metadata.annotations?.[lastApplied] !== undefined)
        s.io.err(
          `Warning: resource ${what} was previously managed with 'kubectl apply'. Rolling back will not update the ${lastApplied} annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.\n`,
        );
      const sorted = [...all.keys()].sort((a, b) => b - a);
      if (wanted === 0 && sorted.length < 2)
        throw new CommandError(`no rollout history found for ${f.mapping.kind.toLowerCase()} "${f.name}"`);
      const to = wanted === 0 ? sorted[1]! : wanted;
      const one = all.get(to);
      if (!one) throw new CommandError(`unable to find specified revision ${wanted} in history`);
      if (at(f.object, 'spec', 'paused') === true)
        throw new CommandError(
          "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
        );
      if (sortedJson(withoutHash(one.template)) === sortedJson(withoutHash(at(f.object, 'spec', 'template')))) {
        s.io.out(`${what} skipped rollback (current template already matches revision ${wanted})\n`);
        continue;
      }
      if (dry === 'client') {
        const { describeTemplate } = await import('../describe/pod.ts');
        s.io.out(`${what} ${describeTemplate(one.template)}\n`);
        continue;
      }
      {
        const query = { dryRun: dry === 'server' ? 'All' : undefined };
        if (f.mapping.kind === 'Deployment') {
          const have = f.object.metadata.annotations ?? {};
          const from = one.owner.metadata.annotations ?? {};
          const annotations = {
            ...Object.fromEntries(Object.entries(have).filter(([k]) => kept.has(k))),
            ...Object.fromEntries(Object.entries(from).filter(([k]) => !kept.has(k))),
          };
          await s.api.json('PATCH', pathOf(f.mapping, f.namespace, f.name), {
            contentType: 'application/json-patch+json',
            body: [
              { op: 'replace', path: '/spec/template', value: withoutHash(one.template) },
              { op: 'replace', path: '/metadata/annotations', value: annotations },
            ],
            query,
          });
        } else
          await s.api.json('PATCH', pathOf(f.mapping, f.namespace, f.name), {
            contentType: 'application/strategic-merge-patch+json',
            body: one.owner['data'],
            query,
          });
      }
      s.io.out(`${what} rolled back${dryRunText(dry)}\n`);
    }
  },
};

/** Verbs that change one field of the workload. */
function changing(
  word: 'restart' | 'pause' | 'resume',
  did: string,
  change: (s: Session, o: Thing, m: Mapping) => Thing,
): Verb {
  return {
    usage: `rollout ${word} (TYPE NAME | TYPE/NAME)`,
    summary:
      word === 'restart'
        ? 'Restart a resource'
        : word === 'pause'
          ? 'Mark the provided resource as paused'
          : 'Resume a paused resource',
    flags: common,
    async run(s) {
      const errors: unknown[] = [];
      const answer = createAnswer(s);
      const found = await find(s, errors);
      if (found.length === 0 && errors.length === 0) s.io.err(`No resources found in ${s.namespace} namespace.\n`);
      for (const f of found)
        try {
          const sent = await sendDifference(
            s,
            f,
            change(s, f.object, f.mapping),
            s.flags.text('field-manager') || 'kubectl-rollout',
          );
          if (!sent && word === 'restart')
            throw new CommandError(
              `failed to create patch for ${f.name}: if restart has already been triggered within the past second, please wait before attempting to trigger another`,
            );
          answer(f.mapping, sent ?? f.object, did);
        } catch (e) {
          errors.push(e);
        }
      throwAll(errors);
    },
  };
}

const plural = (m: Mapping, o: Thing): string =>
  `${m.plural}${m.group ? `.${m.group}` : ''} ${JSON.stringify(o.metadata.name)}`;

const restart = changing('restart', 'restarted', (s, o, m) => {
  if (!['Deployment', 'DaemonSet', 'StatefulSet'].includes(o.kind))
    throw new CommandError(`${plural(m, o)} restarting is not supported`);
  if (at(o, 'spec', 'paused') === true)
    throw new CommandError(`${plural(m, o)} can't restart paused deployment (run rollout resume first)`);
  return put(
    o,
    ['spec', 'template', 'metadata', 'annotations', 'kubectl.kubernetes.io/restartedAt'],
    rfc3339(s.io.clock.now()),
  );
});
const pause = changing('pause', 'paused', (_, o, m) => {
  if (o.kind !== 'Deployment') throw new CommandError(`${plural(m, o)} pausing is not supported`);
  if (at(o, 'spec', 'paused') === true) throw new CommandError(`${plural(m, o)} is already paused`);
  return put(o, ['spec', 'paused'], true);
});
const resume = changing('resume', 'resumed', (_, o, m) => {
  if (o.kind !== 'Deployment') throw new CommandError(`${plural(m, o)} resuming is not supported`);
  if (at(o, 'spec', 'paused') !== true) throw new CommandError(`${plural(m, o)} is not paused`);
  return drop(o, ['spec', 'paused']);
});

export const rolloutRows: readonly VerbRow[] = Object.entries({ history, pause, restart, resume, status, undo }).map(
  ([name, verb]) => ({ name, summary: verb.summary, load: async () => verb }),
);
