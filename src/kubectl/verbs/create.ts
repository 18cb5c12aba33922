/** `kubectl create`: objects from files, or one made from flags (upstream: kubectl/pkg/cmd/create/create.go). */
import { StatusError } from '../../machinery/status-error.ts';
import { CommandError, throwAll, UsageError, withSource } from '../failure.ts';
import { array, bool, duration, type FlagSpecs, text } from '../flags.ts';
import { readManifests, requireFiles } from '../manifest.ts';
import { pathOf } from '../mapper.ts';
import { createAnswer, dryRunOf, formatOf, printerOf } from '../print/output.ts';
import { dryRunFlag, fileFlags, outputFlags, type Session } from '../session.ts';
import { put, textAt, type Thing } from '../thing.ts';
import type { Verb, VerbRow } from '../verb.ts';
import { validation } from './apply.ts';
import { type Generator, generators, secrets, services } from './generators.ts';
import { sendRaw } from './raw.ts';
import { send } from './send.ts';

export const createFlags: FlagSpecs = {
  ...outputFlags,
  ...dryRunFlag,
  'field-manager': text('Name of the manager used to track field ownership.'),
  'save-config': bool('If true, the configuration of current object will be saved in its annotation.'),
  validate: text('Must be one of: strict (or true), warn, ignore (or false).', undefined, 'strict'),
};

export const create: Verb = {
  usage: 'create -f FILENAME',
  summary: 'Create a resource from a file or from stdin',
  flags: {
    ...fileFlags,
    ...createFlags,
    edit: bool('Edit the API resource before creating'),
    'windows-line-endings': bool('Only relevant if --edit=true. Defaults to the line ending native to your platform.'),
    raw: text('Raw URI to POST to the server.  Uses the transport specified by the kubeconfig file.'),
    selector: text('Selector (label query) to filter on.', 'l'),
  },
  async run(s) {
    const { flags } = s;
    if (flags.args.length) throw new UsageError(`Unexpected args: [${flags.args.join(' ')}]`);
    requireFiles(s);
    if (flags.text('raw')) return sendRaw(s, 'POST', ['edit', 'selector']);
    if (flags.bool('edit')) {
      const { editAndCreate } = await import('./edit.ts');
      return editAndCreate(s);
    }
    flags.bool('windows-line-endings');
    validation(s);
    const answer = createAnswer(s);
    const errors: unknown[] = [];
    const selector = flags.text('selector');
    const { parseLabelSelector } = await import('../../machinery/label-selector.ts');
    const wanted = selector ? parseLabelSelector(selector) : undefined;
    let count = 0;
    for (const m of await readManifests(s, { errors, validated: true })) {
      if (wanted && !wanted.matches(m.object.metadata.labels ?? {})) continue;
      try {
        const sent = await send(s, m.mapping, m.namespace, m.object);
        count++;
        answer(m.mapping, sent, 'created');
      } catch (e) {
        errors.push(withSource('creating', m.source, e));
      }
    }
    throwAll(errors);
    if (count === 0) throw new CommandError('no objects passed to create');
  },
};

/** @throws CommandError naming all that are missing */
export function requireFlags(s: Session, names: readonly string[]): void {
  const missing = names.filter((n) => !s.flags.has(n));
  if (missing.length)
    throw new CommandError(`required flag(s) ${missing.map((n) => JSON.stringify(n)).join(', ')} not set`);
}

function fromFlags(g: Generator): Verb {
  return {
    usage: g.usage,
    summary: g.summary,
    flags: { ...createFlags, ...g.flags },
    async run(s) {
      requireFlags(s, g.required ?? []);
      // The words of a command come after `--`: the name is before it.
      const names = s.flags.rest && s.flags.before.length ? s.flags.before : s.flags.args;
      const [name, ...more] = names;
      if (!name || more.length || (s.flags.rest && s.flags.before.length === 0))
        throw new UsageError(
          `exactly one NAME is required, got ${s.flags.before.length ? names.length : s.flags.args.length}`,
        );
      dryRunOf(s.flags);
      const answer = createAnswer(s);
      validation(s);
      const made = { apiVersion: g.apiVersion, kind: g.kind, ...(await g.make(s.flags, name, s)) } as Thing;
      const mapping = (await s.mapper()).byKind(g.apiVersion, g.kind);
      if (!mapping) throw new CommandError(`no matches for kind "${g.kind}" in version "${g.apiVersion}"`);
      const namespace = mapping.namespaced ? s.namespace : undefined;
      const object = namespace && s.namespaceGiven ? put(made, ['metadata', 'namespace'], namespace) : made;
      answer(
        mapping,
        await send(s, mapping, namespace, object).catch((e: unknown) => {
          if (g.failed && e instanceof StatusError) throw new CommandError(g.failed + e.message);
          throw e;
        }),
        'created',
      );
    },
  };
}

