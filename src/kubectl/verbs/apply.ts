/** `kubectl apply`: the three-way merge on the client against the last-applied annotation, or server-side apply; pruning (upstream: kubectl/pkg/cmd/apply). */
import { StatusError } from '../../machinery/status-error.ts';
import {
  createThreeWayJsonMergePatch,
  createThreeWayMergePatch,
  createTwoWayMergePatch,
  jsonMergePatch,
  strategicMergePatch,
} from '../../schema/merge/index.ts';
import { CommandError, throwAll, UsageError, withSource } from '../failure.ts';
import { array, bool, duration, int, text } from '../flags.ts';
import { type Manifest, readManifests, requireFiles } from '../manifest.ts';
import { type Mapping, pathOf } from '../mapper.ts';
import { createAnswer, dryRunOf, formatOf, listOf, printerOf } from '../print/output.ts';
import { dryRunFlag, fileFlags, outputFlags, type Session } from '../session.ts';
import { drop, isMap, type Json, put, sortedJson, type Thing } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { migrate } from './apply-migration.ts';
import { prune, prunedKinds } from './apply-prune.ts';

export const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const annotation = ['metadata', 'annotations', lastApplied];
const maxConflicts = 5;
const triesBeforePause = 1;
const pauseMs = 1000;

export const apply: Verb = {
  usage: 'apply (-f FILENAME | -k DIRECTORY)',
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
    wait: bool('Accepted as upstream accepts it: what is deleted for --force is always waited for.'),
    timeout: duration('The length of time to wait before giving up on a delete'),
    'grace-period': int('Period of time in seconds given to the resource to terminate gracefully.'),
    cascade: text('Must be "background", "orphan", or "foreground".', undefined, 'background'),
    selector: text('Selector (label query) to filter on.', 'l'),
    all: bool('Select all resources in the namespace of the specified resource types.'),
    prune: bool('Automatically delete resource objects that do not appear in the configs.'),
    'prune-allowlist': array('Overwrite the default allowlist with <group/version/kind> for --prune'),
    'openapi-patch': bool('Accepted: merge keys are known here without asking the server for its schema.'),
    subresource: text('If specified, apply will operate on the subresource of the requested object.'),
  },
  async run(s) {
    const { flags } = s;
    if (flags.args.length) throw new UsageError(`Unexpected args: [${flags.args.join(' ')}]`);
    const serverSide = flags.bool('server-side');
    const dry = dryRunOf(flags);
    requireFiles(s);
    validation(s);
    propagationOf(flags.text('cascade', 'background'));
    checkTogether(s, serverSide, dry);
    if (flags.bool('prune')) prunedKinds(await s.mapper(), flags.list('prune-allowlist'));
    // Waiting for nothing, and a schema that is always at hand: read so that nobody thinks they were forgotten.
    flags.bool('wait');
    flags.bool('openapi-patch', true);
    const answer = createAnswer(s);
    const errors: unknown[] = [];
    const printer = printerOf(flags);
    const whole = formatOf(flags) !== '' && formatOf(flags) !== 'name';
    const manifests = await selected(s, await readManifests(s, { errors, validated: true }));
    if (manifests.length === 0 && errors.length === 0) throw new CommandError('no objects passed to apply');
    const shown: Thing[] = [];
    const visited = new Set<string>();
    for (const m of manifests)
      try {
        const { object, did } = await (serverSide ? onServer(s, m) : onClient(s, m));
        if (object.metadata.uid) visited.add(object.metadata.uid);
        if (object.metadata.deletionTimestamp && did !== 'created')
          s.io.err(`Warning: Detected changes to resource ${object.metadata.name} which is currently being deleted.\n`);
        if (whole) shown.push(object);
        else answer(m.mapping, object, did);
      } catch (e) {
        errors.push(e);
      }
    throwAll(errors);
    if (printer && shown.length)
      s.io.out(printer(shown.length === 1 ? shown[0] : { ...(listOf(shown) as object), metadata: {} }));
    if (flags.bool('prune')) await prune(s, manifests, visited, propagationOf(flags.text('cascade', 'background')));
  },
};

async function selected(s: Session, all: readonly Manifest[]): Promise<readonly Manifest[]> {
  const selector = s.flags.text('selector');
  if (!selector) return all;
  const { parseLabelSelector } = await import('../../machinery/label-selector.ts');
  const wanted = parseLabelSelector(selector);
  return all.filter((m) => wanted.matches(m.object.metadata.labels ?? {}));
}

function checkTogether(s: Session, serverSide: boolean, dry: string): void {
  const { flags } = s;
  const refuse = (message: string) => {
    throw new CommandError(message);
  };
  const force = flags.bool('force');
  if (flags.bool('force-conflicts') && !serverSide) refuse('--force-conflicts only works with --server-side');
  if (dry === 'client' && serverSide)
    refuse("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)");
  if (serverSide && force) refuse('--force cannot be used with --server-side');
  if (dry === 'server' && force) refuse('--dry-run=server cannot be used with --force');
  const [all, selector] = [flags.bool('all'), flags.text('selector')];
  if (all && selector) refuse('cannot set --all and --selector at the same time');
  if (flags.bool('prune')) {
    if (force) refuse('--force cannot be used with --prune');
    if (!all && !selector)
      refuse(
        'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
      );
    if (serverSide) refuse("--prune is in alpha and doesn't currently work on objects created by server-side apply");
  }
  if (flags.text('subresource') && !serverSide) refuse('--subresource can only be specified for --server-side');
}

