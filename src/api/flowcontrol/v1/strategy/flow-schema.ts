/** How FlowSchemas are written (upstream: flowcontrol/v1/defaults.go). */
import type { Strategy } from '../../../resource-row.ts';
import { clearsStatus } from '../../../status-part.ts';
import { FlowSchema } from '../types.ts';

export const flowSchemaStrategy: Strategy<FlowSchema> = {
  ...clearsStatus(FlowSchema),
  defaults: (f) => (f.spec.matchingPrecedence ? f : { ...f, spec: { ...f.spec, matchingPrecedence: 1000 } }),
};
