/** The face of the schema room: the language and its interpreters. Patches and server-side apply have faces of their own. */
export * from './decode.ts';
export * from './defaults.ts';
export * from './dsl.ts';
export * from './encode.ts';
export * from './field-error.ts';
export { at, child } from './field-path.ts';
export { formatDuration, microTimeText, parseDuration, timeText } from './go-time.ts';
export { type FieldPlan, planOf, type StructPlan } from './plan.ts';
export * from './openapi.ts';
export * from './strict-json.ts';
export * from './yaml.ts';
export { zeroStruct } from './zero.ts';
