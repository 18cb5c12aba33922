/** `--overrides` of `run` and `expose`: a patch of the object that flags made (upstream: cmd/util/override_options.go). */
import { jsonMergePatch, jsonPatch, strategicMergePatch } from '../../schema/merge/index.ts';
import { parseYaml } from '../../schema/yaml.ts';
import { CommandError } from '../failure.ts';
import type { Mapping } from '../mapper.ts';
import type { Session } from '../session.ts';
import { isMap, type Json, type Thing } from '../thing.ts';
import { schemaOf } from './apply.ts';

/** @throws CommandError when the patch cannot be read or does not fit */
export async function overridden(s: Session, mapping: Mapping, object: Thing): Promise<Thing> {
  const given = s.flags.text('overrides');
  const type = s.flags.text('override-type') || 'merge';
  if (!given) return object;
  let patch: unknown;
  try {
    [patch] = parseYaml(given);
  } catch {
    throw new CommandError('Invalid JSON Patch');
  }
  if (type === 'json') {
    if (!Array.isArray(patch)) throw new CommandError('Invalid JSON Patch');
    return jsonPatch(object, patch) as Thing;
  }
  if (!isMap(patch)) throw new CommandError('Invalid JSON Patch');
  const schema = type === 'strategic' ? await schemaOf(mapping) : undefined;
  if (type !== 'merge' && type !== 'strategic') throw new CommandError(`invalid override type: ${type}`);
  return (
    schema
      ? strategicMergePatch(schema, object as unknown as Json, patch)
      : jsonMergePatch(object as unknown as Json, patch)
  ) as Thing;
}
