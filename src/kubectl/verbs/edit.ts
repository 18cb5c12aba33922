/** `kubectl edit`, `create --edit` and `apply edit-last-applied`: objects in the user's editor (upstream: kubectl/pkg/cmd/util/editor). */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StatusError } from '../../machinery/status-error.ts';
import { createJsonMergePatch, createTwoWayMergePatch } from '../../schema/merge/index.ts';
import { parseYaml, toYaml } from '../../schema/yaml.ts';
import { CommandError, QuietExit } from '../failure.ts';
import { bool, text } from '../flags.ts';
import { readManifests } from '../manifest.ts';
import { pathOf } from '../mapper.ts';
import { createAnswer, formatOf, withoutManagedFields } from '../print/output.ts';
import { fileFlags, outputFlags, type Session } from '../session.ts';
import { type Found, findObjects } from '../targets.ts';
import { drop, isMap, put, sortedJson, type Thing } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { lastApplied, schemaOf, validation, withLastApplied } from './apply.ts';
import { send } from './send.ts';

const editFlags = {
  ...fileFlags,
  ...outputFlags,
  'field-manager': text('Name of the manager used to track field ownership.'),
  validate: text('Must be one of: strict (or true), warn, ignore (or false).', undefined, 'strict'),
  'windows-line-endings': bool('Defaults to the line ending native to your platform.'),
};

export const edit: Verb = {
  usage: 'edit (RESOURCE/NAME | -f FILENAME)',
  summary: 'Edit a resource on the server',
  flags: {
    ...editFlags,
    'output-patch': bool('Output the patch if the resource is edited.'),
    'save-config': bool('If true, the configuration of current object will be saved in its annotation.'),
    subresource: text('If specified, edit will operate on the subresource of the requested object.'),
  },
  async run(s) {
    validation(s);
    const found = await findObjects(s, { needsNames: true, subresource: s.flags.text('subresource') });
    if (found.length === 0) throw new CommandError('edit cancelled, no objects found');
    await session(s, found, async (before, after) => patchOne(s, before, after));
  },
};

/** `create --edit`: each object is edited before it is made. */
export async function editAndCreate(s: Session): Promise<void> {
  const answer = createAnswer(s);
  for (const m of await readManifests(s, { validated: true }))
    await session(
      s,
      [m],
      async (f, after) => {
        answer(f.mapping, await send(s, f.mapping, f.namespace, after), 'created');
        return undefined;
      },
      true,
    );
}

export const editLastApplied: Verb = {
  usage: 'apply edit-last-applied (RESOURCE/NAME | -f FILENAME)',
  summary: 'Edit latest last-applied-configuration annotations of a resource/object',
  flags: editFlags,
  async run(s) {
    validation(s);
    const found = await findObjects(s, { needsNames: true });
    const annotated = found.flatMap((f) => {
      const text = f.object.metadata.annotations?.[lastApplied];
      return text === undefined ? [] : [{ ...f, object: JSON.parse(text) as Thing }];
    });
    if (annotated.length === 0)
      throw new CommandError(
        'no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`',
      );
    const answer = createAnswer(s);
    await session(s, annotated, async (f, after) => {
      await s.api.json('PATCH', pathOf(f.mapping, f.namespace, f.name), {
        body: { metadata: { annotations: { [lastApplied]: `${sortedJson(after)}\n` } } },
        contentType: 'application/merge-patch+json',
        query: { fieldManager: s.flags.text('field-manager') || 'kubectl-client-side-apply' },
      });
      answer(f.mapping, after, 'edited');
      return undefined;
    });
  },
};

/** Something to do again in the editor: the words go to the head of the file. */
interface Again {
  readonly reason: string;
}

/** Sends what was changed of one object; what the server finds invalid is edited again. */
async function patchOne(s: Session, f: Found, after: Thing): Promise<Again | undefined> {
  const answer = createAnswer(s);
  const before = withoutManagedFields(f.object) as Thing;
  if (sortedJson(before) === sortedJson(after)) {
    answer(f.mapping, after, 'skipped');
    return undefined;
  }
  if (after.kind !== f.object.kind || after.apiVersion !== f.object.apiVersion || after.metadata.name !== f.name)
    throw new CommandError('At least one of apiVersion, kind and name was changed');
  const wanted = s.flags.bool('save-config') ? withLastApplied(drop(after, ['metadata', 'managedFields'])) : after;
  const schema = await schemaOf(f.mapping);
  const patch = schema ? createTwoWayMergePatch(schema, before, wanted) : createJsonMergePatch(before, wanted);
  if (s.flags.bool('output-patch')) s.io.out(`Patch: ${sortedJson(patch)}\n`);
  try {
    const sent = await s.api.json<Thing>('PATCH', pathOf(f.mapping, f.namespace, f.name, s.flags.text('subresource')), {
      body: patch,
      contentType: schema ? 'application/strategic-merge-patch+json' : 'application/merge-patch+json',
      query: { fieldManager: s.flags.text('field-manager') || 'kubectl-edit', fieldValidation: validation(s) },
    });
    answer(f.mapping, sent, 'edited');
    return undefined;
  } catch (e) {
    if (!(e instanceof StatusError)) throw e;
    const { failureText } = await import('../failure.ts');
    const name = `${f.mapping.plural} ${JSON.stringify(f.name)}`;
    if (e.reason === 'Invalid') {
      const causes = e.status.details?.causes ?? [];
      s.io.err(`error: ${name} is invalid\n`);
      return {
        reason: [`${name} was not valid:`, ...causes.map((c) => `* ${c.field}: ${c.message}`)]
          .map((l) => `# ${l}\n`)
          .join(''),
      };
    }
    if (e.reason === 'NotFound') {
      s.io.err(`error: ${name} could not be found on the server\n`);
      throw new Kept('gone');
    }
    s.io.err(`error: ${name} could not be patched: ${e.message}\n`);
    void failureText;
    throw new Kept('again');
  }
}

