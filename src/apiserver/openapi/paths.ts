/** The operations of every row as OpenAPI path items, with the extensions clients look for (x-kubernetes-action, x-kubernetes-group-version-kind). */
import {
  APIResourceList,
  ListMeta as ListMetaSchema,
  DeleteOptions,
  Patch,
  Status,
  WatchEvent,
} from '../../api/meta/v1/types.ts';
import type { AnyRow, Subresource } from '../../api/resource-row.ts';
import type { AnyStruct } from '../../schema/dsl.ts';
import type { Definition, Definitions, Dialect } from './definitions.ts';

type Json = Record<string, unknown>;

const outputTypes = ['application/json', 'application/vnd.kubernetes.protobuf', 'application/yaml'];
const patchTypes = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];

const writeParameters = ['dryRun', 'fieldManager', 'fieldValidation'];
const deleteParameters: Readonly<Record<string, string>> = {
  dryRun: 'string',
  gracePeriodSeconds: 'integer',
  orphanDependents: 'boolean',
  propagationPolicy: 'string',
};
const listParameters: Readonly<Record<string, string>> = {
  allowWatchBookmarks: 'boolean',
  continue: 'string',
  fieldSelector: 'string',
  labelSelector: 'string',
  limit: 'integer',
  resourceVersion: 'string',
  resourceVersionMatch: 'string',
  sendInitialEvents: 'boolean',
  timeoutSeconds: 'integer',
  watch: 'boolean',
};

const titled = (s: string): string => (s ? s[0]!.toUpperCase() + s.slice(1) : s);
const groupTitle = (group: string): string => titled(group === '' ? 'core' : group.split('.')[0]!);

/** The item paths of one group version, by path. */
export function pathsOf(rows: readonly AnyRow[], d: Definitions, dialect: Dialect): Readonly<Record<string, Json>> {
  const b = new PathBuilder(d, dialect);
  for (const row of rows) b.addRow(row);
  b.addResourceLists(rows);
  return b.paths;
}

class PathBuilder {
  readonly paths: Record<string, Json> = {};
  readonly #d: Definitions;
  readonly #dialect: Dialect;

  constructor(d: Definitions, dialect: Dialect) {
    this.#d = d;
    this.#dialect = dialect;
  }

