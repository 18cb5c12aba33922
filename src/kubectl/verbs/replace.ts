/** `kubectl replace`: objects put in the place of others, or with --force deleted and made anew (upstream: kubectl/pkg/cmd/replace). */
import { StatusError } from '../../machinery/status-error.ts';
import { CommandError, throwAll, UsageError, withSource } from '../failure.ts';
import { bool, duration, int, text } from '../flags.ts';
import { readManifests, requireFiles } from '../manifest.ts';
import { kindText, pathOf } from '../mapper.ts';
import { createAnswer, dryRunOf, formatOf } from '../print/output.ts';
import { dryRunFlag, fileFlags, outputFlags } from '../session.ts';
import type { Thing } from '../thing.ts';
import { put } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { watchUntil } from '../waiting.ts';
import { lastApplied, propagationOf, validation, withLastApplied } from './apply.ts';
import { sendRaw } from './raw.ts';

export const replace: Verb = {
  usage: 'replace -f FILENAME',
  summary: 'Replace a resource by file name or stdin',
  flags: {
    ...fileFlags,
    ...outputFlags,
    ...dryRunFlag,
    'field-manager': text('Name of the manager used to track field ownership.'),
    'save-config': bool('If true, the configuration of current object will be saved in its annotation.'),
    validate: text('Must be one of: strict (or true), warn, ignore (or false).', undefined, 'strict'),
    raw: text('Raw URI to PUT to the server.  Uses the transport specified by the kubeconfig file.'),
    subresource: text('If specified, replace will operate on the subresource of the requested object.'),
    force: bool('If true, immediately remove resources from API and bypass graceful deletion.'),
    'grace-period': int('Period of time in seconds given to the resource to terminate gracefully.'),
    timeout: duration('The length of time to wait before giving up on a delete'),
    wait: bool('If true, wait for resources to be gone before returning.'),
    cascade: text('Must be "background", "orphan", or "foreground".', undefined, 'background'),
  },
  async run(s) {
    const { flags } = s;
    const dry = dryRunOf(flags);
    const answer = createAnswer(s);
    const force = flags.bool('force');
    const grace = flags.int('grace-period') ?? -1;
    const timeout = flags.duration('timeout') ?? 0;
    const propagationPolicy = propagationOf(flags.text('cascade', 'background'));
    // What is replaced with --force is always waited for.
    flags.bool('wait');
    if (grace >= 0 && !force) throw new CommandError('--grace-period must have --force specified');
    if (timeout !== 0 && !force) throw new CommandError('--timeout must have --force specified');
    requireFiles(s);
    if (flags.text('raw')) return sendRaw(s, 'PUT', []);
    if (flags.args.length) throw new UsageError(`Unexpected args: [${flags.args.join(' ')}]`);
    validation(s);
    const errors: unknown[] = [];
    const subresource = flags.text('subresource');
    const manifests = await readManifests(s, { errors, validated: true });
    const query = {
      fieldManager: flags.text('field-manager') || 'kubectl-replace',
      fieldValidation: validation(s),
      dryRun: dry === 'server' ? 'All' : undefined,
    };
    if (force) {
      if (dry !== 'none') throw new CommandError(`--dry-run=${dry} can not be used when --force is set`);
      for (const m of manifests)
        try {
          await s.api.json('DELETE', pathOf(m.mapping, m.namespace, m.name), {
            body: {
              apiVersion: 'v1',
              kind: 'DeleteOptions',
              propagationPolicy,
              ...(grace >= 0 && { gracePeriodSeconds: grace }),
            },
          });
          s.io.out(
            formatOf(flags) === 'name'
              ? `${kindText(m.mapping)}/${m.name}\n`
              : `${kindText(m.mapping)} ${JSON.stringify(m.name)} ${grace === 0 ? 'force deleted' : 'deleted'}${m.namespace ? ` from ${m.namespace} namespace` : ''}\n`,
          );
          await watchUntil(s, m.mapping, m.namespace, m.name, (o) => (o ? undefined : true), timeout || undefined);
        } catch (e) {
          if (!(e instanceof StatusError && e.code === 404)) throw e;
        }
      for (const m of manifests) {
        const body = flags.bool('save-config') ? withLastApplied(m.object) : m.object;
        const made = await s.api.json<Thing>('POST', pathOf(m.mapping, m.namespace), { body, query });
        answer(m.mapping, made, 'replaced');
      }
      throwAll(errors);
      return;
    }
    for (const m of manifests)
      try {
        // An object that was applied stays one: its annotation is that of what is sent.
        const keeps = flags.bool('save-config') || m.object.metadata.annotations?.[lastApplied] !== undefined;
        const object = keeps ? withLastApplied(m.object) : m.object;
        if (dry === 'client') {
          answer(m.mapping, object, 'replaced');
          continue;
        }
        const path = pathOf(m.mapping, m.namespace, m.name, subresource);
        let body = object;
        if (!body.metadata.resourceVersion) {
          const live = await s.api.json<Thing>('GET', path);
          body = put(body, ['metadata', 'resourceVersion'], live.metadata.resourceVersion);
        }
        answer(m.mapping, await s.api.json<Thing>('PUT', path, { body, query }), 'replaced');
      } catch (e) {
        errors.push(withSource('replacing', m.source, e));
      }
    throwAll(errors);
  },
};
