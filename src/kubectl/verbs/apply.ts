/** `kubectl apply`: the three-way merge on the client against the last-applied annotation, or server-side apply. */
import { StatusError } from '../../machinery/status-error.ts';
import { createThreeWayJsonMergePatch, createThreeWayMergePatch } from '../../schema/merge/index.ts';
import { CommandError, throwAll, withSource } from '../failure.ts';
import { bool, text } from '../flags.ts';
import { type Manifest, readManifests } from '../manifest.ts';
import { pathOf } from '../mapper.ts';
import { createAnswer, dryRunOf, listOf, printerOf } from '../print/output.ts';
import { dryRunFlag, fileFlags, outputFlags, type Session } from '../session.ts';
import { drop, type Json, put, sortedJson, type Thing } from '../thing.ts';
import type { Verb } from '../verb.ts';

export const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const annotation = ['metadata', 'annotations', lastApplied];
const maxConflicts = 5;

export const apply: Verb = {
  usage: 'apply (-f FILENAME) [flags]',
  summary: 'Apply a configuration to a resource by file name or stdin',
  flags: {
    ...fileFlags,
    ...outputFlags,
    ...dryRunFlag,
    'server-side': bool('If true, apply runs in the server instead of the client.'),
    'force-conflicts': bool('If true, server-side apply will force the changes against conflicts.'),
    'field-manager': text('Name of the manager used to track field ownership.'),
    validate: text('Must be one of: strict (or true), warn, ignore (or false).', undefined, 'strict'),
    overwrite: bool('Automatically resolve conflicts by using values from the modified configuration'),
    force: bool('If true, immediately remove and recreate what cannot be patched.'),
    wait: bool('If true, wait for resources to be gone before returning.'),
    selector: text('Selector (label query) to filter on.', 'l'),
  },
  async run(s) {
    const answer = createAnswer(s);
    const errors: unknown[] = [];
    const printer = printerOf(s.flags);
    const shown: Thing[] = [];
    for (const m of await readManifests(s))
      try {
        const { object, did } = await (s.flags.bool('server-side') ? onServer(s, m) : onClient(s, m));
        if (printer) shown.push(object);
        else answer(m.mapping, object, did);
      } catch (e) {
        errors.push(e);
      }
    if (printer && shown.length) s.io.out(printer(shown.length === 1 ? shown[0] : listOf(shown)));
    throwAll(errors);
  },
};

interface Applied {
  readonly object: Thing;
  readonly did: string;
}

/** `fieldValidation` of a request, from --validate. */
export function validation(s: Session): string {
  const v = (s.flags.text('validate') ?? 'strict').toLowerCase();
  return v === 'strict' || v === 'true' ? 'Strict' : v === 'warn' ? 'Warn' : 'Ignore';
}

async function onServer(s: Session, m: Manifest): Promise<Applied> {
  const object = await s.api
    .json<Thing>('PATCH', pathOf(m.mapping, m.namespace, m.name), {
      body: m.object,
      contentType: 'application/apply-patch+yaml',
      query: {
        fieldManager: s.flags.text('field-manager', 'kubectl'),
        force: s.flags.bool('force-conflicts') ? 'true' : 'false',
        fieldValidation: validation(s),
        dryRun: dryRunOf(s.flags) === 'server' ? 'All' : undefined,
      },
    })
    .catch((e: unknown) => {
      if (e instanceof StatusError && e.reason === 'Conflict' && e.status.details?.causes)
        throw new CommandError(
          `${e.message}\nPlease review the fields above--they currently have other managers. Here\nare the ways you can resolve this warning:\n* If you intend to manage all of these fields, please re-run the apply\n  command with the \`--force-conflicts\` flag.\n* If you do not intend to manage all of the fields, please edit your\n  manifest to remove references to the fields that should keep their\n  current managers.\n* You may co-own fields by updating your manifest to match the existing\n  value; in this case, you'll become the manager if the other manager(s)\n  stop managing the field (remove it from their configuration).\nSee https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`,
        );
      throw e;
    });
  return { object, did: 'serverside-applied' };
}

