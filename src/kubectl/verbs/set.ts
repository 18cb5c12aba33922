/** `kubectl set image|env|resources|selector|serviceaccount|subject`: features of objects there are (upstream: kubectl/pkg/cmd/set). */
import { parseLabelSelector } from '../../machinery/label-selector.ts';
import { CommandError, Failures } from '../failure.ts';
import { array, bool, list, text } from '../flags.ts';
import { pathOf } from '../mapper.ts';
import { createAnswer, dryRunOf, formatOf, printerOf } from '../print/output.ts';
import { dryRunFlag, fileFlags, outputFlags, selectorFlags, type Session } from '../session.ts';
import { type Found, findObjects } from '../targets.ts';
import { at, isMap, type Json, listAt, put, textAt, type Thing } from '../thing.ts';
import type { Verb, VerbRow } from '../verb.ts';
import { podSpecPath, sendDifference } from './change.ts';
import { resourceList } from './generators.ts';

const common = {
  ...fileFlags,
  ...outputFlags,
  ...dryRunFlag,
  'field-manager': text('Name of the manager used to track field ownership.'),
  all: selectorFlags['all']!,
  local: bool('If true, set will NOT contact api-server but run locally.'),
};
const selector = { selector: selectorFlags['selector']! };

const hasFiles = (s: Session): boolean => s.flags.list('filename').length > 0 || Boolean(s.flags.text('kustomize'));

function refuseServerLocally(s: Session): void {
  if (s.flags.bool('local') && dryRunOf(s.flags) === 'server')
    throw new CommandError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
}

const objects = (s: Session, args: readonly string[], errors: unknown[]): Promise<readonly Found[]> =>
  findObjects(s, { args, needsNames: true, errors, asInFile: s.flags.bool('local') });

/** Go's name of the kind, for an object that has no pod template. */
const noTemplate = (f: Found): CommandError =>
  new CommandError(
    `${f.mapping.plural}/${f.name} the object is not a pod or does not have a pod template: *${f.mapping.version}.${f.mapping.kind}`,
  );

/** Changes every object and says what was done; an object that comes out the same is passed over. */
async function change(
  s: Session,
  found: readonly Found[],
  errors: unknown[],
  did: string,
  failed: string,
  to: (f: Found) => Thing | Promise<Thing>,
  always = false,
): Promise<void> {
  const answer = createAnswer(s);
  const manager = s.flags.text('field-manager') || 'kubectl-set';
  for (const f of found)
    try {
      const after = await to(f);
      const same = JSON.stringify(after) === JSON.stringify(f.object);
      if (same && always) answer(f.mapping, after, did);
      if (same) continue;
      const sent = s.flags.bool('local')
        ? after
        : await sendDifference(s, f, after, manager).catch((e: unknown) => {
            throw new CommandError(`${failed}${(e as Error).message}`);
          });
      if (sent) answer(f.mapping, sent, did);
    } catch (e) {
      errors.push(e);
    }
  if (errors.length === 1 && errors[0] instanceof CommandError) throw errors[0];
  if (errors.length) throw new Failures(errors);
}

const podSpec = (f: Found): Json => {
  const spec = at(f.object, ...podSpecPath(f.mapping.kind));
  if (!isMap(spec) || !('containers' in spec)) throw noTemplate(f);
  return spec;
};

/** `web*` against a name. */
const globMatches = (pattern: string, name: string): boolean =>
  pattern === '*' ||
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(name);

const image: Verb = {
  usage:
    'set image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N',
  summary: 'Update the image of a pod template',
  flags: { ...common, ...selector },
  async run(s) {
    const { flags } = s;
    printerOf(flags);
    const changes = new Map<string, string>();
    const at0 = flags.args.findIndex((a) => a.includes('='));
    const resources = at0 < 0 ? flags.args : flags.args.slice(0, at0);
    for (const a of at0 < 0 ? [] : flags.args.slice(at0)) {
      const eq = a.indexOf('=');
      if (eq < 1) throw new CommandError(`all resources must be specified before image changes: ${a}`);
      changes.set(a.slice(0, eq), a.slice(eq + 1));
    }
    const errors: unknown[] = [];
    const wrong: string[] = [];
    if (flags.bool('all') && flags.text('selector')) wrong.push('cannot set --all and --selector at the same time');
    if (resources.length === 0 && !hasFiles(s))
      wrong.push('one or more resources must be specified as <resource> <name> or <resource>/<name>');
    if (resources.length === 0 && !hasFiles(s) && !flags.bool('local')) await objects(s, resources, []);
    if (changes.size === 0) wrong.push('at least one image update is required');
    else if (changes.size > 1 && changes.has('*'))
      wrong.push(
        'all containers are already specified by *, but saw more than one container_name=container_image pairs',
      );
    refuseServerLocally(s);
    if (wrong.length === 1) throw new CommandError(wrong[0]!);
    if (wrong.length) throw new Failures(wrong.map((w) => new CommandError(w)));
    await change(
      s,
      await objects(s, resources, errors),
      errors,
      'image updated',
      'failed to patch image update to pod template: ',
      (f) => {
        const spec = podSpec(f);
        let next: Json = spec;
        for (const [name, to] of changes) {
          let hit = false;
          for (const l of ['initContainers', 'containers'] as const) {
            const before = listAt(next, l);
            if (before.length === 0) continue;
            next = {
              ...next,
              [l]: before.map((c) => {
                if (name !== '*' && textAt(c, 'name') !== name) return c;
                hit = true;
                return { ...(c as Json), image: to };
              }),
            };
          }
          if (!hit) throw new CommandError(`unable to find container named ${JSON.stringify(name)}`);
        }
        return put(f.object, podSpecPath(f.mapping.kind), next);
      },
    );
  },
};

