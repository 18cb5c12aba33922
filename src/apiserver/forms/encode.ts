/** Objects to bytes in the media type a client accepts: the slow forms. Plain JSON of one stored object never comes here. */
import { notAcceptable, type Status } from '../../machinery/status-error.ts';
import type { AnyStruct } from '../../schema/dsl.ts';
import { toYaml } from '../../schema/yaml.ts';
import type { Entry } from '../cache/index.ts';
import type { Served } from '../engine.ts';
import type { Accepted } from '../negotiate.ts';
import type { ListMeta } from './list.ts';
import { protobufBody, protobufList, type WellKnown } from './protobuf-body.ts';

/** `schema`: what it is in protobuf; undefined = it has no protobuf form. @throws 406 */
export function encodeObject(accepted: Accepted, value: unknown, schema: AnyStruct | WellKnown | undefined): Buffer {
  switch (accepted.type) {
    case 'json':
      return Buffer.from((accepted.pretty ? JSON.stringify(value, null, 2) : JSON.stringify(value)) + '\n');
    case 'yaml':
      return Buffer.from(toYaml(value));
    case 'protobuf':
      if (!schema)
        throw notAcceptable('only the following media types are accepted: application/json, application/yaml');
      return protobufBody(value as object, schema);
    default:
      return accepted.type satisfies never;
  }
}

export const encodeStatus = (accepted: Accepted, status: Status): Buffer =>
  encodeObject(accepted, status.code === 0 ? { ...status, code: undefined } : status, 'Status');

export function encodeObjectList(accepted: Accepted, s: Served, meta: ListMeta, entries: readonly Entry[]): Buffer {
  const kind = `${s.row.kind}List`;
  if (accepted.type === 'protobuf')
    return protobufList(
      s.apiVersion,
      kind,
      s.row.schema,
      meta,
      entries.map((e) => e.object),
    );
  const items = entries.map((e) => {
    const { apiVersion: _1, kind: _2, ...rest } = e.object;
    return rest;
  });
  return encodeObject(accepted, { kind, apiVersion: s.apiVersion, metadata: meta, items }, undefined);
}
