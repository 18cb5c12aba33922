/** What `apply --server-side` does with an object that was applied from the client before: its fields change hands (upstream: client-go util/csaupgrade). */
import { StatusError } from '../../machinery/status-error.ts';
import type { Manifest } from '../manifest.ts';
import { pathOf } from '../mapper.ts';
import { dryRunOf } from '../print/output.ts';
import type { Session } from '../session.ts';
import { at, isMap, type Json, sortedJson, type Thing } from '../thing.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const annotationManager = 'kubectl-last-applied';
const attempts = 5;

interface Entry extends Json {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly fieldsV1?: Json;
}

const entriesOf = (o: Thing): readonly Entry[] =>
  Array.isArray(o.metadata.managedFields) ? (o.metadata.managedFields as readonly Entry[]) : [];

const owners = (o: Thing, operation: string): readonly Entry[] =>
  entriesOf(o).filter(
    (e) =>
      e.operation === operation &&
      !e.subresource &&
      at(e, 'fieldsV1', 'f:metadata', 'f:annotations', `f:${lastApplied}`) !== undefined,
  );

const union = (a: Json, b: Json): Json => {
  const out: Record<string, unknown> = { ...a };
  for (const [k, v] of Object.entries(b)) out[k] = isMap(out[k]) && isMap(v) ? union(out[k], v) : (out[k] ?? v);
  return out;
};

/** The managers' update entries made one apply entry of `manager`; undefined when there is nothing to do. */
export function migratedFields(
  entries: readonly Entry[],
  managers: ReadonlySet<string>,
  manager: string,
): readonly Entry[] | undefined {
  let now = [...entries];
  for (const from of [...managers, manager]) {
    const old = now.find((e) => e.manager === from && e.operation === 'Update' && !e.subresource);
    if (!old) continue;
    const target = now.find((e) => e.manager === manager && e.operation === 'Apply' && !e.subresource);
    now = target
      ? now
          .filter((e) => e !== old)
          .map((e) => (e === target ? { ...e, fieldsV1: union(e.fieldsV1 ?? {}, old.fieldsV1 ?? {}) } : e))
      : now.map((e) => (e === old ? { ...e, manager, operation: 'Apply' } : e));
  }
  return sortedJson(now) === sortedJson(entries) ? undefined : now;
}

/** The object after migration; what fails is a warning, for the apply itself has been done. */
export async function migrate(
  s: Session,
  m: Manifest,
  applied: Thing,
  manager: string,
  applyAgain: () => Promise<Thing>,
): Promise<Thing> {
  const path = pathOf(m.mapping, m.namespace, m.name);
  const dryRun = dryRunOf(s.flags) === 'server' ? 'All' : undefined;
  let now = applied;
  const text = applied.metadata.annotations?.[lastApplied];
  if (manager === 'kubectl' && text !== undefined && owners(applied, 'Apply').length === 0)
    try {
      const { name, namespace } = applied.metadata;
      now = await s.api.json<Thing>('PATCH', path, {
        body: {
          apiVersion: applied.apiVersion,
          kind: applied.kind,
          metadata: { name, ...(namespace && { namespace }), annotations: { [lastApplied]: text } },
        },
        contentType: 'application/apply-patch+yaml',
        query: { fieldManager: annotationManager, force: 'false', dryRun },
      });
    } catch (e) {
      s.io.err(
        `Warning: failed to migrate ${lastApplied} for Server-Side Apply. This is non-fatal and will be retried next time you apply. Error: ${(e as Error).message}\n`,
      );
      return now;
    }
  const managers = new Set(owners(now, 'Update').map((e) => e.manager ?? ''));
  for (let i = 0; i < attempts; i++) {
    const managedFields = migratedFields(entriesOf(now), managers, manager);
    if (!managedFields || managers.size === 0) return now;
    try {
      await s.api.json<Thing>('PATCH', path, {
        body: [
          { op: 'replace', path: '/metadata/managedFields', value: managedFields },
          { op: 'replace', path: '/metadata/resourceVersion', value: now.metadata.resourceVersion },
        ],
        contentType: 'application/json-patch+json',
        query: { fieldManager: manager, dryRun },
      });
      break;
    } catch (e) {
      if (!(e instanceof StatusError && e.reason === 'Conflict')) {
        s.io.err(
          `Warning: server rejected managed fields migration to Server-Side Apply. This is non-fatal and will be retried next time you apply. Error: ${(e as Error).message}\n`,
        );
        return now;
      }
      now = await s.api.json<Thing>('GET', path);
    }
  }
  try {
    return await applyAgain();
  } catch (e) {
    s.io.err(
      `Warning: failed to re-apply configuration after performing Server-Side Apply migration. This is non-fatal and will be retried next time you apply. Error: ${(e as Error).message}\n`,
    );
    return now;
  }
}
