/** `kubectl patch`: a patch as given, on the server or on a file (upstream: kubectl/pkg/cmd/patch). */
import { readFileSync } from 'node:fs';
import { StatusError } from '../../machinery/status-error.ts';
import { jsonMergePatch, jsonPatch, strategicMergePatch } from '../../schema/merge/index.ts';
import { parseYaml } from '../../schema/yaml.ts';
import { CommandError, throwAll } from '../failure.ts';
import { bool, text } from '../flags.ts';
import { type Mapping, pathOf } from '../mapper.ts';
import { createAnswer, dryRunOf } from '../print/output.ts';
import { dryRunFlag, fileFlags, outputFlags } from '../session.ts';
import { findObjects } from '../targets.ts';
import { type Json, sortedJson, type Thing } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { schemaOf } from './apply.ts';

const types: Readonly<Record<string, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

async function patched(m: Mapping, type: string, object: Thing, patch: unknown): Promise<Thing> {
  const o = object as unknown as Json;
  if (type === 'json') return jsonPatch(o, patch) as Thing;
  if (type === 'merge') return jsonMergePatch(o, patch) as Thing;
  const schema = await schemaOf(m);
  if (!schema)
    throw new CommandError(
      `strategic merge patch is not supported for ${m.group}/${m.version}, Kind=${m.kind} locally, try --type merge`,
    );
  return strategicMergePatch(schema, o, patch) as Thing;
}

export const patch: Verb = {
  usage: 'patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
  summary: 'Update fields of a resource',
  flags: {
    ...fileFlags,
    ...outputFlags,
    ...dryRunFlag,
    'field-manager': text('Name of the manager used to track field ownership.'),
    patch: text('The patch to be applied to the resource JSON file.', 'p'),
    'patch-file': text('A file containing a patch to be applied to the resource.'),
    type: text('The type of patch being provided; one of [json merge strategic]'),
    subresource: text('If specified, patch will operate on the subresource of the requested object.'),
    local: bool('If true, patch will operate on the content of the file, not the server-side resource.'),
  },
  async run(s) {
    const { flags } = s;
    const dry = dryRunOf(flags);
    const [given, file, local] = [flags.text('patch', ''), flags.text('patch-file', ''), flags.bool('local')];
    const refuse = (message: string) => {
      throw new CommandError(message);
    };
    if (given && file) refuse('cannot specify --patch and --patch-file together');
    if (!given && !file) refuse('must specify --patch or --patch-file containing the contents of the patch');
    if (local && flags.args.length) refuse('cannot specify --local and server resources');
    if (local && dry === 'server')
      refuse('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
    const type = flags.text('type', 'strategic').toLowerCase();
    const contentType = types[type];
    if (!contentType)
      throw new CommandError(`--type must be one of [json merge strategic], not ${JSON.stringify(flags.text('type'))}`);
    let source = given;
    if (file)
      try {
        source = readFileSync(file, 'utf8');
      } catch {
        refuse(`unable to read patch file: open ${file}: no such file or directory`);
      }
    let body: unknown;
    try {
      [body] = parseYaml(source);
    } catch (e) {
      throw new CommandError(`unable to parse ${JSON.stringify(source)}: ${(e as Error).message}`);
    }
    const answer = createAnswer(s);
    const errors: unknown[] = [];
    const subresource = flags.text('subresource');
    let count = 0;
    for (const f of await findObjects(s, { needsNames: true, errors, asInFile: true, subresource, noSelectors: true }))
      try {
        count++;
        const after =
          local || dry === 'client'
            ? await patched(f.mapping, type, f.object, body)
            : await s.api
                .json<Thing>('PATCH', pathOf(f.mapping, f.namespace, f.name, subresource), {
                  body: typeof body === 'string' ? JSON.stringify(body) : body,
                  contentType,
                  query: {
                    fieldManager: flags.text('field-manager') || 'kubectl-patch',
                    dryRun: dry === 'server' ? 'All' : undefined,
                  },
                })
                .catch((e: unknown) => {
                  if (e instanceof StatusError && e.code === 415)
                    throw new CommandError(
                      `${contentType} is not supported by ${f.mapping.group}/${f.mapping.version}, Kind=${f.mapping.kind}: ${e.message}`,
                    );
                  throw e;
                });
        const same = sortedJson(after) === sortedJson(f.object);
        // What a subresource answers may be of another kind.
        const [group = '', version = ''] = after.apiVersion.includes('/')
          ? after.apiVersion.split('/')
          : ['', after.apiVersion];
        answer(
          after.kind === f.mapping.kind ? f.mapping : { ...f.mapping, group, version, kind: after.kind },
          after,
          same ? 'patched (no change)' : 'patched',
        );
      } catch (e) {
        errors.push(e);
      }
    throwAll(errors);
    if (count === 0) throw new CommandError('no objects passed to patch');
  },
};
