/** One object on its way to being created. */
import { type Mapping, pathOf } from '../mapper.ts';
import { dryRunOf } from '../print/output.ts';
import type { Session } from '../session.ts';
import type { Thing } from '../thing.ts';
import { validation, withLastApplied } from './apply.ts';

/** Creates, or with a client-side dry run answers what would be sent. */
export async function send(
  s: Session,
  mapping: Mapping,
  namespace: string | undefined,
  object: Thing,
  manager = 'kubectl-create',
): Promise<Thing> {
  const dry = dryRunOf(s.flags);
  const body = s.flags.bool('save-config') ? withLastApplied(object) : object;
  // `run` shows what it would make without the annotation.
  if (dry === 'client') return manager === 'kubectl-run' ? object : body;
  return s.api.json<Thing>('POST', pathOf(mapping, namespace), {
    body,
    query: {
      fieldManager: s.flags.text('field-manager') || manager,
      fieldValidation: validation(s),
      dryRun: dry === 'server' ? 'All' : undefined,
    },
  });
}