/** The containers a pattern means, changed; both lists. */
function eachContainer(
  f: Found,
  pattern: string,
  to: (c: Json) => Json,
): { readonly after: Thing; readonly count: number } {
  let count = 0;
  const spec = podSpec(f);
  let next: Json = spec;
  for (const l of ['containers', 'initContainers']) {
    const before = listAt(spec, l);
    if (before.length === 0) continue;
    next = {
      ...next,
      [l]: before.map((c) => {
        if (!globMatches(pattern, textAt(c, 'name'))) return c;
        count++;
        return to(c as Json);
      }),
    };
  }
  return { after: count ? put(f.object, podSpecPath(f.mapping.kind), next) : f.object, count };
}

const envName = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

/** Where a variable's value is from, in words. */
function referenceText(from: unknown): string {
  const cm = at(from, 'configMapKeyRef');
  const secret = at(from, 'secretKeyRef');
  const field = at(from, 'fieldRef');
  if (cm) return `configmap ${textAt(cm, 'name')}, key ${textAt(cm, 'key')}`;
  if (secret) return `secret ${textAt(secret, 'name')}, key ${textAt(secret, 'key')}`;
  if (field) return `field path ${textAt(field, 'fieldPath')}`;
  if (at(from, 'resourceFieldRef')) {
    const name = textAt(from, 'resourceFieldRef', 'containerName');
    return `resource field ${name ? `${name}/` : ''}${textAt(from, 'resourceFieldRef', 'resource')}`;
  }
  return 'invalid valueFrom';
}

