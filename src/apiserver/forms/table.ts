/** Objects as rows of a Table, as `kubectl get` asks for them (upstream: printers/tablegenerator.go, rest/table.go). */
import type { AnyRow, KubeObject } from '../../api/resource-row.ts';
import { badRequest } from '../../machinery/status-error.ts';

export type IncludeObject = 'None' | 'Metadata' | 'Object';

interface AnyColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly cell: (obj: KubeObject, now: number) => unknown;
}

const nameDescription =
  'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names';
const createdDescription =
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata';

const defaultColumns: readonly AnyColumn[] = [
  { name: 'Name', type: 'string', format: 'name', description: nameDescription, cell: (o) => o.metadata.name ?? '' },
  {
    name: 'Created At',
    type: 'date',
    description: createdDescription,
    cell: (o) => o.metadata.creationTimestamp ?? null,
  },
];

const columnsOf = (row: AnyRow): readonly AnyColumn[] =>
  (row.columns as readonly AnyColumn[] | undefined) ?? defaultColumns;

/** @throws 400 on an unknown value */
export function includeObject(query: URLSearchParams): IncludeObject {
  const v = query.get('includeObject') ?? '';
  if (v === '' || v === 'Metadata') return 'Metadata';
  if (v === 'None' || v === 'Object') return v;
  throw badRequest(
    `unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(v)}: must be 'Metadata', 'Object', 'None', or empty`,
  );
}

export const columnDefinitions = (row: AnyRow): unknown[] =>
  columnsOf(row).map((c) => ({
    name: c.name,
    type: c.type,
    format: c.format ?? '',
    description: c.description ?? '',
    priority: c.priority ?? 0,
  }));

export const partialMetadata = (obj: KubeObject, metaVersion: string): unknown => ({
  kind: 'PartialObjectMetadata',
  apiVersion: `meta.k8s.io/${metaVersion}`,
  metadata: obj.metadata,
});

export function tableRow(
  row: AnyRow,
  obj: KubeObject,
  now: number,
  include: IncludeObject,
  metaVersion: string,
): unknown {
  const cells = columnsOf(row).map((c) => c.cell(obj, now));
  if (include === 'None') return { cells, object: null };
  return { cells, object: include === 'Object' ? obj : partialMetadata(obj, metaVersion) };
}

export const tableHead = (
  row: AnyRow,
  metaVersion: string,
  metadata: unknown,
  withColumns: boolean,
): Record<string, unknown> => ({
  kind: 'Table',
  apiVersion: `meta.k8s.io/${metaVersion}`,
  metadata,
  columnDefinitions: withColumns ? columnDefinitions(row) : null,
});
