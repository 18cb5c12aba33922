/** `kubectl diff`: what apply would change, shown by diff or by $KUBECTL_EXTERNAL_DIFF (upstream: kubectl/pkg/cmd/diff). */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StatusError } from '../../machinery/status-error.ts';
import { toYaml } from '../../schema/yaml.ts';
import { CommandError, endingWith, QuietExit, UsageError } from '../failure.ts';
import { array, bool, int, text } from '../flags.ts';
import { type Manifest, readManifests, requireFiles } from '../manifest.ts';
import { apiVersionOf, pathOf } from '../mapper.ts';
import { fileFlags, type Session } from '../session.ts';
import { drop, isMap, type Thing, type ThingList } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { applyPatch, lastApplied } from './apply.ts';
import { prunedKinds } from './apply-prune.ts';

const maxRetries = 4;

export const diff: Verb = {
  usage: 'diff -f FILENAME',
  summary: 'Diff the live version against a would-be applied version',
  flags: {
    ...fileFlags,
    concurrency: int('Number of objects to process in parallel when diffing against the live version.'),
    'field-manager': text('Name of the manager used to track field ownership.'),
    'force-conflicts': bool('If true, server-side apply will force the changes against conflicts.'),
    'server-side': bool('If true, apply runs in the server instead of the client.'),
    'show-managed-fields': bool('If true, include managed fields in the diff.'),
    prune: bool('Include resources that would be deleted by pruning.'),
    'prune-allowlist': array('Overwrite the default allowlist with <group/version/kind> for --prune'),
    selector: text('Selector (label query) to filter on.', 'l'),
  },
  async run(s) {
    const { flags } = s;
    const serverSide = flags.bool('server-side');
    // One means that there are differences: what goes wrong is two.
    try {
      requireFiles(s);
      if (flags.args.length) throw new UsageError(`Unexpected args: [${flags.args.join(' ')}]`);
      if (flags.bool('force-conflicts') && !serverSide)
        throw new CommandError('--force-conflicts only works with --server-side');
      flags.int('concurrency');
      return await compare(s, serverSide);
    } catch (e) {
      throw e instanceof QuietExit ? e : endingWith(2, e);
    }
  },
};

async function compare(s: Session, serverSide: boolean): Promise<number> {
  const { flags } = s;
  const [live, merged] = [mkdtempSync(join(tmpdir(), 'LIVE-')), mkdtempSync(join(tmpdir(), 'MERGED-'))];
  try {
    const selector = flags.text('selector');
    const { parseLabelSelector } = await import('../../machinery/label-selector.ts');
    const wanted = selector ? parseLabelSelector(selector) : undefined;
    const seen = new Set<string>();
    const namespaces = new Set<string>();
    for (const m of await readManifests(s)) {
      if (wanted && !wanted.matches(m.object.metadata.labels ?? {})) continue;
      if (m.namespace) namespaces.add(m.namespace);
      const { before, after } = await both(s, m, serverSide);
      if (before?.metadata.uid) seen.add(before.metadata.uid);
      write(s, live, merged, m, before, after);
    }
    if (flags.bool('prune'))
      for (const mapping of prunedKinds(await s.mapper(), flags.list('prune-allowlist')))
        for (const ns of mapping.namespaced ? namespaces : [undefined]) {
          const list = await s.api.json<ThingList>('GET', pathOf(mapping, ns), { query: { labelSelector: selector } });
          for (const o of list.items ?? [])
            if (o.metadata.annotations?.[lastApplied] !== undefined && !seen.has(o.metadata.uid ?? ''))
              write(
                s,
                live,
                merged,
                { mapping, namespace: ns, name: o.metadata.name ?? '' },
                { ...o, apiVersion: apiVersionOf(mapping), kind: mapping.kind },
                undefined,
              );
        }
    return runDiff(s, live, merged);
  } finally {
    for (const d of [live, merged]) rmSync(d, { recursive: true, force: true });
  }
}

