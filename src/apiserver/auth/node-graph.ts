/** Which node may see which object: node ← pod ← secret, configmap, claim, account; claim ← volume (plugin/pkg/auth/authorizer/node/graph.go). */
import type { Container, PersistentVolume, Pod, Volume } from '../../api/core/v1/types.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import type { ObjectReader } from '../attributes.ts';

/** The rows whose changes must be handed to `changed`. */
export const nodeGraphRows = [
  { group: '', plural: 'pods' },
  { group: '', plural: 'persistentvolumes' },
  { group: 'storage.k8s.io', plural: 'volumeattachments' },
  { group: 'resource.k8s.io', plural: 'resourceslices' },
] as const;

export type Vertex =
  | 'pod'
  | 'secret'
  | 'configmap'
  | 'serviceaccount'
  | 'pvc'
  | 'pv'
  | 'resourceclaim'
  | 'volumeattachment'
  | 'resourceslice';

const vertex = (type: Vertex, namespace: string, name: string): string => `${type}/${namespace}/${name}`;

type Named = { readonly name?: string | undefined } | undefined;

function volumeSecret(v: Volume): readonly (string | undefined)[] {
  const refs: readonly Named[] = [
    v.cephfs?.secretRef,
    v.cinder?.secretRef,
    v.flexVolume?.secretRef,
    v.rbd?.secretRef,
    v.scaleIO?.secretRef,
    v.iscsi?.secretRef,
    v.storageos?.secretRef,
    v.csi?.nodePublishSecretRef,
    ...(v.projected?.sources ?? []).map((s) => s.secret),
  ];
  return [v.azureFile?.secretName, v.secret?.secretName, ...refs.map((r) => r?.name)];
}

/** Everything a pod refers to, as vertices. */
export function podReferences(pod: Pod): readonly string[] {
  const ns = pod.metadata.namespace ?? '';
  const out = new Set<string>();
  const add = (type: Vertex, name: string | undefined) => void (name && out.add(vertex(type, ns, name)));
  const spec = pod.spec;
  add('serviceaccount', spec?.serviceAccountName);
  for (const s of spec?.imagePullSecrets ?? []) add('secret', s.name);
  const containers = [
    ...(spec?.containers ?? []),
    ...(spec?.initContainers ?? []),
    ...((spec?.ephemeralContainers ?? []) as readonly Pick<Container, 'env' | 'envFrom'>[]),
  ];
  for (const c of containers) {
    for (const e of c.envFrom ?? []) {
      add('secret', e.secretRef?.name);
      add('configmap', e.configMapRef?.name);
    }
    for (const e of c.env ?? []) {
      add('secret', e.valueFrom?.secretKeyRef?.name);
      add('configmap', e.valueFrom?.configMapKeyRef?.name);
    }
  }
  for (const v of spec?.volumes ?? []) {
    for (const s of volumeSecret(v)) add('secret', s);
    add('configmap', v.configMap?.name);
    for (const s of v.projected?.sources ?? []) add('configmap', s.configMap?.name);
    add('pvc', v.persistentVolumeClaim?.claimName ?? (v.ephemeral ? `${pod.metadata.name}-${v.name}` : undefined));
  }
  for (const c of pod.status?.resourceClaimStatuses ?? []) add('resourceclaim', c.resourceClaimName);
  for (const c of spec?.resourceClaims ?? []) add('resourceclaim', c.resourceClaimName);
  add('resourceclaim', pod.status?.extendedResourceClaimStatus?.resourceClaimName);
  return [...out];
}

const mirrorAnnotation = 'kubernetes.io/config.mirror';

export class NodeGraph {
  /** vertex → how many paths each node has to it, directly or through pods. */
  readonly #nodes = new Map<string, Map<string, number>>();
  /** claim vertex ← volumes bound to it are looked up the other way round: volume or its secret → claim vertices. */
  readonly #claims = new Map<string, Set<string>>();

  load(reader: ObjectReader): void {
    for (const row of nodeGraphRows) for (const o of reader.list(row)) this.changed(row.plural, undefined, o);
  }

