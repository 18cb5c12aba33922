import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Deployment, ReplicaSet } from '../../api/apps/v1/types.ts';
import type { Pod } from '../../api/core/v1/types.ts';
import type { Action } from '../action.ts';
import { decideDeployment, type DeploymentPlan } from './decide.ts';
import { maxSurge, maxUnavailable } from './surge.ts';

const start = Date.parse('2026-01-01T00:00:00Z');

interface Shape {
  readonly replicas?: number;
  readonly image?: string;
  readonly strategy?: object;
  readonly paused?: boolean;
  readonly history?: number;
}
const spec = (s: Shape): Deployment['spec'] =>
  ({
    replicas: s.replicas ?? 3,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: s.image ?? 'one' }] } },
    strategy: s.strategy ?? { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    revisionHistoryLimit: s.history ?? 10,
    progressDeadlineSeconds: 600,
    ...(s.paused && { paused: true }),
  }) as unknown as Deployment['spec'];

/** A cluster of one Deployment: performs plans as the server and the ReplicaSet controller would. */
class Lab {
  d: Deployment;
  sets: readonly ReplicaSet[] = [];
  now = start;
  readonly events: string[] = [];
  #made = 0;
  constructor(shape: Shape) {
    const metadata = { namespace: 'a', name: 'web', uid: 'web', generation: 1 };
    this.d = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: spec(shape), status: {} } as Deployment;
  }
  change(shape: Shape): void {
    const generation = (this.d.metadata.generation ?? 0) + 1;
    this.d = { ...this.d, metadata: { ...this.d.metadata, generation }, spec: spec(shape) };
  }
  plan(): DeploymentPlan {
    return decideDeployment({ deployment: this.d, replicaSets: this.sets, pods: this.pods() }, this.now);
  }
  pods(): readonly Pod[] {
    return this.sets.flatMap((rs) =>
      Array.from(
        { length: rs.status.replicas },
        () =>
          ({
            metadata: { ownerReferences: [{ uid: rs.metadata.uid, controller: true }] },
            status: { phase: 'Running' },
          }) as unknown as Pod,
      ),
    );
  }
  /** One reconcile. Answers whether anything was done. */
  step(): boolean {
    const plan = this.plan();
    if (plan.create) {
      const n = this.#made++;
      const metadata = {
        ...plan.create.metadata,
        uid: `rs${n}`,
        creationTimestamp: new Date(this.now + n * 1000).toISOString(),
        generation: 1,
      };
      this.sets = [...this.sets, { ...plan.create, metadata, status: { replicas: 0 } }];
    }
    for (const a of plan.actions) this.#perform(a);
    return plan.create !== undefined || plan.actions.length > 0;
  }
  #perform(a: Action): void {
    if (a.do === 'event') this.events.push(a.message.replace(/web-\w+/g, (name) => this.short(name)));
    else if (a.do === 'delete') this.sets = this.sets.filter((rs) => rs.metadata.name !== a.key.name);
    else if (a.do === 'update' && a.object.kind === 'Deployment') this.d = a.object as Deployment;
    else if (a.do === 'update') {
      const next = a.object as ReplicaSet;
      this.sets = this.sets.map((rs) =>
        rs.metadata.name === next.metadata.name ? { ...next, status: rs.status } : rs,
      );
    } else assert.fail(`unexpected ${a.do}`);
  }
  /** The image instead of the hash. */
  short(name: string): string {
    return this.sets.find((rs) => rs.metadata.name === name)?.spec.template?.spec?.containers[0]?.image ?? 'new';
  }
  /** Pods of every set as its spec says; those of `broken` images never become available. */
  settle(broken: ReadonlySet<string> = new Set()): boolean {
    let changed = false;
    this.sets = this.sets.map((rs) => {
      const replicas = rs.spec.replicas ?? 1;
      const good = broken.has(rs.spec.template?.spec?.containers[0]?.image ?? '') ? 0 : replicas;
      if (
        rs.status.replicas === replicas &&
        (rs.status.availableReplicas ?? 0) === good &&
        rs.status.observedGeneration
      )
        return rs;
      changed = true;
      return {
        ...rs,
        status: {
          replicas,
          readyReplicas: good,
          availableReplicas: good,
          observedGeneration: 1,
          terminatingReplicas: 0,
        },
      };
    });
    return changed;
  }
  run(broken?: ReadonlySet<string>, check: () => void = () => {}): void {
    for (let i = 0; i < 300; i++) {
      const did = this.step();
      check();
      if (!this.settle(broken) && !did) return;
    }
    assert.fail('does not come to rest');
  }
  sizes(): Record<string, number> {
    return Object.fromEntries(
      this.sets.map((rs) => [rs.spec.template?.spec?.containers[0]?.image ?? '', rs.spec.replicas ?? 1]),
    );
  }
  condition(type: string): string {
    const c = this.d.status.conditions?.find((x) => x.type === type);
    return `${c?.status} ${c?.reason}`;
  }
}

