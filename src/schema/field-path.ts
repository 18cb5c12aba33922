/** Paths to fields as messages name them: `spec.containers[0].env`, `metadata.labels[app]` (upstream: field.Path). */

/** A member of an object; the root has the path ''. */
export const child = (path: string, ...names: readonly string[]): string =>
  names.reduce((p, n) => (p ? `${p}.${n}` : n), path);

/** An element of a list, or of a map by its key. */
export const at = (path: string, indexOrKey: number | string): string => `${path}[${indexOrKey}]`;