const boundKinds: Readonly<Record<string, string>> = { Node: 'v1', Pod: 'v1', Secret: 'v1' };

const token: Verb = {
  usage: 'create token SERVICE_ACCOUNT_NAME',
  summary: 'Request a service account token',
  flags: {
    ...outputFlags,
    audience: array('Audience of the requested token.'),
    duration: duration('Requested lifetime of the issued token.'),
    'bound-object-kind': text('Kind of an object to bind the token to.'),
    'bound-object-name': text('Name of an object to bind the token to.'),
    'bound-object-uid': text('UID of an object to bind the token to.'),
  },
  async run(s) {
    const { flags } = s;
    const [name, ...more] = flags.args;
    if (!name || more.length) throw new UsageError(`exactly one NAME is required, got ${flags.args.length}`);
    const printer = printerOf(flags);
    const ms = flags.duration('duration') ?? 0;
    const audiences = flags.list('audience');
    const [kind, object, uid] = ['kind', 'name', 'uid'].map((n) => flags.text(`bound-object-${n}`, ''));
    const refuse = (message: string) => {
      throw new CommandError(message);
    };
    if (ms < 0) refuse('--duration must be greater than or equal to 0');
    if (ms % 1000 !== 0) refuse('--duration cannot be expressed in units less than seconds');
    if (audiences.includes('')) refuse('--audience must not be an empty string');
    if (!kind) {
      if (object) refuse('--bound-object-name can only be set if --bound-object-kind is provided');
      if (uid) refuse('--bound-object-uid can only be set if --bound-object-kind is provided');
    } else {
      if (!boundKinds[kind])
        refuse(`supported --bound-object-kind values are ${Object.keys(boundKinds).sort().join(', ')}`);
      if (!object) refuse('--bound-object-name is required if --bound-object-kind is provided');
    }
    const mapping = (await s.mapper()).byName('serviceaccounts');
    const answer = await s.api
      .json<Thing>('POST', pathOf(mapping, s.namespace, name, 'token'), {
        body: {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenRequest',
          spec: {
            audiences: audiences.length ? audiences : null,
            ...(ms > 0 && { expirationSeconds: ms / 1000 }),
            ...(kind && {
              boundObjectRef: { apiVersion: boundKinds[kind], kind, name: object, ...(uid && { uid }) },
            }),
          },
        },
      })
      .catch((e: unknown) => {
        throw e instanceof StatusError ? new CommandError(`failed to create token: ${e.message}`) : e;
      });
    if (printer) s.io.out(printer(answer));
    else if (formatOf(flags) === 'name')
      createAnswer(s)({ ...mapping, kind: 'TokenRequest', group: 'authentication.k8s.io' }, answer, '');
    else s.io.out(`${textAt(answer, 'status', 'token')}${s.io.terminal ? '\n' : ''}`);
  },
};

const row = (g: Generator): VerbRow => ({
  name: g.name,
  summary: g.summary,
  load: async () => fromFlags(g),
  ...(g.aliases && { aliases: g.aliases }),
});

/** Verbs below `create`; `create` alone reads files. */
export const createRows: readonly VerbRow[] = [
  ...generators.map(row),
  { name: 'token', summary: token.summary, load: async () => token },
  { name: 'secret', summary: 'Create a secret using a specified subcommand', verbs: secrets.map(row) },
  {
    name: 'service',
    aliases: ['svc'],
    summary: 'Create a service using a specified subcommand',
    verbs: services.map(row),
  },
];
