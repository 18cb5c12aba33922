/** What the printer columns of many kinds share (upstream: pkg/printers/internalversion/printers.go). */
import { formatLabelSelector } from '../machinery/label-selector.ts';
import { since } from './human-duration.ts';
import type { LabelSelector } from './meta/v1/types.ts';
import type { Column, KubeObject } from './resource-row.ts';
import { mapSelectorText } from './scale.ts';

type Cell<T extends KubeObject> = Column<T>['cell'];

/** A column; `wide` = only with -o wide. */
export const column = <T extends KubeObject>(
  name: string,
  cell: Cell<T>,
  type: Column<T>['type'] = 'string',
): Column<T> => ({ name, type, description: '', cell });
export const wide = <T extends KubeObject>(name: string, cell: Cell<T>): Column<T> => ({
  name,
  type: 'string',
  description: '',
  priority: 1,
  cell,
});

/** First column of nearly every table. */
export const nameColumn: Column<KubeObject> = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name of the object',
  cell: (o) => o.metadata.name ?? '',
};
/** The object's name with a mark after it, for default classes. */
export const markedNameColumn = <T extends KubeObject>(mark: (o: T) => string): Column<T> => ({
  ...nameColumn,
  cell: (o) => (o.metadata.name ?? '') + mark(o),
});
export const ageColumn: Column<KubeObject> = {
  name: 'Age',
  type: 'string',
  description: 'Time since the object was created',
  cell: (o, now) => since(o.metadata.creationTimestamp, now),
};
/** Name and Created At: the table of kinds that have no columns of their own. */
export const defaultColumns: readonly Column<KubeObject>[] = [
  nameColumn,
  {
    name: 'Created At',
    type: 'date',
    description: 'When the object was created',
    cell: (o) => o.metadata.creationTimestamp ?? null,
  },
];

export const orNone = (text: string): string => text || '<none>';
export const labelsText = (m: Readonly<Record<string, string>> | undefined): string => orNone(mapSelectorText(m));
/** A nil selector matches nothing: upstream prints it as `<none>` too. */
export const selectorText = (s: LabelSelector | undefined): string => formatLabelSelector(s);

interface Containers {
  readonly containers?: readonly { readonly name: string; readonly image?: string | undefined }[] | undefined;
}
/** The wide columns Containers and Images of kinds with a pod template. */
export const containerColumns = <T extends KubeObject>(
  spec: (o: T) => Containers | undefined,
): readonly Column<T>[] => [
  wide('Containers', (o) => containerNames(spec(o))),
  wide('Images', (o) => containerImages(spec(o))),
];
export const containerNames = (s: Containers | undefined): string => (s?.containers ?? []).map((c) => c.name).join(',');
export const containerImages = (s: Containers | undefined): string =>
  (s?.containers ?? []).map((c) => c.image ?? '').join(',');

/** Up to `max` items, then ` + n more...`; `<unset>` for none. */
export function listWithMore(items: readonly string[], max: number): string {
  if (items.length === 0) return '<unset>';
  const shown = items.slice(0, max).join(',');
  return items.length > max ? `${shown} + ${items.length - max} more...` : shown;
}

const accessModes: readonly (readonly [string, string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];
/** `RWO,ROX`: access modes of volumes in their usual order. */
export const accessModesText = (modes: readonly string[] | undefined): string =>
  accessModes
    .filter(([m]) => modes?.includes(m))
    .map(([, t]) => t)
    .join(',');
