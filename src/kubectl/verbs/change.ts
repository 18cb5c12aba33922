/** Changing one thing of an object: where its pod spec is, and the patch of what differs. */
import { createTwoWayMergePatch } from '../../schema/merge/index.ts';
import { pathOf } from '../mapper.ts';
import { dryRunOf } from '../print/output.ts';
import type { Session } from '../session.ts';
import type { Thing } from '../thing.ts';

/** Where a kind has its pod spec. */
export const podSpecPath = (kind: string): readonly string[] =>
  kind === 'Pod'
    ? ['spec']
    : kind === 'CronJob'
      ? ['spec', 'jobTemplate', 'spec', 'template', 'spec']
      : ['spec', 'template', 'spec'];

/** Sends what differs between two forms of an object. */
export async function sendDifference(
  s: Session,
  f: {
    readonly mapping: Parameters<typeof pathOf>[0];
    readonly namespace: string | undefined;
    readonly name: string;
    readonly object: Thing;
  },
  after: Thing,
  fieldManager: string,
): Promise<Thing | undefined> {
  const { resources } = await import('../../api/resources.ts');
  const { group, version, kind } = f.mapping;
  const row = resources.find((r) => r.group === group && r.version === version && r.kind === kind);
  const { createJsonMergePatch } = await import('../../schema/merge/index.ts');
  const body = row ? createTwoWayMergePatch(row.schema, f.object, after) : createJsonMergePatch(f.object, after);
  if (Object.keys(body).length === 0) return undefined;
  if (dryRunOf(s.flags) === 'client') return after;
  return s.api.json<Thing>('PATCH', pathOf(f.mapping, f.namespace, f.name), {
    body,
    contentType: row ? 'application/strategic-merge-patch+json' : 'application/merge-patch+json',
    query: { fieldManager, dryRun: dryRunOf(s.flags) === 'server' ? 'All' : undefined },
  });
}