const env: Verb = {
  usage: 'set env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N',
  summary: 'Update environment variables on a pod template',
  flags: {
    ...common,
    ...selector,
    containers: text('The names of containers in the selected pod templates to change', 'c'),
    env: array('Specify a key-value pair for an environment variable to set into each container.', 'e'),
    from: text('The name of a resource from which to inject environment variables'),
    keys: list('Comma-separated list of keys to import from specified resource'),
    list: bool('If true, display the environment and any changes in the standard format.'),
    overwrite: bool(
      'If true, allow environment to be overwritten, otherwise reject updates that overwrite existing environment.',
    ),
    prefix: text('Prefix to append to variable names'),
    resolve: bool('If true, show secret or configmap references when listing variables'),
  },
  async run(s) {
    const { flags } = s;
    const isEnv = (a: string) => a.includes('=') || (a.endsWith('-') && a.length > 1) || a === '-';
    const at0 = flags.args.findIndex(isEnv);
    const resources = at0 < 0 ? flags.args : flags.args.slice(0, at0);
    const changes = at0 < 0 ? [] : flags.args.slice(at0);
    if (flags.bool('all') && flags.text('selector'))
      throw new CommandError('cannot set --all and --selector at the same time');
    if (changes.some((a) => !isEnv(a)))
      throw new CommandError(`all resources must be specified before environment changes: ${flags.args.join(' ')}`);
    printerOf(flags);
    const [showing, from, keys] = [flags.bool('list'), flags.text('from', ''), flags.list('keys')];
    refuseServerLocally(s);
    if (resources.length === 0 && !hasFiles(s))
      throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
    if (showing && formatOf(flags)) throw new CommandError('--list and --output may not be specified together');
    if (keys.length && !from)
      throw new CommandError('when specifying --keys, a configmap or secret must be provided with --from');
    const set: Json[] = [];
    const remove = new Set<string>();
    const take = (a: string) => {
      const eq = a.indexOf('=');
      if (eq >= 0) {
        const name = a.slice(0, eq);
        if (!envName.test(name))
          throw new CommandError(
            `${JSON.stringify(name)} is not a valid key name: a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')`,
          );
        set.push({ name, value: a.slice(eq + 1) });
      } else if (a.endsWith('-')) remove.add(a.slice(0, -1));
      else throw new CommandError(`unknown environment variable: ${a}`);
    };
    for (const a of [...flags.list('env'), ...changes])
      if (a === '-') {
        for await (const c of s.io.stdin)
          for (const l of String(c).split('\n')) if (l.trim() && !l.startsWith('#')) take(l.trim());
      } else take(a);
    const twice = set.find((e) => remove.has(String(e['name'])));
    if (twice) throw new CommandError(`can not both modify and remove an environment variable in the same command`);
    const errors: unknown[] = [];
    if (from)
      for (const f of await findObjects(s, { args: [from], needsNames: true })) set.push(...variablesOf(s, f, keys));
    const prefix = flags.text('prefix', '');
    const wanted = prefix ? set.map((e) => ({ ...e, name: prefix + e['name'] })) : set;
    const pattern = flags.text('containers', '*');
    const found = await objects(s, resources, errors);
    const update = (f: Found): Thing => {
      const { after, count } = eachContainer(f, pattern, (c) => {
        const have = listAt(c, 'env') as readonly Json[];
        if (!flags.bool('overwrite', true)) {
          const clash = wanted.find((e) => have.some((h) => h['name'] === e['name']));
          if (clash)
            throw new CommandError(
              `${f.mapping.plural}/${f.name} '${clash['name']}' already has a value (${textAt(
                have.find((h) => h['name'] === clash['name']),
                'value',
              )}), and --overwrite is false`,
            );
        }
        const next: Json[] = have
          .filter((h) => !remove.has(String(h['name'])))
          .map((h) => wanted.findLast((e) => e['name'] === h['name']) ?? h);
        for (const e of wanted)
          if (!next.some((n) => n['name'] === e['name'])) next.push(wanted.findLast((x) => x['name'] === e['name'])!);
        const { env: _, ...bare } = c;
        return next.length ? { ...c, env: next } : bare;
      });
      if (count === 0)
        s.io.err(
          `Warning: ${f.mapping.kind}/${f.name} does not have any containers matching ${JSON.stringify(pattern)}\n`,
        );
      return after;
    };
    if (showing) {
      for (const f of found) await show(s, f, update(f), pattern);
      if (errors.length) throw new Failures(errors);
      return;
    }
    await change(s, found, errors, 'env updated', 'failed to patch env update to pod template: ', update);
    if (wanted.length === 0 && remove.size === 0 && changes.length > 0)
      throw new CommandError('at least one environment variable must be provided');
  },
};

/** Variables that refer to the keys of a config map or secret. */
function variablesOf(s: Session, f: Found, keys: readonly string[]): Json[] {
  const ref = f.mapping.kind === 'Secret' ? 'secretKeyRef' : f.mapping.kind === 'ConfigMap' ? 'configMapKeyRef' : '';
  if (!ref) throw new CommandError('unsupported resource specified in --from');
  return Object.keys((at(f.object, 'data') ?? {}) as object)
    .filter((k) => keys.length === 0 || keys.includes(k))
    .sort()
    .map((key) => {
      const name = key.replace(/[^a-zA-Z0-9_]/g, '_').toUpperCase();
      if (name !== key) s.io.err(`Warning: key ${key} transferred to ${name}\n`);
      return { name, valueFrom: { [ref]: { key, name: f.name } } };
    });
}

async function show(s: Session, f: Found, after: Thing, pattern: string): Promise<void> {
  let failed = false;
  const mapper = await s.mapper();
  const spec = at(after, ...podSpecPath(f.mapping.kind));
  for (const c of [...listAt(spec, 'containers'), ...listAt(spec, 'initContainers')]) {
    if (!globMatches(pattern, textAt(c, 'name'))) continue;
    s.io.out(`# ${f.mapping.kind} ${f.name}, container ${textAt(c, 'name')}\n`);
    const problems = new Map<string, string[]>();
    for (const e of listAt(c, 'env')) {
      const name = textAt(e, 'name');
      const from = at(e, 'valueFrom');
      if (from === undefined) {
        s.io.out(`${name}=${textAt(e, 'value')}\n`);
        continue;
      }
      let value: string | undefined;
      if (s.flags.bool('resolve'))
        try {
          value = await resolved(s, mapper, f, from);
        } catch (err) {
          const message = (err as Error).message;
          problems.set(message, [...(problems.get(message) ?? []), name]);
          failed = true;
        }
      s.io.out(value === undefined ? `# ${name} from ${referenceText(from)}\n` : `${name}=${value}\n`);
    }
    for (const [why, names] of [...problems].sort())
      s.io.err(`error retrieving reference for ${names.sort().join(', ')}: ${why}\n`);
  }
  if (failed) throw new CommandError('failed to retrieve valueFrom references');
}

