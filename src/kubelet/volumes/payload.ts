/** What files a configMap, secret, downwardAPI or projected volume shows. */
import type { ConfigMap, KeyToPath, Pod, Secret, Volume } from '../../api/core/v1/types.ts';
import { isNotFound } from '../../machinery/status-error.ts';
import { type DownwardFacts, fieldValue, resourceValue } from '../pod/env.ts';
import { findContainer, namespaceOf } from '../pod/identity.ts';
import type { Payload, ProjectedFile } from './atomic-writer.ts';

export interface PayloadSources {
  configMap(namespace: string, name: string): Promise<ConfigMap>;
  secret(namespace: string, name: string): Promise<Secret>;
  token(pod: Pod, audience: string | undefined, expirationSeconds: number): Promise<string>;
  readonly facts: DownwardFacts;
}

const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64');
export const configMapData = (m: ConfigMap): Map<string, Buffer> =>
  new Map([
    ...Object.entries(m.data ?? {}).map(([k, v]) => [k, Buffer.from(v)] as const),
    ...Object.entries(m.binaryData ?? {}).map(([k, v]) => [k, bytesOf(v)] as const),
  ]);
export const secretData = (s: Secret): Map<string, Buffer> =>
  new Map(Object.entries(s.data ?? {}).map(([k, v]) => [k, bytesOf(v)] as const));

/** All keys, or the chosen ones under their paths. */
export function choose(
  data: ReadonlyMap<string, Buffer>,
  items: readonly KeyToPath[] | undefined,
  mode: number,
  optional: boolean | undefined,
  missing: (key: string) => string,
): Map<string, ProjectedFile> {
  if (!items?.length) return new Map([...data].map(([k, v]) => [k, { data: v, mode }]));
  const out = new Map<string, ProjectedFile>();
  for (const item of items) {
    const found = data.get(item.key);
    if (found) out.set(item.path, { data: found, mode: item.mode ?? mode });
    else if (!optional) throw new Error(missing(item.key));
  }
  return out;
}

async function unless<T>(optional: boolean | undefined, get: () => Promise<T>): Promise<T | undefined> {
  try {
    return await get();
  } catch (e) {
    if (optional && isNotFound(e)) return undefined;
    throw e;
  }
}
const configKeyMissing = (key: string): string => `configmap references non-existent config key: ${key}`;
const secretKeyMissing = (key: string): string => `references non-existent secret key: ${key}`;

type DownwardItems = NonNullable<NonNullable<Volume['downwardAPI']>['items']>;
function downward(pod: Pod, items: DownwardItems, mode: number, facts: DownwardFacts): Map<string, ProjectedFile> {
  return new Map(
    items.map((item) => {
      let text = '';
      if (item.fieldRef) text = fieldValue(pod, item.fieldRef.fieldPath, facts);
      else if (item.resourceFieldRef) {
        const ref = item.resourceFieldRef;
        const c = findContainer(pod, ref.containerName ?? '');
        if (!c) throw new Error(`container ${ref.containerName} not found`);
        text = resourceValue(c, ref.resource, ref.divisor, facts);
      }
      return [item.path, { data: Buffer.from(text), mode: item.mode ?? mode }] as const;
    }),
  );
}

/** Undefined when the volume is of another kind. Throws what the FailedMount event says. */
export async function volumePayload(pod: Pod, volume: Volume, s: PayloadSources): Promise<Payload | undefined> {
  const namespace = namespaceOf(pod);
  if (volume.configMap) {
    const { name = '', items, optional, defaultMode = 0o644 } = volume.configMap;
    const found = await unless(optional, () => s.configMap(namespace, name));
    return found ? choose(configMapData(found), items, defaultMode, optional, configKeyMissing) : new Map();
  }
  if (volume.secret) {
    const { secretName = '', items, optional, defaultMode = 0o644 } = volume.secret;
    const found = await unless(optional, () => s.secret(namespace, secretName));
    return found ? choose(secretData(found), items, defaultMode, optional, secretKeyMissing) : new Map();
  }
  if (volume.downwardAPI)
    return downward(pod, volume.downwardAPI.items ?? [], volume.downwardAPI.defaultMode ?? 0o644, s.facts);
  if (!volume.projected) return undefined;
  const mode = volume.projected.defaultMode ?? 0o644;
  const out = new Map<string, ProjectedFile>();
  const add = (files: ReadonlyMap<string, ProjectedFile>) => {
    for (const [k, v] of files) out.set(k, v);
  };
  for (const source of volume.projected.sources ?? []) {
    if (source.configMap) {
      const { name = '', items, optional } = source.configMap;
      const found = await unless(optional, () => s.configMap(namespace, name));
      if (found) add(choose(configMapData(found), items, mode, optional, configKeyMissing));
    } else if (source.secret) {
      const { name = '', items, optional } = source.secret;
      const found = await unless(optional, () => s.secret(namespace, name));
      if (found) add(choose(secretData(found), items, mode, optional, secretKeyMissing));
    } else if (source.downwardAPI) add(downward(pod, source.downwardAPI.items ?? [], mode, s.facts));
    else if (source.serviceAccountToken) {
      const { audience, expirationSeconds = 3600, path } = source.serviceAccountToken;
      const data = Buffer.from(await s.token(pod, audience, expirationSeconds));
      const owner = commonUser(pod);
      const guarded = owner !== undefined || pod.spec.securityContext?.fsGroup !== undefined;
      add(new Map([[path, { data, mode: guarded ? 0o600 : mode, uid: owner }]]));
    } else throw new Error('this projected volume source is not supported by this kubelet');
  }
  return out;
}

/** The user every container runs as, when they all say the same. */
function commonUser(pod: Pod): number | undefined {
  const users = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map(
    (c) => c.securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser,
  );
  return users.every((u) => u !== undefined && u === users[0]) ? users[0] : undefined;
}
