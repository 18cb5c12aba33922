/** Kubernetes' protobuf envelope (`k8s\0` and a runtime.Unknown) around the bodies of requests and answers. */
import { Status as StatusSchema } from '../../api/meta/v1/types.ts';
import { unsupportedMediaType, type StatusError } from '../../machinery/status-error.ts';
import type { AnyStruct } from '../../schema/dsl.ts';

export const protobufServed = false;
export { StatusSchema };

export function decodeProtobuf(
  _body: Buffer,
  _schema: AnyStruct | 'DeleteOptions',
  _refuse: (why: string) => StatusError,
): unknown {
  throw unsupportedMediaType(
    'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml',
  );
}