async function resolved(
  s: Session,
  mapper: Awaited<ReturnType<Session['mapper']>>,
  f: Found,
  from: unknown,
): Promise<string> {
  for (const [field, plural] of [
    ['configMapKeyRef', 'configmaps'],
    ['secretKeyRef', 'secrets'],
  ] as const) {
    const ref = at(from, field);
    if (ref === undefined) continue;
    const o = await s.api.json<Thing>('GET', pathOf(mapper.byName(plural), f.namespace, textAt(ref, 'name')));
    const value = at(o, 'data', textAt(ref, 'key'));
    if (value === undefined)
      throw new CommandError(
        `key ${textAt(ref, 'key')} not found in ${plural === 'secrets' ? 'secret' : 'config map'} ${textAt(ref, 'name')}`,
      );
    return plural === 'secrets' ? Buffer.from(String(value), 'base64').toString() : String(value);
  }
  const path = textAt(from, 'fieldRef', 'fieldPath');
  if (path) return textAt(f.object, ...path.split('.'));
  throw new CommandError('invalid valueFrom');
}

const resources: Verb = {
  usage: 'set resources (-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]',
  summary: 'Update resource requests/limits on objects with pod templates',
  flags: {
    ...common,
    ...selector,
    containers: text('The names of containers in the selected pod templates to change', 'c'),
    limits: text("The resource requirement requests for this container.  For example, 'cpu=100m,memory=256Mi'."),
    requests: text("The resource requirement requests for this container.  For example, 'cpu=100m,memory=256Mi'."),
  },
  async run(s) {
    const { flags } = s;
    printerOf(flags);
    const errors: unknown[] = [];
    const found = await objects(s, flags.args, errors);
    const [limits, requests] = [flags.text('limits', ''), flags.text('requests', '')];
    if (flags.bool('all') && flags.text('selector'))
      throw new CommandError('cannot set --all and --selector at the same time');
    if (!limits && !requests)
      throw new CommandError('you must specify an update to requests or limits (in the form of --requests/--limits)');
    refuseServerLocally(s);
    const [l, r] = [resourceList(limits), resourceList(requests)];
    const pattern = flags.text('containers', '*');
    await change(
      s,
      found,
      errors,
      'resource requirements updated',
      'failed to patch resources update to pod template ',
      (f) => {
        const { after, count } = eachContainer(f, pattern, (c) => {
          const have = (at(c, 'resources') ?? {}) as Json;
          return {
            ...c,
            resources: {
              ...have,
              ...(l && { limits: { ...(have['limits'] as object | undefined), ...l } }),
              ...(r && { requests: { ...(have['requests'] as object | undefined), ...r } }),
            },
          };
        });
        if (count === 0) throw new CommandError(`unable to find container named ${pattern}`);
        return after;
      },
    );
  },
};

const setSelector: Verb = {
  usage: 'set selector (-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]',
  summary: 'Set the selector on a resource',
  flags: { ...common, 'resource-version': text('Only update the object if it is of this version.') },
  async run(s) {
    const { args } = s.flags;
    printerOf(s.flags);
    refuseServerLocally(s);
    const words = args.at(-1);
    if (words === undefined || (words.includes('/') && !words.includes('=')))
      throw new CommandError('one selector is required');
    const requirements = parseLabelSelector(words).requirements;
    const errors: unknown[] = [];
    const found = await objects(s, args.slice(0, -1), errors);
    const plain = requirements.every((r) => r.operator === '=' || r.operator === '==');
    const version = s.flags.text('resource-version');
    const answer = createAnswer(s);
    for (const f of found)
      try {
        if (f.mapping.kind !== 'Service') throw new CommandError('setting a selector is only supported for Services');
        if (!plain) {
          const odd = requirements.filter((r) => r.operator !== '=' && r.operator !== '==');
          const go: Readonly<Record<string, string>> = {
            exists: 'Exists',
            '!': 'DoesNotExist',
            in: 'In',
            notin: 'NotIn',
            '!=': 'NotIn',
          };
          throw new CommandError(
            `match expression [${odd.map((r) => `{${r.key} ${go[r.operator] ?? r.operator} [${r.values.join(' ')}]}`).join(' ')}] not supported on this object`,
          );
        }
        const after = put(
          f.object,
          ['spec', 'selector'],
          Object.fromEntries(requirements.map((r) => [r.key, r.values[0]])),
        );
        const dry = dryRunOf(s.flags);
        if (s.flags.bool('local') || dry === 'client') {
          answer(f.mapping, after, 'selector updated');
          continue;
        }
        const sent = await s.api.json<Thing>('PATCH', pathOf(f.mapping, f.namespace, f.name), {
          body: {
            spec: { selector: { $patch: 'replace', ...(at(after, 'spec', 'selector') as object) } },
            ...(version && { metadata: { resourceVersion: version } }),
          },
          contentType: 'application/strategic-merge-patch+json',
          query: {
            fieldManager: s.flags.text('field-manager') || 'kubectl-set',
            dryRun: dry === 'server' ? 'All' : undefined,
          },
        });
        answer(f.mapping, sent, 'selector updated');
      } catch (e) {
        errors.push(e);
      }
    if (errors.length === 1) throw errors[0];
    if (errors.length) throw new Failures(errors);
  },
};