/** The edited file stays for the user: to be sent again, or because its object is gone. */
class Kept extends Error {
  readonly why: 'again' | 'gone';
  constructor(why: 'again' | 'gone') {
    super(why);
    this.why = why;
  }
}

const head =
  "# Please edit the object below. Lines beginning with a '#' will be ignored,\n# and an empty file will abort the edit. If an error occurs while saving this file will be\n# reopened with the relevant failures.\n#\n";
const withoutComments = (t: string): string =>
  t
    .split('\n')
    .filter((l) => !l.trimStart().startsWith('#'))
    .join('\n');
/** The same whatever the comments and the way it is written. */
const content = (t: string): string => {
  try {
    return sortedJson(parseYaml(withoutComments(t)));
  } catch {
    return withoutComments(t).trim();
  }
};

async function session(
  s: Session,
  found: readonly Found[],
  change: (f: Found, after: Thing) => Promise<Again | undefined>,
  creating = false,
): Promise<void> {
  const json = formatOf(s.flags) === 'json';
  const shown = found.map((f) => withoutManagedFields(f.object) as Thing);
  const whole = shown.length === 1 ? shown[0]! : { apiVersion: 'v1', items: shown, kind: 'List', metadata: {} };
  const original = json ? `${sortedJson(whole, 4)}\n` : toYaml(whole);
  const ending = (t: string) => (s.flags.bool('windows-line-endings') ? t.replace(/\r?\n/g, '\r\n') : t);
  const directory = mkdtempSync(join(tmpdir(), 'kubectl-edit-'));
  const file = join(directory, `kubectl-edit.${json ? 'json' : 'yaml'}`);
  let body = original;
  let reasons = '';
  let keep = false;
  const preserved = (message: string): CommandError => {
    keep = true;
    s.io.err(`A copy of your changes has been stored to ${JSON.stringify(file)}\n`);
    return new CommandError(message);
  };
  try {
    for (;;) {
      writeFileSync(file, ending((json ? '' : head + (reasons ? `${reasons}#\n` : '')) + body), { mode: 0o600 });
      openEditor(s, file);
      const edited = readFileSync(file, 'utf8').replace(/\r\n/g, '\n');
      if (reasons && content(edited) === content(body)) throw preserved('Edit cancelled, no valid changes were saved.');
      if (!reasons && !creating && content(edited) === content(original)) {
        s.io.err('Edit cancelled, no changes made.\n');
        return;
      }
      if (creating && content(edited) === content(original)) {
        s.io.err('Edit cancelled, no changes made.\n');
        return;
      }
      if (withoutComments(edited).trim() === '') {
        s.io.err('Edit cancelled, saved file was empty.\n');
        return;
      }
      body = withoutComments(edited);
      reasons = '';
      let objects: readonly Thing[];
      try {
        objects = parseYaml(body).flatMap((d) => {
          if (!isMap(d)) throw new Error('the edited file is no object');
          return d['kind'] === 'List' && Array.isArray(d['items']) ? (d['items'] as Thing[]) : [d as unknown as Thing];
        });
      } catch (e) {
        reasons = `# The edited file had a syntax error: error parsing edited-file: ${(e as Error).message}\n`;
        continue;
      }
      for (const after of objects) {
        const f = found.find((x) => creating || x.object.metadata.uid === after.metadata?.uid) ?? undefined;
        if (!f) throw preserved(`no original object found for ${sortedJson(after)}`);
        if (f.namespace && after.metadata.namespace && after.metadata.namespace !== f.namespace)
          throw preserved(
            `the namespace from the provided object ${JSON.stringify(after.metadata.namespace)} does not match the namespace ${JSON.stringify(f.namespace)}. You must pass '--namespace=${after.metadata.namespace}' to perform this operation.`,
          );
        try {
          const again = await change(
            f,
            creating && f.namespace ? put(after, ['metadata', 'namespace'], f.namespace) : after,
          );
          if (again) reasons += again.reason;
        } catch (e) {
          keep = true;
          if (!(e instanceof Kept)) throw preserved((e as Error).message);
          s.io.err(
            e.why === 'again'
              ? `You can run \`kubectl replace -f ${file}\` to try this update again.\n`
              : `The edits you made on deleted resources have been saved to ${JSON.stringify(file)}\n`,
          );
          throw new QuietExit(1);
        }
      }
      if (!reasons) return;
    }
  } finally {
    if (!keep) rmSync(directory, { recursive: true, force: true });
  }
}

/** $KUBE_EDITOR, $EDITOR or vi, through a shell, as upstream has it. */
function openEditor(s: Session, file: string): void {
  const editor = s.io.env['KUBE_EDITOR'] || s.io.env['EDITOR'] || 'vi';
  const r = spawnSync(s.io.env['SHELL'] || '/bin/bash', ['-c', `${editor} "${file}"`], { stdio: 'inherit' });
  if (r.error) throw new CommandError(`unable to launch the editor ${JSON.stringify(editor)}: ${r.error.message}`);
  if (r.status !== 0) throw new CommandError(`there was a problem with the editor ${JSON.stringify(editor)}`);
}