test('a new Deployment gets one set, its revision and its conditions', () => {
  const lab = new Lab({});
  lab.step();
  assert.equal(lab.condition('Progressing'), 'True NewReplicaSetCreated');
  assert.equal(lab.condition('Available'), 'False MinimumReplicasUnavailable');
  lab.run();
  assert.deepEqual(lab.sizes(), { one: 3 });
  assert.deepEqual(lab.events, ['Scaled up replica set one from 0 to 3']);
  assert.equal(lab.condition('Progressing'), 'True NewReplicaSetAvailable');
  assert.equal(lab.condition('Available'), 'True MinimumReplicasAvailable');
  assert.equal(lab.d.metadata.annotations?.['deployment.kubernetes.io/revision'], '1');
  const [rs] = lab.sets;
  assert.equal(rs?.metadata.name, `web-${rs?.metadata.labels?.['pod-template-hash']}`);
  assert.equal(rs?.spec.selector.matchLabels?.['pod-template-hash'], rs?.metadata.labels?.['pod-template-hash']);
  assert.equal(rs?.metadata.annotations?.['deployment.kubernetes.io/desired-replicas'], '3');
  assert.equal(rs?.metadata.annotations?.['deployment.kubernetes.io/max-replicas'], '4');
});

test('a rolling update goes up and down by the fenceposts, and back to the old set with a new revision', () => {
  const lab = new Lab({ replicas: 4 });
  lab.run();
  lab.events.length = 0;
  lab.change({ replicas: 4, image: 'two' });
  lab.run();
  assert.deepEqual(lab.sizes(), { one: 0, two: 4 });
  assert.deepEqual(lab.events, [
    'Scaled up replica set two from 0 to 1',
    'Scaled down replica set one from 4 to 2',
    'Scaled up replica set two from 1 to 3',
    'Scaled down replica set one from 2 to 0',
    'Scaled up replica set two from 3 to 4',
  ]);
  assert.equal(lab.d.metadata.annotations?.['deployment.kubernetes.io/revision'], '2');
  lab.change({ replicas: 4, image: 'one' });
  lab.run();
  assert.deepEqual(lab.sizes(), { one: 4, two: 0 });
  assert.equal(lab.sets[0]?.metadata.annotations?.['deployment.kubernetes.io/revision'], '3');
  assert.equal(lab.sets[0]?.metadata.annotations?.['deployment.kubernetes.io/revision-history'], '1');
});

test('Recreate makes nothing new before the old pods are gone', () => {
  const lab = new Lab({ strategy: { type: 'Recreate' } });
  lab.run();
  lab.change({ image: 'two', strategy: { type: 'Recreate' } });
  lab.run(undefined, () => {
    const running = new Set(lab.sets.filter((rs) => rs.status.replicas > 0).map((rs) => rs.metadata.name));
    const wanted = lab.sets.filter((rs) => (rs.spec.replicas ?? 0) > 0).map((rs) => rs.metadata.name);
    for (const name of wanted) running.add(name);
    assert.ok(running.size <= 1);
  });
  assert.deepEqual(lab.sizes(), { one: 0, two: 3 });
});

