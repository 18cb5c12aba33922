/** Runs one plug-in on one request, as the server would: what tests of plug-ins share. */
import type { AnyRow, KubeObject, Subresource } from '../../api/resource-row.ts';
import type {
  AdmissionAttributes,
  AdmissionOperation,
  AdmissionPlugin,
  ObjectReader,
  UserInfo,
} from '../attributes.ts';
import { fixedReader } from '../auth/fixed-reader.ts';

export interface Attempt {
  /** `pods`, `pods/status`, `ingresses.networking.k8s.io`. */
  readonly resource: string;
  readonly operation?: AdmissionOperation;
  readonly object?: unknown;
  readonly old?: unknown;
  readonly name?: string;
  readonly namespace?: string;
  readonly user?: Partial<UserInfo>;
  /** Other objects, by `plural` or `plural.group`. */
  readonly objects?: Readonly<Record<string, readonly unknown[]>>;
  readonly reader?: ObjectReader;
}

export interface Outcome {
  readonly object: KubeObject | undefined;
  readonly warnings: readonly string[];
}

/** Mutates, then validates. @throws what the plug-in throws */
export async function attempt(plugin: AdmissionPlugin, t: Attempt): Promise<Outcome> {
  const [resource = '', subresource] = t.resource.split('/');
  const dot = resource.indexOf('.');
  const operation = t.operation ?? 'CREATE';
  const warnings: string[] = [];
  const object = t.object as KubeObject | undefined;
  const attributes: AdmissionAttributes = {
    operation,
    row: {
      plural: dot < 0 ? resource : resource.slice(0, dot),
      group: dot < 0 ? '' : resource.slice(dot + 1),
    } as unknown as AnyRow,
    subresource: subresource ? ({ name: subresource, verbs: [] } as Subresource) : undefined,
    namespace: t.namespace ?? 'ns',
    name: t.name ?? object?.metadata.name ?? '',
    user: { name: 'alice', uid: '', groups: [], extra: {}, ...t.user },
    object,
    oldObject: t.old as KubeObject | undefined,
    dryRun: false,
    now: Date.parse('2026-01-01T00:00:00Z'),
    warn: (text) => void warnings.push(text),
  };
  const reader = t.reader ?? fixedReader(t.objects ?? {});
  if (!plugin.handles.includes(operation)) return { object, warnings };
  const admitted = plugin.admit ? await plugin.admit(attributes, reader) : object;
  await plugin.validate?.({ ...attributes, object: admitted }, reader);
  return { object: admitted, warnings };
}

/** The message of the refusal; fails when there is none. */
export async function refusal(plugin: AdmissionPlugin, t: Attempt): Promise<string> {
  try {
    await attempt(plugin, t);
  } catch (e) {
    return (e as Error).message;
  }
  throw new Error(`${plugin.name} did not refuse`);
}
