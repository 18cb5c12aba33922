/** The face of the machinery room: what every component computes with (no I/O, no API types: arguments are structural). */
export * from './conditions.ts';
export * from './field-selector.ts';
export * from './generate-name.ts';
export * from './hash.ts';
export * from './int-or-string.ts';
export * from './label-selector.ts';
export * from './names.ts';
export * from './node-affinity.ts';
export * from './object-key.ts';
export * from './owner-references.ts';
export * from './pod-conditions.ts';
export * from './pod-qos.ts';
export * from './quantity.ts';
export * from './resource-lists.ts';
export * from './status-error.ts';
export * from './taints.ts';
