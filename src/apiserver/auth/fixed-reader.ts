/** An ObjectReader over a fixed set of objects: what decisions are tried on where no watch cache runs. */
import type { KubeObject } from '../../api/resource-row.ts';
import type { ObjectReader } from '../attributes.ts';

/** Objects by `plural` or `plural.group`. */
export function fixedReader(objects: Readonly<Record<string, readonly unknown[]>>): ObjectReader {
  const of = (row: { readonly group: string; readonly plural: string }): readonly KubeObject[] =>
    (objects[row.group ? `${row.plural}.${row.group}` : row.plural] ?? []) as readonly KubeObject[];
  const inNamespace = (o: KubeObject, namespace: string) => (o.metadata.namespace ?? '') === namespace;
  return {
    get: <T extends KubeObject>(row: { group: string; plural: string }, namespace: string, name: string) =>
      of(row).find((o) => o.metadata.name === name && inNamespace(o, namespace)) as T | undefined,
    list: <T extends KubeObject>(row: { group: string; plural: string }, namespace?: string) =>
      of(row).filter(
        (o) => namespace === undefined || inNamespace(o, namespace),
      ) as readonly KubeObject[] as readonly T[],
  };
}
