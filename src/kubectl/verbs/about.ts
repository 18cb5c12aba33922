/** Verbs about the server and the client's own configuration: api-resources, api-versions, version, cluster-info, config, auth, events. */
import { readFileSync, writeFileSync } from 'node:fs';
import { humanDuration } from '../../api/human-duration.ts';
import { kubeconfigFiles } from '../../client/index.ts';
import { toYaml, parseYaml } from '../../schema/yaml.ts';
import { CommandError, QuietExit, UsageError } from '../failure.ts';
import { bool, list, text } from '../flags.ts';
import { apiVersionOf, pathOf } from '../mapper.ts';
import { printerOf } from '../print/output.ts';
import { alignTabs, tableTabs } from '../print/tab-writer.ts';
import { outputFlags, selectorFlags, type Session } from '../session.ts';
import { at, isMap, listAt, textAt, type Thing, type ThingList } from '../thing.ts';
import type { Verb, VerbRow } from '../verb.ts';

const table = (rows: readonly (readonly string[])[]): string =>
  alignTabs(rows.map((r) => `${r.join('\t')}\n`).join(''), tableTabs);

export const apiResources: Verb = {
  usage: 'api-resources [flags]',
  summary: 'Print the supported API resources on the server',
  flags: {
    output: text('Output format. One of: (wide, name).', 'o'),
    'no-headers': bool("When using the default or custom-column output format, don't print headers."),
    namespaced: bool(
      'If false, non-namespaced resources will be returned, otherwise returning namespaced resources by default.',
    ),
    'api-group': text('Limit to resources in the specified API group.'),
    verbs: list('Limit to resources that support the specified verbs.'),
    categories: list('Limit to resources that belong to the specified categories.'),
    'sort-by': text('If non-empty, sort list of resources using specified field (name or kind).'),
    cached: bool('Use the cached list of resources if available.'),
  },
  async run(s) {
    const seen = new Set<string>();
    const { flags } = s;
    const by = flags.text('sort-by');
    const all = (await s.mapper()).all
      .filter((m) => {
        const id = `${m.group}/${m.plural}`;
        if (seen.has(id)) return false;
        seen.add(id);
        return (
          (!flags.has('namespaced') || m.namespaced === flags.bool('namespaced')) &&
          (!flags.has('api-group') || m.group === flags.text('api-group')) &&
          flags.list('verbs').every((v) => m.verbs.includes(v)) &&
          flags.list('categories').every((c) => m.categories.includes(c))
        );
      })
      .map((m) => ({ m, key: by === 'kind' ? m.kind : by === 'name' ? m.plural : '' }))
      .sort((a, b) =>
        by
          ? a.key.localeCompare(b.key)
          : a.m.group < b.m.group
            ? -1
            : a.m.group > b.m.group
              ? 1
              : a.m.plural < b.m.plural
                ? -1
                : 1,
      )
      .map((x) => x.m);
    if (flags.text('output') === 'name') {
      s.io.out(all.map((m) => `${m.plural}${m.group ? `.${m.group}` : ''}\n`).join(''));
      return;
    }
    const wide = flags.text('output') === 'wide';
    const rows = all.map((m) => [
      m.plural,
      m.shortNames.join(','),
      apiVersionOf(m),
      String(m.namespaced),
      m.kind,
      ...(wide ? [[...m.verbs].sort().join(','), m.categories.join(',')] : []),
    ]);
    const head = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', ...(wide ? ['VERBS', 'CATEGORIES'] : [])];
    s.io.out(table(flags.bool('no-headers') ? rows : [head, ...rows]));
  },
};

export const apiVersions: Verb = {
  usage: 'api-versions',
  summary: 'Print the supported API versions on the server, in the form of "group/version"',
  flags: {},
  async run(s) {
    const all = new Set((await s.mapper()).all.map(apiVersionOf));
    s.io.out(
      [...all]
        .sort()
        .map((v) => `${v}\n`)
        .join(''),
    );
  },
};

const clientVersion = {
  buildDate: '1970-01-01T00:00:00Z',
  compiler: 'node',
  gitCommit: '',
  gitTreeState: 'clean',
  gitVersion: 'v1.36.3',
  goVersion: process.version,
  major: '1',
  minor: '36',
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
};