const serviceAccount: Verb = {
  usage: 'set serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT',
  summary: 'Update the service account of a resource',
  flags: common,
  async run(s) {
    const { args } = s.flags;
    printerOf(s.flags);
    refuseServerLocally(s);
    const name = args.at(-1);
    if (name === undefined) throw new CommandError('serviceaccount is required');
    const errors: unknown[] = [];
    const found = await objects(s, args.slice(0, -1), errors);
    await change(
      s,
      found,
      errors,
      'serviceaccount updated',
      'failed to patch ServiceAccountName ',
      (f) => {
        podSpec(f);
        return put(
          put(f.object, [...podSpecPath(f.mapping.kind), 'serviceAccountName'], name),
          [...podSpecPath(f.mapping.kind), 'serviceAccount'],
          name,
        );
      },
      true,
    );
  },
};

const rbac = 'rbac.authorization.k8s.io';
const subject: Verb = {
  usage:
    'set subject (-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  summary: 'Update the user, group, or service account in a role binding or cluster role binding',
  flags: {
    ...common,
    ...selector,
    user: array('Usernames to bind to the role'),
    group: array('Groups to bind to the role'),
    serviceaccount: array('Service accounts to bind to the role'),
  },
  async run(s) {
    const { flags } = s;
    printerOf(flags);
    const errors: unknown[] = [];
    const [users, groups, accounts] = ['user', 'group', 'serviceaccount'].map((n) => flags.list(n));
    const found = await objects(s, flags.args, errors);
    if (flags.bool('all') && flags.text('selector'))
      throw new CommandError('cannot set --all and --selector at the same time');
    if (!users!.length && !groups!.length && !accounts!.length && errors.length === 0)
      throw new CommandError('you must specify at least one value of user, group or serviceaccount');
    refuseServerLocally(s);
    const wanted: Json[] = [
      ...users!.map((name) => ({ apiGroup: rbac, kind: 'User', name })),
      ...groups!.map((name) => ({ apiGroup: rbac, kind: 'Group', name })),
      ...accounts!.map((a) => {
        const [namespace, name, more] = a.split(':');
        if (!namespace || !name || more !== undefined)
          throw new CommandError('serviceaccount must be <namespace>:<name>');
        return { kind: 'ServiceAccount', name, namespace };
      }),
    ];
    await change(s, found, errors, 'subjects updated', 'failed to patch subjects to rolebinding: ', (f) => {
      if (f.mapping.kind !== 'RoleBinding' && f.mapping.kind !== 'ClusterRoleBinding')
        throw new CommandError('setting subjects is only supported for RoleBinding/ClusterRoleBinding');
      const have = listAt(f.object, 'subjects');
      const key = (x: unknown) => [textAt(x, 'kind'), textAt(x, 'name'), textAt(x, 'namespace')].join('/');
      const fresh = wanted.filter((w) => !have.some((h) => key(h) === key(w)));
      return fresh.length ? { ...f.object, subjects: [...have, ...fresh] } : f.object;
    });
  },
};

const rows: Readonly<Record<string, Verb>> = {
  env,
  image,
  resources,
  selector: setSelector,
  serviceaccount: serviceAccount,
  subject,
};
const aliases: Readonly<Record<string, readonly string[]>> = { serviceaccount: ['sa'] };
export const setRows: readonly VerbRow[] = Object.entries(rows).map(([name, v]) => ({
  name,
  summary: v.summary,
  load: async () => v,
  ...(aliases[name] && { aliases: aliases[name] }),
}));
