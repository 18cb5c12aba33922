/** The definitions that a document's paths refer to, gathered while the paths are made (upstream: kube-openapi's builders). */
import type { AnyStruct } from '../../schema/dsl.ts';
import {
  type GroupVersionKind,
  type OpenApiSchema,
  openApiDefinitions,
  type OpenApiVersion,
} from '../../schema/openapi.ts';
import { describeField, describeType } from '../../api/descriptions.ts';

export type Dialect = OpenApiVersion;
export type Definition = OpenApiSchema;

const refPrefix = (d: Dialect): string => (d === 'v3' ? '#/components/schemas/' : '#/definitions/');

/** Collects the types that a set of paths needs. */
export class Definitions {
  readonly #dialect: Dialect;
  readonly #roots = new Set<AnyStruct>();
  readonly #lists = new Map<string, Definition>();
  readonly #kindsOf: (s: AnyStruct) => readonly GroupVersionKind[] | undefined;

  /** `kindsOf`: the group-version-kinds of a type that stands for several (DeleteOptions is in every group). */
  constructor(dialect: Dialect, kindsOf: (s: AnyStruct) => readonly GroupVersionKind[] | undefined = () => undefined) {
    this.#dialect = dialect;
    this.#kindsOf = kindsOf;
  }

  /** Everything collected with all it refers to, by name. */
  get all(): Readonly<Record<string, Definition>> {
    const made = openApiDefinitions(this.#roots, this.#dialect, {
      gvksOf: this.#kindsOf,
      describe: (type, field) => (field === undefined ? describeType(type) : describeField(type, field)),
    });
    return Object.fromEntries([...Object.entries(made), ...this.#lists].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** `{"$ref": …}` of a struct, which is then among the definitions. */
  ref(s: AnyStruct): Definition {
    this.#roots.add(s);
    return { $ref: refPrefix(this.#dialect) + s.name };
  }

  /** The list kind of a struct. */
  listRef(item: AnyStruct, group: string, version: string, kind: string, listMeta: AnyStruct): Definition {
    const name = `${item.name}List`;
    const items = this.ref(item);
    const described = (field: string) => {
      const description = describeField(name, field);
      return description === undefined ? {} : { description };
    };
    if (!this.#lists.has(name)) {
      const metadata = this.#dialect === 'v3' ? { allOf: [this.ref(listMeta)], default: {} } : this.ref(listMeta);
      this.#lists.set(name, {
        description: `${kind}List is a list of ${kind} objects.`,
        type: 'object',
        required: ['items'],
        properties: {
          apiVersion: { ...described('apiVersion'), type: 'string' },
          items: { ...described('items'), type: 'array', items },
          kind: { ...described('kind'), type: 'string' },
          metadata: { ...metadata, ...described('metadata') },
        },
        'x-kubernetes-group-version-kind': [{ group, kind: `${kind}List`, version }],
      });
    }
    return { $ref: refPrefix(this.#dialect) + name };
  }
}