export const version: Verb = {
  usage: 'version [--client] [-o json|yaml]',
  summary: 'Print the client and server version information',
  flags: {
    client: bool('If true, shows client version only (no server required).'),
    output: text("One of 'yaml' or 'json'.", 'o'),
  },
  async run(s) {
    const output = s.flags.text('output');
    if (output && output !== 'yaml' && output !== 'json') throw new CommandError("--output must be 'yaml' or 'json'");
    let server: unknown;
    let failure: unknown;
    if (!s.flags.bool('client'))
      try {
        server = await s.api.json('GET', '/version');
      } catch (e) {
        failure = e;
      }
    const info = { clientVersion, ...(server !== undefined && { serverVersion: server }) };
    s.io.out(
      output === 'json'
        ? `${JSON.stringify(info, null, 2)}\n`
        : output === 'yaml'
          ? toYaml(info)
          : `Client Version: ${clientVersion.gitVersion}\n${server === undefined ? '' : `Server Version: ${textAt(server, 'gitVersion')}\n`}`,
    );
    if (failure) throw failure;
  },
};

export const clusterInfo: Verb = {
  usage: 'cluster-info',
  summary: 'Display cluster information',
  flags: {},
  async run(s) {
    const { server } = s.connection.transport;
    const services = await s.api.json<ThingList>('GET', '/api/v1/namespaces/kube-system/services', {
      query: { labelSelector: 'kubernetes.io/cluster-service=true' },
    });
    const color = s.io.terminal !== undefined;
    const paint = (code: string, t: string) => (color ? `\u001b[${code}m${t}\u001b[0m` : t);
    const say = (name: string, url: string) => s.io.out(`${paint('0;32', name)} is running at ${paint('0;33', url)}\n`);
    say('Kubernetes control plane', server);
    for (const svc of services.items) {
      const ports = listAt(svc, 'spec', 'ports');
      const first = textAt(ports[0], 'name');
      const name = svc.metadata.labels?.['kubernetes.io/name'] ?? svc.metadata.name ?? '';
      say(
        name,
        `${server}/api/v1/namespaces/${svc.metadata.namespace}/services/${svc.metadata.name}${first ? `:${first}` : ''}/proxy`,
      );
    }
    s.io.out("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n");
  },
};

/** The kubeconfig that `config` verbs write: the one given, or the first of the list. */
function configFile(s: Session): { readonly path: string; readonly doc: Record<string, unknown> } {
  const path = kubeconfigFiles(s.flags.text('kubeconfig'))[0]!;
  return { path, doc: parsedFile(path) };
}
function parsedFile(path: string): Record<string, unknown> {
  const [doc] = parseYaml(readText(path));
  return isMap(doc) ? { ...doc } : {};
}
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const configView: Verb = {
  usage: 'config view [flags]',
  summary: 'Display merged kubeconfig settings or a specified kubeconfig file',
  flags: {
    ...outputFlags,
    raw: bool('Display raw byte data and sensitive data'),
    minify: bool('Remove all information not used by current-context from the output'),
    flatten: bool('Flatten the resulting kubeconfig file into self-contained output'),
  },
  async run(s) {
    const hide = !s.flags.bool('raw') && !s.flags.bool('flatten');
    const c = s.config;
    const only = s.flags.bool('minify') ? c.contexts.get(s.flags.text('context') ?? c.currentContext) : undefined;
    const secret: Readonly<Record<string, string>> = {
      'certificate-authority-data': 'DATA+OMITTED',
      'client-certificate-data': 'DATA+OMITTED',
      'client-key-data': 'DATA+OMITTED',
      token: 'REDACTED',
      password: 'REDACTED',
    };
    const clean = (o: object) =>
      Object.fromEntries(Object.entries(o).map(([k, v]) => [k, hide && secret[k] ? secret[k] : v]));
    const section = (m: ReadonlyMap<string, object>, field: string, one?: string) =>
      [...m]
        .filter(([n]) => !only || n === one)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, v]) => ({ [field]: clean(v), name }));
    const view = {
      apiVersion: 'v1',
      clusters: section(c.clusters, 'cluster', only?.cluster),
      contexts: section(c.contexts, 'context', c.currentContext),
      'current-context': c.currentContext,
      kind: 'Config',
      users: section(c.users, 'user', only?.user),
    };
    const printer = printerOf(s.flags);
    s.io.out(printer ? printer(view) : toYaml(view));
  },
};

const currentContext: Verb = {
  usage: 'config current-context',
  summary: 'Display the current-context',
  flags: {},
  async run(s) {
    if (!s.config.currentContext) throw new CommandError('current-context is not set');
    s.io.out(`${s.config.currentContext}\n`);
  },
};