/** The configuration with itself, as text, in the annotation. */
export function withLastApplied(object: Thing): Thing {
  const bare = drop(object, annotation);
  const text = `${sortedJson({ ...bare, metadata: { ...bare.metadata, annotations: bare.metadata.annotations ?? {} } })}\n`;
  return put(bare, annotation, text);
}

/** The patch of a client-side apply; `{}` when there is nothing to do. */
export async function applyPatch(
  m: Pick<Manifest, 'mapping'>,
  modified: Thing,
  current: Thing,
): Promise<{ readonly patch: Json; readonly type: string }> {
  const text = current.metadata.annotations?.[lastApplied];
  const original = (text ? JSON.parse(text) : {}) as Json;
  const { resources } = await import('../../api/resources.ts');
  const { group, version, kind } = m.mapping;
  const row = resources.find((r) => r.group === group && r.version === version && r.kind === kind);
  return row
    ? {
        patch: createThreeWayMergePatch(row.schema, original, modified, current),
        type: 'application/strategic-merge-patch+json',
      }
    : { patch: createThreeWayJsonMergePatch(original, modified, current), type: 'application/merge-patch+json' };
}

async function onClient(s: Session, m: Manifest): Promise<Applied> {
  const dry = dryRunOf(s.flags);
  const path = pathOf(m.mapping, m.namespace, m.name);
  const fieldManager = s.flags.text('field-manager', 'kubectl-client-side-apply');
  const query = { fieldManager, fieldValidation: validation(s), dryRun: dry === 'server' ? 'All' : undefined };
  const modified = withLastApplied(m.object);
  const read = () =>
    s.api.json<Thing>('GET', path).catch((e: unknown) => {
      if (e instanceof StatusError && e.code === 404) return undefined;
      throw withSource('retrieving current configuration of', m.source, e);
    });
  if (!m.name) throw new StatusError(422, 'Invalid', 'resource name may not be empty');
  let current = await read();
  if (!current) {
    if (dry === 'client') return { object: modified, did: 'created' };
    const object = await s.api
      .json<Thing>('POST', pathOf(m.mapping, m.namespace), { body: modified, query })
      .catch((e: unknown) => {
        throw withSource('creating', m.source, e);
      });
    return { object, did: 'created' };
  }
  if (current.metadata.annotations?.[lastApplied] === undefined && dry !== 'client')
    s.io.err(
      `Warning: resource ${m.mapping.plural}/${m.name} is missing the ${lastApplied} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`,
    );
  for (let attempt = 0; ; attempt++) {
    const { patch, type } = await applyPatch(m, modified, current);
    if (Object.keys(patch).length === 0) return { object: current, did: 'unchanged' };
    if (dry === 'client') return { object: current, did: 'configured' };
    try {
      const object = await s.api.json<Thing>('PATCH', path, { body: patch, contentType: type, query });
      return { object, did: 'configured' };
    } catch (e) {
      const again = e instanceof StatusError && e.reason === 'Conflict' && attempt < maxConflicts;
      if (!again) throw patchFailure(m, patch, e);
      current = (await read()) ?? current;
    }
  }
}

function patchFailure(m: Manifest, patch: Json, e: unknown): unknown {
  if (!(e instanceof StatusError)) return e;
  const about = `applying patch:\n${sortedJson(patch)}\nto:\nResource: ${JSON.stringify(`${m.mapping.group ? `${m.mapping.group}/` : '/'}${m.mapping.version}, Resource=${m.mapping.plural}`)}, GroupVersionKind: ${JSON.stringify(`${m.mapping.group ? `${m.mapping.group}/` : '/'}${m.mapping.version}, Kind=${m.mapping.kind}`)}\nName: ${JSON.stringify(m.name)}, Namespace: ${JSON.stringify(m.namespace ?? '')}\nfor: ${JSON.stringify(m.source)}`;
  return StatusError.fromStatus({
    ...e.status,
    message: `error when ${about}: error when patching ${JSON.stringify(m.source)}: ${e.message}`,
  });
}