  changed(
    plural: (typeof nodeGraphRows)[number]['plural'],
    old: KubeObject | undefined,
    obj: KubeObject | undefined,
  ): void {
    if (old) this.#apply(plural, old, -1);
    if (obj) this.#apply(plural, obj, 1);
  }

  #apply(plural: string, o: KubeObject, sign: 1 | -1): void {
    const name = o.metadata.name ?? '';
    switch (plural) {
      case 'pods': {
        const pod = o as Pod;
        const node = pod.spec?.nodeName;
        const phase = pod.status?.phase;
        // what has ended needs nothing any more
        if (!node || phase === 'Succeeded' || phase === 'Failed') {
          if (node) this.#count(vertex('pod', pod.metadata.namespace ?? '', name), node, sign);
          return;
        }
        this.#count(vertex('pod', pod.metadata.namespace ?? '', name), node, sign);
        // a node must not gain rights by pods it makes itself
        if (pod.metadata.annotations?.[mirrorAnnotation] !== undefined) return;
        for (const v of podReferences(pod)) this.#count(v, node, sign);
        return;
      }
      case 'persistentvolumes': {
        const pv = o as PersistentVolume;
        const ref = pv.spec?.claimRef;
        if (!ref?.name) return;
        const claim = vertex('pvc', ref.namespace ?? '', ref.name);
        this.#link(vertex('pv', '', name), claim, sign);
        for (const [ns, secret] of volumeSecrets(pv)) this.#link(vertex('secret', ns, secret), claim, sign);
        return;
      }
      case 'volumeattachments': {
        const node = (o as KubeObject & { readonly spec?: { readonly nodeName?: string } }).spec?.nodeName;
        if (node) this.#count(vertex('volumeattachment', '', name), node, sign);
        return;
      }
      case 'resourceslices': {
        const node = (o as KubeObject & { readonly spec?: { readonly nodeName?: string } }).spec?.nodeName;
        if (node) this.#count(vertex('resourceslice', '', name), node, sign);
        return;
      }
    }
  }

  #count(v: string, node: string, sign: 1 | -1): void {
    const nodes = this.#nodes.getOrInsertComputed(v, () => new Map());
    const n = (nodes.get(node) ?? 0) + sign;
    if (n > 0) nodes.set(node, n);
    else nodes.delete(node);
    if (nodes.size === 0) this.#nodes.delete(v);
  }

  #link(from: string, claim: string, sign: 1 | -1): void {
    const claims = this.#claims.getOrInsertComputed(from, () => new Set());
    if (sign > 0) claims.add(claim);
    else claims.delete(claim);
    if (claims.size === 0) this.#claims.delete(from);
  }

  /** The object belongs to something that runs on the node. */
  related(node: string, type: Vertex, namespace: string, name: string): boolean {
    const v = vertex(type, namespace, name);
    if (this.#nodes.get(v)?.has(node)) return true;
    for (const claim of this.#claims.get(v) ?? []) if (this.#nodes.get(claim)?.has(node)) return true;
    return false;
  }
}

/** [namespace, name] of the secrets of a bound volume that a kubelet needs (pkg/volume/util: VisitPVSecretNames, kubelet-visible ones). */
function volumeSecrets(pv: PersistentVolume): readonly (readonly [string, string])[] {
  const s = pv.spec;
  const claimNamespace = s?.claimRef?.namespace ?? '';
  const refs: readonly ({ readonly name?: string | undefined; readonly namespace?: string | undefined } | undefined)[] =
    [
      s?.azureFile && {
        name: s.azureFile.secretName,
        namespace: s.azureFile.secretNamespace || claimNamespace,
      },
      s?.cephfs?.secretRef,
      s?.cinder?.secretRef,
      s?.flexVolume?.secretRef,
      s?.rbd?.secretRef,
      s?.scaleIO?.secretRef,
      s?.iscsi?.secretRef,
      s?.storageos?.secretRef,
      s?.csi?.nodePublishSecretRef,
      s?.csi?.nodeStageSecretRef,
      s?.csi?.nodeExpandSecretRef,
    ];
  return refs.flatMap((r) => (r?.name ? [[r.namespace || claimNamespace, r.name] as const] : []));
}