/** The propagation of a deletion, from --cascade. @throws CommandError */
export function propagationOf(cascade: string): string {
  switch (cascade) {
    case 'background':
      return 'Background';
    case 'foreground':
      return 'Foreground';
    case 'orphan':
      return 'Orphan';
    default:
      throw new CommandError(`invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`);
  }
}

interface Applied {
  readonly object: Thing;
  readonly did: string;
}

/** `fieldValidation` of a request, from --validate. @throws CommandError */
export function validation(s: Session): string {
  const v = s.flags.text('validate') ?? 'strict';
  switch (v.toLowerCase()) {
    case 'strict':
    case 'true':
      return 'Strict';
    case 'warn':
      return 'Warn';
    case 'ignore':
    case 'false':
      return 'Ignore';
    default:
      throw new CommandError(
        `invalid - validate option ${JSON.stringify(v)}; must be one of: strict (or true), warn, ignore (or false)`,
      );
  }
}

async function onServer(s: Session, m: Manifest): Promise<Applied> {
  const manager = s.flags.text('field-manager') || 'kubectl';
  const generated = m.object.metadata.generateName;
  if (!m.name && generated) throw new CommandError(`from ${generated}: cannot use generate name with apply`);
  const send = () =>
    s.api.json<Thing>('PATCH', pathOf(m.mapping, m.namespace, m.name, s.flags.text('subresource')), {
      body: m.object,
      contentType: 'application/apply-patch+yaml',
      query: {
        fieldManager: manager,
        force: s.flags.bool('force-conflicts') ? 'true' : 'false',
        fieldValidation: validation(s),
        dryRun: dryRunOf(s.flags) === 'server' ? 'All' : undefined,
      },
    });
  const object = await send().catch((e: unknown) => {
    if (e instanceof StatusError && e.reason === 'Conflict')
      throw new CommandError(
        `${e.message}\nPlease review the fields above--they currently have other managers. Here\nare the ways you can resolve this warning:\n* If you intend to manage all of these fields, please re-run the apply\n  command with the \`--force-conflicts\` flag.\n* If you do not intend to manage all of the fields, please edit your\n  manifest to remove references to the fields that should keep their\n  current managers.\n* You may co-own fields by updating your manifest to match the existing\n  value; in this case, you'll become the manager if the other manager(s)\n  stop managing the field (remove it from their configuration).\nSee https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`,
      );
    throw e;
  });
  return { object: await migrate(s, m, object, manager, send), did: 'serverside-applied' };
}

/** The configuration with itself, as text, in the annotation. */
export function withLastApplied(object: Thing): Thing {
  const bare = drop(object, annotation);
  const text = `${sortedJson({ ...bare, metadata: { ...bare.metadata, annotations: bare.metadata.annotations ?? {} } })}\n`;
  return put(bare, annotation, text);
}

const withoutNulls = <T>(v: T): T =>
  (Array.isArray(v)
    ? v.map(withoutNulls)
    : isMap(v)
      ? Object.fromEntries(
          Object.entries(v)
            .filter(([, x]) => x !== null)
            .map(([k, x]) => [k, withoutNulls(x)]),
        )
      : v) as T;

/** The schema of a kind that this program knows; other kinds have JSON merge patches. */
export async function schemaOf(m: Mapping) {
  const { resources } = await import('../../api/resources.ts');
  return resources.find((r) => r.group === m.group && r.version === m.version && r.kind === m.kind)?.schema;
}

/** The patch of a client-side apply; `{}` when there is nothing to do. */
export async function applyPatch(
  m: Pick<Manifest, 'mapping'>,
  modified: Thing,
  current: Thing,
  overwrite = true,
): Promise<{ readonly patch: Json; readonly type: string; onto(object: Thing): Thing }> {
  const text = current.metadata.annotations?.[lastApplied];
  const original = (text ? JSON.parse(text) : {}) as Json;
  const schema = await schemaOf(m.mapping);
  if (!schema) {
    const patch = createThreeWayJsonMergePatch(original, modified, current);
    return {
      patch,
      type: 'application/merge-patch+json',
      onto: (o) => jsonMergePatch(o as unknown as Json, patch) as Thing,
    };
  }
  const patch = createThreeWayMergePatch(schema, original, modified, current);
  if (!overwrite && text !== undefined) {
    const changed = createTwoWayMergePatch(schema, original, current);
    if (conflicting(patch, changed))
      throw new CommandError(
        `creating patch with:\noriginal:\n${text}\nmodified:\n${sortedJson(modified)}\ncurrent:\n${sortedJson(current)}\nfor: patch:\n${blockText(patch)}\nconflicts with changes made from original to current:\n${blockText(changed)}\n`,
      );
  }
  return {
    patch,
    type: 'application/strategic-merge-patch+json',
    onto: (o) => strategicMergePatch(schema, o as unknown as Json, patch) as Thing,
  };
}

