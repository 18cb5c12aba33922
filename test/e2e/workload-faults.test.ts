/**
 * Deployments while everything goes wrong: pods vanish, sizes and templates change, writes conflict, fail or are done though nobody
 * hears of it, watches are cut, controllers start anew. What the controllers wish for never leaves the bounds of the rollout, and when
 * it is quiet again all is as asked for: no pod too many, none twice, none forgotten.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Deployments, Namespaces, Pods, ReplicaSets } from '../../src/api/resources.ts';
import type { Deployment, ReplicaSet } from '../../src/api/apps/v1/types.ts';
import type { Pod } from '../../src/api/core/v1/types.ts';
import { isNotFound } from '../../src/machinery/index.ts';
import { startControllerLab } from './controller-lab.ts';
import { faultyTransport } from './faulty-transport.ts';

/** Mulberry32: the same seed gives the same faults. */
function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const maxSurge = 2;
const maxUnavailable = 1;
const rounds = 60;

for (const seed of [1, 2, 3])
  test(`a deployment under faults keeps its bounds and converges (seed ${seed})`, async () => {
    const random = seeded(seed);
    const seen: Record<string, number> = {};
    let quiet = false;
    const lab = await startControllerLab({
      faults: (t) => faultyTransport(t, { random, rate: 0.06, on: () => !quiet, seen }),
      stopMs: 5,
    });
    try {
      const namespace = await lab.namespace(`faults-${seed}`);
      const key = { namespace, name: 'web' };
      let replicas = 6;
      await lab.client.create(Deployments, {
        metadata: key,
        spec: {
          replicas,
          selector: { matchLabels: { app: 'web' } },
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
          template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'i0' }] } },
        },
      });
      const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
      /** The largest sum of sizes that any of the last sizes of the deployment allows. */
      const allowed: number[] = [replicas];
      const look = async (): Promise<void> => {
        const sets = await lab.items<ReplicaSet>(ReplicaSets, namespace);
        const wanted = sets.reduce((n, rs) => n + (rs.spec.replicas ?? 0), 0);
        assert.ok(wanted <= Math.max(...allowed) + maxSurge, `${wanted} pods are wished for, of ${replicas}`);
        const pods = await lab.items<Pod>(Pods, namespace);
        for (const rs of sets) {
          const own = pods.filter((p) => p.metadata.ownerReferences?.some((o) => o.uid === rs.metadata.uid));
          const alive = own.filter((p) => !p.metadata.deletionTimestamp).length;
          // A set that was made smaller has pods to delete still, but it never makes more than it was ever asked for.
          assert.ok(alive <= Math.max(...allowed) + maxSurge, `${rs.metadata.name} has ${alive} pods`);
        }
      };
      for (let round = 0; round < rounds; round++) {
        const dice = random();
        if (dice < 0.35) {
          const victim = pick(await lab.items<Pod>(Pods, namespace));
          if (victim)
            await lab.client
              .delete(Pods, { namespace, name: victim.metadata.name ?? '' })
              .catch((e: unknown) => assert.ok(isNotFound(e)));
        } else if (dice < 0.55) {
          replicas = 1 + Math.floor(random() * 9);
          allowed.push(replicas);
          await lab.client.patch(Deployments, key, 'application/merge-patch+json', { spec: { replicas } });
        } else if (dice < 0.75)
          await lab.client.patch(Deployments, key, 'application/json-patch+json', [
            {
              op: 'replace',
              path: '/spec/template/spec/containers/0/image',
              value: `i${Math.floor(random() * 4)}`,
            },
          ]);
        else if (dice < 0.8) await lab.restart();
        await look();
        await new Promise((r) => setTimeout(r, random() * 60));
      }
      quiet = true;
      const done = await lab.until(
        'the deployment is as asked for',
        async () => {
          const d = await lab.get<Deployment>(Deployments, namespace, 'web');
          const s = d.status;
          return (
            s.observedGeneration === d.metadata.generation &&
            [s.replicas, s.updatedReplicas, s.availableReplicas].every((n) => (n ?? 0) === replicas) &&
            (s.terminatingReplicas ?? 0) === 0 &&
            d
          );
        },
        60_000,
      );
      const pods = await lab.items<Pod>(Pods, namespace);
      assert.equal(pods.length, replicas);
      const image = done.spec.template.spec?.containers[0]?.image;
      assert.ok(pods.every((p) => p.spec.containers[0]?.image === image));
      const sets = await lab.items<ReplicaSet>(ReplicaSets, namespace);
      assert.equal(new Set(sets.map((rs) => rs.spec.template?.spec?.containers[0]?.image)).size, sets.length);
      const revisions = sets.map((rs) => Number(rs.metadata.annotations?.['deployment.kubernetes.io/revision']));
      assert.equal(new Set(revisions).size, revisions.length, 'each set has a revision of its own');
      for (const kind of ['conflict', 'server error', 'request lost', 'answer lost', 'watch cut'])
        assert.ok((seen[kind] ?? 0) > 0, `${kind} never came up: ${JSON.stringify(seen)}`);

      quiet = false;
      await lab.client.delete(Deployments, key, { propagationPolicy: pick(['Foreground', 'Background'] as const)! });
      await new Promise((r) => setTimeout(r, 20));
      await lab.restart();
      await lab.client.delete(Namespaces, { name: namespace });
      await lab.restart();
      quiet = true;
      await lab.until(
        'the namespace is gone',
        () =>
          lab.get(Namespaces, undefined, namespace).then(
            () => false,
            (e: unknown) => isNotFound(e),
          ),
        60_000,
      );
      assert.deepEqual(await lab.items(Pods, namespace), []);
      assert.deepEqual(await lab.items(ReplicaSets, namespace), []);
    } finally {
      await lab.close();
    }
  });