test('a paused Deployment is scaled but not rolled, and goes on when resumed', () => {
  const lab = new Lab({});
  lab.run();
  lab.change({ image: 'two', replicas: 5, paused: true });
  lab.run();
  assert.deepEqual(lab.sizes(), { one: 5 });
  assert.equal(lab.condition('Progressing'), 'Unknown DeploymentPaused');
  lab.change({ image: 'two', replicas: 5 });
  lab.step();
  assert.equal(lab.condition('Progressing'), 'True NewReplicaSetCreated');
  lab.run();
  assert.deepEqual(lab.sizes(), { one: 0, two: 5 });
});

test('scaling in the middle of a rollout is spread over the sets in proportion', () => {
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } };
  const lab = new Lab({ replicas: 10, strategy });
  lab.run();
  lab.change({ replicas: 10, image: 'bad', strategy });
  lab.run(new Set(['bad']));
  assert.deepEqual(lab.sizes(), { one: 8, bad: 5 });
  lab.change({ replicas: 15, image: 'bad', strategy });
  lab.run(new Set(['bad']));
  // The example of the Deployment documentation: 13 allowed pods become 18, 3 to the larger set and 2 to the other.
  assert.deepEqual(lab.sizes(), { one: 11, bad: 7 });
});

test('a rollout that does not move exceeds its deadline', () => {
  const lab = new Lab({});
  lab.run(new Set(['one']));
  assert.ok((lab.plan().requeueAfterMs ?? 0) > 0);
  lab.now += 601_000;
  lab.run(new Set(['one']));
  assert.equal(lab.condition('Progressing'), 'False ProgressDeadlineExceeded');
  lab.run();
  assert.equal(lab.condition('Progressing'), 'True NewReplicaSetAvailable');
});

test('old revisions beyond the limit go', () => {
  const lab = new Lab({ history: 1 });
  for (const image of ['one', 'two', 'three', 'four']) {
    lab.change({ image, history: 1 });
    lab.run();
  }
  assert.deepEqual(lab.sizes(), { three: 0, four: 3 });
});

const percentOrNumber = fc.oneof(
  fc.integer({ min: 0, max: 4 }),
  fc.integer({ min: 0, max: 100 }).map((n) => `${n}%`),
);

test('from any sizes and fenceposts: a rollout comes to rest, never exceeds the surge and never falls below availability', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      percentOrNumber,
      percentOrNumber,
      fc.array(fc.record({ image: fc.constantFrom('a', 'b', 'c'), steps: fc.integer({ min: 0, max: 5 }) }), {
        maxLength: 4,
      }),
      (replicas, surge, unavailable, changes) => {
        const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: surge, maxUnavailable: unavailable } };
        const lab = new Lab({ replicas, strategy, image: 'a' });
        lab.run();
        const check = () => {
          const total = lab.sets.reduce((n, rs) => n + (rs.spec.replicas ?? 0), 0);
          const ready = lab.sets.reduce(
            (n, rs) => n + Math.min(rs.spec.replicas ?? 0, rs.status.availableReplicas ?? 0),
            0,
          );
          assert.ok(total <= replicas + maxSurge(lab.d), `${total} pods`);
          assert.ok(ready >= replicas - maxUnavailable(lab.d), `${ready} available`);
        };
        // Its pods never become available until the end.
        const broken = new Set(['c']);
        for (const { image, steps } of changes) {
          lab.change({ replicas, strategy, image });
          for (let i = 0; i < steps; i++) {
            lab.step();
            check();
            lab.settle(broken);
          }
        }
        const last = changes.at(-1)?.image ?? 'a';
        lab.run(undefined, check);
        assert.equal(lab.sizes()[last], replicas);
        assert.equal(
          lab.sets.reduce((n, rs) => n + (rs.spec.replicas ?? 0), 0),
          replicas,
        );
        assert.deepEqual(lab.plan().actions, []);
      },
    ),
    { numRuns: 200 },
  );
});
