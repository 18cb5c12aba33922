/** `kubectl describe`: objects as text for people, with their events. */
import { StatusError } from '../../machinery/status-error.ts';
import { describers, generic } from '../describe/kinds.ts';
import { CommandError, throwAll } from '../failure.ts';
import { bool, int } from '../flags.ts';
import { pathOf } from '../mapper.ts';
import { fileFlags, selectorFlags, type Session } from '../session.ts';
import { type Found, findObjects, parseTargets } from '../targets.ts';
import type { Thing, ThingList } from '../thing.ts';
import type { Verb } from '../verb.ts';

const mirror = 'kubernetes.io/config.mirror';
/** Kinds that upstream describes without events. */
const quiet = new Set(['Secret', 'Namespace']);

export const describe: Verb = {
  usage: 'describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)',
  summary: 'Show details of a specific resource or group of resources',
  flags: {
    ...fileFlags,
    ...selectorFlags,
    'show-events': bool('If true, display events related to the described object.'),
    'chunk-size': int('Return large lists in chunks rather than all at once.'),
  },
  async run(s) {
    if (s.flags.args.length === 0 && !s.flags.list('filename').length && !s.flags.text('kustomize'))
      throw new CommandError(
        'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.',
      );
    const errors: unknown[] = [];
    let found = await findObjects(s, { errors, chunk: s.flags.int('chunk-size') ?? 500 });
    const byPrefix = errors.length === 1 && found.length === 0 ? await startingWith(s, errors[0]) : [];
    if (byPrefix.length) {
      found = byPrefix;
      errors.length = 0;
    }
    let first = true;
    for (const f of found) {
      const around = { s, now: s.io.clock.now(), events: await eventsOf(s, f) };
      const out = await (describers[`${f.mapping.group}/${f.mapping.kind}`] ?? generic)(f.object, around);
      s.io.out(first ? out : `\n\n${out}`);
      first = false;
    }
    if (found.length === 0 && errors.length === 0)
      s.io.err(
        s.flags.bool('all-namespaces') ? 'No resources found\n' : `No resources found in ${s.namespace} namespace.\n`,
      );
    throwAll(errors);
  },
};

/** `describe pod web` also means the pods whose names begin with `web`, when there is none of that name. */
async function startingWith(s: Session, error: unknown): Promise<readonly Found[]> {
  if (!(error instanceof StatusError) || error.code !== 404 || s.flags.list('filename').length) return [];
  const [t, ...more] = parseTargets(await s.mapper(), s.flags.args);
  if (!t?.name || more.length) return [];
  const all = await findObjects(s, {
    args: [t.mapping.group ? `${t.mapping.plural}.${t.mapping.group}` : t.mapping.plural],
  });
  return all.filter((f) => f.name.startsWith(t.name!));
}

async function eventsOf(s: Session, f: Found): Promise<readonly Thing[] | undefined> {
  if (!s.flags.bool('show-events', true) || quiet.has(f.mapping.kind)) return undefined;
  const { metadata } = f.object;
  const pod = f.mapping.kind === 'Pod' && f.mapping.group === '';
  const uid = f.mapping.kind === 'Node' ? metadata.name : (metadata.annotations?.[mirror] ?? metadata.uid);
  const selector = [
    `involvedObject.name=${metadata.name}`,
    ...(f.namespace ? [`involvedObject.namespace=${f.namespace}`] : []),
    ...(pod ? [] : [`involvedObject.kind=${f.mapping.kind}`]),
    ...(f.mapping.kind === 'Node' ? [] : [`involvedObject.uid=${uid}`]),
  ];
  const mapping = (await s.mapper()).byName('events');
  try {
    const list = await s.api.json<ThingList>('GET', pathOf(mapping, f.namespace), {
      query: { fieldSelector: selector.join(','), limit: 500 },
    });
    return list.items;
  } catch {
    // Who may not read events still sees the object.
    return undefined;
  }
}