const useContext: Verb = {
  usage: 'config use-context CONTEXT_NAME',
  summary: 'Set the current-context in a kubeconfig file',
  flags: {},
  async run(s) {
    const [name] = s.flags.args;
    if (!name) throw new UsageError('Unexpected args: []');
    if (!s.config.contexts.has(name)) throw new CommandError(`no context exists with the name: "${name}"`);
    const { path, doc } = configFile(s);
    writeFileSync(path, toYaml({ ...doc, 'current-context': name }), { mode: 0o600 });
    s.io.out(`Switched to context "${name}".\n`);
  },
};

const getContexts: Verb = {
  usage: 'config get-contexts [NAME...]',
  summary: 'Describe one or many contexts',
  flags: { output: text('Output format. One of: (name).', 'o'), 'no-headers': bool("Don't print headers.") },
  async run(s) {
    const { contexts, currentContext: current } = s.config;
    const names = s.flags.args.length ? s.flags.args : [...contexts.keys()].sort();
    for (const n of names) if (!contexts.has(n)) throw new CommandError(`context ${n} not found`);
    if (s.flags.text('output') === 'name') {
      s.io.out(names.map((n) => `${n}\n`).join(''));
      return;
    }
    const rows = names.map((n) => {
      const c = contexts.get(n)!;
      return [n === current ? '*' : '', n, c.cluster ?? '', c.user ?? '', c.namespace ?? ''];
    });
    s.io.out(
      table(s.flags.bool('no-headers') ? rows : [['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'], ...rows]),
    );
  },
};

const setContext: Verb = {
  usage:
    'config set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]',
  summary: 'Set a context entry in kubeconfig',
  flags: { current: bool('Modify the current context') },
  async run(s) {
    const { path, doc } = configFile(s);
    const name = s.flags.bool('current') ? textAt(doc, 'current-context') : s.flags.args[0];
    if (!name) throw new CommandError('you must specify a non-empty context name or --current');
    const all = listAt(doc, 'contexts').filter(isMap);
    const before = all.find((c) => c['name'] === name);
    const changes = Object.fromEntries(
      ['cluster', 'user', 'namespace'].flatMap((k) => (s.flags.has(k) ? [[k, s.flags.text(k)]] : [])),
    );
    const after = { context: { ...((before?.['context'] ?? {}) as object), ...changes }, name };
    const contexts = before ? all.map((c) => (c === before ? after : c)) : [...all, after];
    writeFileSync(path, toYaml({ ...doc, apiVersion: 'v1', kind: 'Config', contexts }), { mode: 0o600 });
    s.io.out(`Context "${name}" ${before ? 'modified' : 'created'}.\n`);
  },
};

const rows = (verbs: Readonly<Record<string, Verb>>): readonly VerbRow[] =>
  Object.entries(verbs).map(([name, verb]) => ({ name, summary: verb.summary, load: async () => verb }));

export const configRows = rows({
  'current-context': currentContext,
  'get-contexts': getContexts,
  'set-context': setContext,
  'use-context': useContext,
  view: configView,
});

const canI: Verb = {
  usage: 'auth can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]',
  summary: 'Check whether an action is allowed',
  flags: {
    'all-namespaces': bool('Check the specified action in all namespaces.', 'A'),
    quiet: bool('Suppress output, the exit code says it.', 'q'),
    subresource: text('SubResource such as pod/log or deployment/scale'),
  },
  async run(s) {
    const [verb, what, name] = s.flags.args;
    if (!verb || !what)
      throw new UsageError('you must specify two arguments: verb resource or verb resource/resourceName.');
    let spec: object;
    if (what.startsWith('/')) spec = { nonResourceAttributes: { path: what, verb } };
    else {
      const [type = '', slash] = what.split('/');
      const word = type.split('.')[0] ?? type;
      const known =
        type === '*'
          ? undefined
          : (await s.mapper()).all.find((m) =>
              [m.plural, m.singular, m.kind.toLowerCase(), ...m.shortNames].includes(word.toLowerCase()),
            );
      if (!known && type !== '*') s.io.err(`Warning: the server doesn't have a resource type '${type}'\n`);
      if (known && !known.namespaced)
        s.io.err(
          `Warning: resource '${known.plural}' is not namespace scoped${known.group ? ` in group '${known.group}'` : ''}\n\n`,
        );
      spec = {
        resourceAttributes: {
          ...(!s.flags.bool('all-namespaces') && (known?.namespaced ?? true) && { namespace: s.namespace }),
          verb,
          group: type === '*' ? '*' : (known?.group ?? ''),
          resource: known?.plural ?? type,
          subresource: s.flags.text('subresource', ''),
          name: slash ?? name ?? '',
        },
      };
    }
    const answer = await s.api.json<Thing>('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec },
    });
    const allowed = at(answer, 'status', 'allowed') === true;
    const reason = textAt(answer, 'status', 'reason');
    if (!s.flags.bool('quiet')) s.io.out(`${allowed ? 'yes' : `no${reason ? ` - ${reason}` : ''}`}\n`);
    if (!allowed) throw new QuietExit(1);
  },
};

