/** `kubectl wait`: for a condition, a JSONPath's value, creation or deletion. */
import { CommandError, throwAll } from '../failure.ts';
import { bool, duration, list } from '../flags.ts';
import { compileExpression } from '../print/jsonpath.ts';
import { createAnswer } from '../print/output.ts';
import { outputFlags, fileFlags, selectorFlags } from '../session.ts';
import { findObjects } from '../targets.ts';
import { listAt, numberAt, textAt, type Thing } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { TimedOut, watchUntil } from '../waiting.ts';

type Test = (o: Thing | undefined) => boolean;

/** `condition=Ready`, `condition=Ready=False`, `jsonpath={.status.phase}=Running`, `delete`. @throws CommandError */
export function parseCondition(spec: string): { readonly is: 'delete' | 'create' | 'state'; readonly test: Test } {
  const lower = spec.toLowerCase();
  if (lower === 'delete') return { is: 'delete', test: (o) => o === undefined };
  if (lower === 'create') return { is: 'create', test: (o) => o !== undefined };
  if (lower.startsWith('condition=')) {
    const [name = '', value = 'true'] = spec.slice('condition='.length).split('=');
    return {
      is: 'state',
      test: (o) =>
        listAt(o, 'status', 'conditions').some((c) => {
          if (textAt(c, 'type').toLowerCase() !== name.toLowerCase()) return false;
          const generation = numberAt(o, 'metadata', 'generation');
          const seen = numberAt(c, 'observedGeneration') || numberAt(o, 'status', 'observedGeneration');
          if (seen > 0 && seen < generation) return false;
          return textAt(c, 'status').toLowerCase() === value.toLowerCase();
        }),
    };
  }
  if (lower.startsWith('jsonpath=')) {
    const rest = spec.slice('jsonpath='.length);
    const m = /^(\{.*\}|[^=]+)(?:=(.*))?$/s.exec(rest.replace(/^['"](.*)['"]$/s, '$1'));
    if (m?.[2] === '')
      throw new CommandError(
        "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
      );
    if (!m || !/^\{?\.?[^{}]+\}?$/.test(m[1]!) || m[1]!.includes('{') !== m[1]!.includes('}'))
      throw new CommandError(
        "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
      );
    const read = compileExpression(m[1]!);
    const wanted = m[2]?.replace(/^["'](.*)["']$/s, '$1');
    return {
      is: 'state',
      test: (o) => {
        const values = o === undefined ? [] : read(o);
        return wanted === undefined ? values.length > 0 : values.length === 1 && String(values[0]) === wanted;
      },
    };
  }
  throw new CommandError(`unrecognized condition: "${spec}"`);
}

export const wait: Verb = {
  usage:
    "wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
  summary: 'Wait for a specific condition on one or many resources',
  flags: {
    ...fileFlags,
    ...selectorFlags,
    ...outputFlags,
    for: { ...list('The condition to wait on.'), type: 'array' },
    local: bool('If true, the condition is looked for in the files alone.'),
    timeout: duration('The length of time to wait before giving up.'),
  },
  async run(s) {
    const given = s.flags.list('for');
    if (given.length === 0) throw new CommandError('unrecognized condition: ""');
    const conditions = given.map(parseCondition);
    const asked = s.flags.duration('timeout') ?? 30_000;
    const timeout = asked < 0 ? 7 * 24 * 3600_000 : asked;
    const { clock, signal } = s.io;
    const end = clock.monotonic() + timeout;
    const errors: unknown[] = [];
    const gone = conditions.some((c) => c.is === 'delete');
    let found = await findObjects(s, { errors, ignoreNotFound: gone, needsNames: true });
    while (conditions.some((c) => c.is === 'create') && found.length === 0 && clock.monotonic() < end) {
      await clock.sleep(500, signal);
      errors.length = 0;
      found = await findObjects(s, { errors, needsNames: true });
    }
    if (conditions.some((c) => c.is === 'create') && found.length === 0 && errors.length)
      throw new CommandError('timed out waiting for the condition');
    throwAll(errors);
    if (found.length === 0 && !gone) throw new CommandError('no matching resources found');
    const answer = createAnswer(s);
    for (const f of found)
      try {
        let seen = f.object;
        for (const c of conditions)
          if (timeout === 0 || s.flags.bool('local')) {
            // Asked once: what is so now.
            if (!c.test(f.object)) throw new TimedOut();
          } else
            await watchUntil(
              s,
              f.mapping,
              f.namespace,
              f.name,
              (o) => {
                seen = o ?? seen;
                if (c.test(o) || (c.is === 'delete' && o?.metadata.uid !== f.object.metadata.uid)) return true;
                if (o === undefined && c.is === 'state')
                  throw new CommandError(
                    `${f.mapping.plural}${f.mapping.group ? `.${f.mapping.group}` : ''} "${f.name}" not found`,
                  );
                return undefined;
              },
              Math.max(0, end - clock.monotonic()),
            );
        answer(f.mapping, seen, 'condition met');
      } catch (e) {
        errors.push(
          e instanceof TimedOut && timeout === 0
            ? new CommandError(`condition not met for ${f.mapping.plural}/${f.name}`)
            : e instanceof TimedOut
              ? new CommandError(`timed out waiting for the condition on ${f.mapping.plural}/${f.name}`)
              : e,
        );
      }
    throwAll(errors);
  },
};