  addRow(row: AnyRow): void {
    const prefix = row.group ? `/apis/${row.group}/${row.version}` : `/api/${row.version}`;
    const base = row.namespaced ? `${prefix}/namespaces/{namespace}/${row.plural}` : `${prefix}/${row.plural}`;
    const ns = row.namespaced ? ['namespace'] : [];
    const can = (v: string) => (row.verbs as readonly string[]).includes(v);
    const collection: Json = {};
    if (can('list')) collection['get'] = this.#operation(row, undefined, 'list', this.#listRef(row), listParameters);
    if (can('create'))
      collection['post'] = this.#operation(row, undefined, 'post', this.#ref(row), writeQuery(false), this.#ref(row));
    if (can('deletecollection'))
      collection['delete'] = this.#operation(
        row,
        undefined,
        'deletecollection',
        this.#d.ref(Status),
        { ...deleteParameters, ...listParameters },
        this.#d.ref(DeleteOptions),
      );
    if (Object.keys(collection).length) this.paths[base] = { ...collection, parameters: this.#pathParameters(ns) };
    if (row.namespaced && can('list'))
      this.paths[`${prefix}/${row.plural}`] = {
        get: this.#operation(row, undefined, 'list', this.#listRef(row), listParameters, undefined, 'ForAllNamespaces'),
        parameters: [],
      };
    const item: Json = {};
    this.#itemOperations(item, row, undefined, row.verbs as readonly string[], this.#ref(row), this.#ref(row));
    if (Object.keys(item).length)
      this.paths[`${base}/{name}`] = { ...item, parameters: this.#pathParameters(['name', ...ns]) };
    for (const s of row.subresources) this.#addSubresource(`${base}/{name}/${s.name}`, row, s, ns);
  }

  /** The discovery document of each group version. */
  addResourceLists(rows: readonly AnyRow[]): void {
    for (const row of rows) {
      const path = row.group ? `/apis/${row.group}/${row.version}/` : `/api/${row.version}/`;
      if (this.paths[path]) continue;
      const answer = this.#d.ref(APIResourceList);
      const v3 = this.#dialect === 'v3';
      const ok = v3
        ? { content: Object.fromEntries(outputTypes.map((t) => [t, { schema: answer }])), description: 'OK' }
        : { description: 'OK', schema: answer };
      this.paths[path] = {
        get: {
          description: 'get available resources',
          operationId: `get${groupTitle(row.group)}${titled(row.version)}APIResources`,
          ...(!v3 && { consumes: outputTypes, produces: outputTypes, schemes: ['https'] }),
          responses: { '200': ok, '401': { description: 'Unauthorized' } },
          tags: [`${row.group.split('.')[0] || 'core'}_${row.version}`],
        },
      };
    }
  }

  #addSubresource(path: string, row: AnyRow, s: Subresource, ns: readonly string[]): void {
    const item: Json = {};
    const schema: AnyStruct = s.schema ?? row.schema;
    if (s.connect && s.connect !== 'log') {
      for (const method of s.connect === 'proxy' ? ['get', 'post', 'put', 'patch', 'delete'] : ['get', 'post'])
        item[method] = this.#operation(row, s, 'connect', { type: 'string' }, {}, undefined, titled(method));
    } else if (s.connect === 'log')
      item['get'] = this.#operation(
        row,
        s,
        'get',
        { type: 'string' },
        { container: 'string', follow: 'boolean', previous: 'boolean', tailLines: 'integer', timestamps: 'boolean' },
      );
    else this.#itemOperations(item, row, s, s.verbs, this.#d.ref(schema), this.#d.ref(schema));
    this.paths[path] = { ...item, parameters: this.#pathParameters(['name', ...ns]) };
    if (s.connect === 'proxy')
      this.paths[`${path}/{path}`] = { ...item, parameters: this.#pathParameters(['name', ...ns, 'path']) };
  }

  #itemOperations(
    item: Json,
    row: AnyRow,
    s: Subresource | undefined,
    verbs: readonly string[],
    body: Definition,
    answer: Definition,
  ): void {
    if (verbs.includes('get')) item['get'] = this.#operation(row, s, 'get', answer, {});
    if (verbs.includes('update')) item['put'] = this.#operation(row, s, 'put', answer, writeQuery(false), body);
    if (verbs.includes('patch'))
      item['patch'] = this.#operation(row, s, 'patch', answer, writeQuery(true), this.#d.ref(Patch));
    if (verbs.includes('delete'))
      item['delete'] = this.#operation(
        row,
        s,
        'delete',
        this.#d.ref(Status),
        deleteParameters,
        this.#d.ref(DeleteOptions),
      );
    if (s && verbs.includes('create')) item['post'] = this.#operation(row, s, 'post', answer, writeQuery(false), body);
  }

  #ref(row: AnyRow): Definition {
    return this.#d.ref(row.schema);
  }

  #listRef(row: AnyRow): Definition {
    this.#d.ref(WatchEvent);
    return this.#d.listRef(row.schema, row.group, row.version, row.kind, ListMetaSchema);
  }

  #pathParameters(names: readonly string[]): Json[] {
    const all = names.map((name) => this.#parameter(name, 'path', 'string', true));
    return [...all, this.#parameter('pretty', 'query', 'string', false)];
  }

  #parameter(name: string, where: string, type: string, required: boolean): Json {
    const shape = this.#dialect === 'v3' ? { schema: { type, uniqueItems: true } } : { type, uniqueItems: true };
    return { in: where, name, ...(required && { required: true }), ...shape };
  }

  #operation(
    row: AnyRow,
    s: Subresource | undefined,
    action: string,
    answer: Definition,
    query: Readonly<Record<string, string>>,
    body?: Definition,
    suffix = '',
  ): Json {
    const verb =
      { post: 'create', put: 'replace', get: 'read', deletecollection: 'deleteCollection' }[action] ?? action;
    const id = `${verb}${groupTitle(row.group)}${titled(row.version)}${row.namespaced && suffix !== 'ForAllNamespaces' ? 'Namespaced' : ''}${row.kind}${s ? titled(s.name) : ''}${suffix}`;
    const parameters = Object.entries(query)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, type]) => this.#parameter(name, 'query', type, false));
    const media = action === 'patch' ? patchTypes : ['*/*'];
    const v3 = this.#dialect === 'v3';
    const text = answer['type'] === 'string';
    const produces = text ? (action === 'get' ? ['text/plain', ...outputTypes] : ['*/*']) : outputTypes;
    const ok = v3
      ? { content: Object.fromEntries(produces.map((t) => [t, { schema: answer }])), description: 'OK' }
      : { description: 'OK', schema: answer };
    const responses: Json = { '200': ok, '401': { description: 'Unauthorized' } };
    if (action === 'post' || action === 'put' || action === 'patch')
      responses['201'] = { ...ok, description: 'Created' };
    if (action === 'post' || action === 'delete') responses['202'] = { ...ok, description: 'Accepted' };
    const group = row.group.split('.')[0] || 'core';
    return {
      description: `${verb} ${row.kind}`,
      operationId: id,
      parameters:
        v3 || !body
          ? parameters
          : [...parameters, { in: 'body', name: 'body', required: action !== 'delete', schema: body }],
      ...(v3 &&
        body && {
          requestBody: {
            content: Object.fromEntries(media.map((t) => [t, { schema: body }])),
            ...(action !== 'delete' && action !== 'deletecollection' && { required: true }),
          },
        }),
      ...(!v3 && { consumes: media, produces, schemes: ['https'] }),
      responses,
      tags: [`${group}_${row.version}`],
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': {
        group: s?.group ?? row.group,
        kind: s?.kind ?? row.kind,
        version: s?.version ?? row.version,
      },
    };
  }
}

const writeQuery = (patch: boolean): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(writeParameters.map((p) => [p, 'string'])),
  ...(patch && { force: 'boolean' }),
});