const blockText = (v: unknown): string => sortedJson(v, 2);

/** Do two patches set one field to different values? */
function conflicting(a: unknown, b: unknown): boolean {
  if (isMap(a) && isMap(b)) return Object.keys(a).some((k) => k in b && !k.startsWith('$') && conflicting(a[k], b[k]));
  if (Array.isArray(a) && Array.isArray(b)) return sortedJson(a) !== sortedJson(b);
  return a !== b;
}

async function onClient(s: Session, m: Manifest): Promise<Applied> {
  const dry = dryRunOf(s.flags);
  const path = pathOf(m.mapping, m.namespace, m.name);
  const fieldManager = s.flags.text('field-manager') || 'kubectl-client-side-apply';
  const query = { fieldManager, fieldValidation: validation(s), dryRun: dry === 'server' ? 'All' : undefined };
  const generated = m.object.metadata.generateName;
  if (!m.name && generated) throw new CommandError(`from ${generated}: cannot use generate name with apply`);
  const modified = withLastApplied(m.object);
  const info = infoText(m);
  const read = () =>
    s.api.json<Thing>('GET', path).catch((e: unknown) => {
      if (e instanceof StatusError && e.code === 404) return undefined;
      throw withSource(`retrieving current configuration of:\n${info}\nfrom server for:`, m.source, e);
    });
  if (!m.name)
    throw withSource(
      `retrieving current configuration of:\n${info}\nfrom server for:`,
      m.source,
      new CommandError('resource name may not be empty'),
    );
  let current = await read();
  const create = (o: Thing) => s.api.json<Thing>('POST', pathOf(m.mapping, m.namespace), { body: o, query });
  if (!current) {
    const made = withoutNulls(modified);
    if (dry === 'client') return { object: made, did: 'created' };
    const object = await create(made).catch((e: unknown) => {
      throw withSource('creating', m.source, e);
    });
    return { object, did: 'created' };
  }
  if (current.metadata.annotations?.[lastApplied] === undefined)
    s.io.err(
      `Warning: resource ${m.mapping.plural}/${m.name} is missing the ${lastApplied} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`,
    );
  let patch: Json = {};
  const failed = (e: unknown) => withSource(`applying patch:\n${sortedJson(patch)}\nto:\n${info}\nfor:`, m.source, e);
  for (let attempt = 0; ; attempt++)
    try {
      const p = await applyPatch(m, modified, current, s.flags.bool('overwrite', true));
      patch = p.patch;
      if (Object.keys(patch).length === 0) return { object: current, did: 'unchanged' };
      if (dry === 'client') return { object: p.onto(current), did: 'configured' };
      const object = await s.api.json<Thing>('PATCH', path, { body: patch, contentType: p.type, query });
      return { object, did: 'configured' };
    } catch (e) {
      if (!(e instanceof StatusError)) throw failed(e);
      if (e.reason === 'Conflict' && attempt < maxConflicts) {
        if (attempt > triesBeforePause) await s.io.clock.sleep(pauseMs, s.io.signal);
        current = (await read()) ?? current;
        continue;
      }
      if ((e.reason === 'Conflict' || e.reason === 'Invalid') && s.flags.bool('force'))
        return { object: await replaceIt(s, m, current, withoutNulls(modified), create), did: 'configured' };
      throw failed(withSource('patching', m.source, e));
    }
}

/** `--force`: deleted, waited for and made anew; what was there comes back when that fails. */
async function replaceIt(
  s: Session,
  m: Manifest,
  before: Thing,
  after: Thing,
  create: (o: Thing) => Promise<Thing>,
): Promise<Thing> {
  const { watchUntil } = await import('../waiting.ts');
  const grace = s.flags.int('grace-period') ?? -1;
  await s.api.json('DELETE', pathOf(m.mapping, m.namespace, m.name), {
    body: {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: propagationOf(s.flags.text('cascade', 'background')),
      ...(grace >= 0 && { gracePeriodSeconds: grace }),
    },
  });
  await watchUntil(
    s,
    m.mapping,
    m.namespace,
    m.name,
    (o) => (!o || o.metadata.uid !== before.metadata.uid ? true : undefined),
    s.flags.duration('timeout') || undefined,
  );
  try {
    return await create(after);
  } catch (e) {
    await create(drop(drop(before, ['metadata', 'resourceVersion']), ['metadata', 'uid']));
    throw e;
  }
}

/** How messages name an object of a file. */
export function infoText(m: Pick<Manifest, 'mapping' | 'name' | 'namespace'>): string {
  const { group, version, plural, kind } = m.mapping;
  const prefix = `${group ? `${group}/` : '/'}${version}`;
  return `Resource: ${JSON.stringify(`${prefix}, Resource=${plural}`)}, GroupVersionKind: ${JSON.stringify(`${prefix}, Kind=${kind}`)}\nName: ${JSON.stringify(m.name)}, Namespace: ${JSON.stringify(m.namespace ?? '')}`;
}