const whoami: Verb = {
  usage: 'auth whoami',
  summary: 'Experimental: Check self subject attributes',
  flags: outputFlags,
  async run(s) {
    const answer = await s.api.json<Thing>('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    });
    const printer = printerOf(s.flags);
    if (printer) {
      s.io.out(printer(answer));
      return;
    }
    const user = at(answer, 'status', 'userInfo');
    const extra = at(user, 'extra');
    const lines: string[][] = [['ATTRIBUTE', 'VALUE']];
    if (textAt(user, 'username')) lines.push(['Username', textAt(user, 'username')]);
    if (textAt(user, 'uid')) lines.push(['UID', textAt(user, 'uid')]);
    if (listAt(user, 'groups').length) lines.push(['Groups', `[${listAt(user, 'groups').join(' ')}]`]);
    if (isMap(extra))
      for (const k of Object.keys(extra).sort()) lines.push([`Extra: ${k}`, `[${listAt(extra, k).join(' ')}]`]);
    s.io.out(table(lines));
  },
};
export const authRows = rows({ 'can-i': canI, whoami });

export const events: Verb = {
  usage: 'events [(-o|--output=)json|yaml] [--for TYPE/NAME] [--types=type]',
  summary: 'List events',
  flags: {
    ...outputFlags,
    ...selectorFlags,
    for: text('Filter events to only those pertaining to the specified resource.'),
    types: list('Output only events of given types.'),
    'no-headers': bool("Don't print headers."),
  },
  async run(s) {
    const everywhere = s.flags.bool('all-namespaces');
    const mapper = await s.mapper();
    const found = await s.api.json<ThingList>(
      'GET',
      pathOf(mapper.byName('events'), everywhere ? undefined : s.namespace),
      { query: { limit: 500 } },
    );
    const [type, name] = s.flags.text('for', '').split('/');
    const kind = type ? mapper.byName(type).kind : undefined;
    const types = s.flags.list('types').map((t) => t.toLowerCase());
    const now = s.io.clock.now();
    const when = (e: Thing) =>
      textAt(e, 'series', 'lastObservedTime') || textAt(e, 'lastTimestamp') || textAt(e, 'eventTime');
    const items = found.items
      .filter(
        (e) =>
          (!kind || (textAt(e, 'involvedObject', 'kind') === kind && textAt(e, 'involvedObject', 'name') === name)) &&
          (types.length === 0 || types.includes(textAt(e, 'type').toLowerCase())),
      )
      .sort((a, b) => Date.parse(when(a)) - Date.parse(when(b)));
    const printer = printerOf(s.flags);
    if (printer) {
      s.io.out(printer({ apiVersion: 'v1', kind: 'EventList', metadata: found.metadata, items }));
      return;
    }
    if (items.length === 0) {
      s.io.err(everywhere ? 'No events found.\n' : `No events found in ${s.namespace} namespace.\n`);
      return;
    }
    const lines = items.map((e) => [
      ...(everywhere ? [e.metadata.namespace ?? ''] : []),
      eventAge(e, now),
      textAt(e, 'type'),
      textAt(e, 'reason'),
      `${textAt(e, 'involvedObject', 'kind')}/${textAt(e, 'involvedObject', 'name')}`,
      textAt(e, 'message').trim(),
    ]);
    const head = [...(everywhere ? ['NAMESPACE'] : []), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'];
    s.io.out(table(s.flags.bool('no-headers') ? lines : [head, ...lines]));
  },
};

/** `5m`, or `10s (x3 over 5m)` for an event seen several times. */
export function eventAge(e: Thing, now: number): string {
  const ago = (t: string) => (t ? humanDuration(now - Date.parse(t)) : '<unknown>');
  const first = ago(textAt(e, 'eventTime') || textAt(e, 'firstTimestamp'));
  const series = at(e, 'series');
  if (isMap(series)) return `${ago(textAt(series, 'lastObservedTime'))} (x${textAt(series, 'count')} over ${first})`;
  const count = Number(e['count'] ?? 0);
  return count > 1 ? `${ago(textAt(e, 'lastTimestamp'))} (x${count} over ${first})` : first;
}

export const options: Verb = {
  usage: 'options',
  summary: 'Print the list of flags inherited by all commands',
  flags: {},
  async run() {},
};