/** The object as it is and as it would be. */
async function both(
  s: Session,
  m: Manifest,
  serverSide: boolean,
): Promise<{ readonly before: Thing | undefined; readonly after: Thing }> {
  const path = pathOf(m.mapping, m.namespace, m.name);
  const { flags } = s;
  for (let attempt = 0; ; attempt++) {
    const before = await s.api.json<Thing>('GET', path).catch((e: unknown) => {
      if (e instanceof StatusError && e.code === 404) return undefined;
      throw e;
    });
    try {
      if (serverSide)
        return {
          before,
          after: await s.api.json<Thing>('PATCH', path, {
            body: m.object,
            contentType: 'application/apply-patch+yaml',
            query: {
              dryRun: 'All',
              fieldManager: flags.text('field-manager') || 'kubectl',
              force: flags.bool('force-conflicts') ? 'true' : 'false',
            },
          }),
        };
      const query = { dryRun: 'All', fieldManager: flags.text('field-manager') || 'kubectl-client-side-apply' };
      const modified = m.object;
      if (!before)
        return {
          before,
          after: await s.api.json<Thing>('POST', pathOf(m.mapping, m.namespace), { body: modified, query }),
        };
      const p = await applyPatch(m, modified, before);
      if (Object.keys(p.patch).length === 0) return { before, after: before };
      return { before, after: await s.api.json<Thing>('PATCH', path, { body: p.patch, contentType: p.type, query }) };
    } catch (e) {
      if (!(e instanceof StatusError && e.reason === 'Conflict') || attempt >= maxRetries || serverSide) throw e;
    }
  }
}

/** Secrets differ without being told. */
function masked(o: Thing | undefined, other: Thing | undefined, word: string): Thing | undefined {
  if (o?.kind !== 'Secret' || !isMap(o['data'])) return o;
  const there = isMap(other?.['data']) ? other['data'] : {};
  const data = Object.fromEntries(
    Object.entries(o['data']).map(([k, v]) => [k, there[k] === undefined || there[k] === v ? '***' : `*** (${word})`]),
  );
  const text = o.metadata.annotations?.[lastApplied];
  return {
    ...o,
    data,
    ...(text !== undefined && {
      metadata: { ...o.metadata, annotations: { ...o.metadata.annotations, [lastApplied]: '***' } },
    }),
  };
}

function write(
  s: Session,
  live: string,
  merged: string,
  m: Pick<Manifest, 'mapping' | 'namespace' | 'name'>,
  before: Thing | undefined,
  after: Thing | undefined,
): void {
  const { group, version, kind } = m.mapping;
  const file = [...(group ? [group] : []), version, kind, m.namespace ?? '', m.name].join('.');
  const clean = (o: Thing | undefined) =>
    o && !s.flags.bool('show-managed-fields') ? drop(o, ['metadata', 'managedFields']) : o;
  const [b, a] = [masked(clean(before), after, 'before'), masked(clean(after), before, 'after')];
  writeFileSync(join(live, file), b ? toYaml(b) : '');
  writeFileSync(join(merged, file), a ? toYaml(a) : '');
}

/** The exit code of the program that shows differences: zero when there are none. */
function runDiff(s: Session, live: string, merged: string): number {
  const external = s.io.env['KUBECTL_EXTERNAL_DIFF'];
  const [program = 'diff', ...args] = external
    ? external.split(' ').filter((w) => /^[a-zA-Z0-9\-=/_.]+$/.test(w))
    : ['diff', '-u', '-N'];
  const r = spawnSync(program, [...args, live, merged], { encoding: 'utf8', maxBuffer: 256 << 20 });
  if (r.error)
    throw new CommandError(
      `failed to run ${JSON.stringify(program)}: exec: ${JSON.stringify(program)}: executable file not found in $PATH`,
    );
  s.io.out(r.stdout);
  s.io.err(r.stderr);
  if (r.status !== 0) throw new QuietExit(r.status ?? 2);
  return 0;
}
