/** NodeRestriction: a kubelet writes only what is its own (plugin/pkg/admission/noderestriction). */
import { isDeepStrictEqual } from 'node:util';
import type { TokenRequest } from '../../api/authentication/v1/types.ts';
import type { CertificateSigningRequest } from '../../api/certificates/v1/types.ts';
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod, Volume } from '../../api/core/v1/types.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import type { CSIDriver } from '../../api/storage/v1/types.ts';
import { parseCsr } from '../../base/pki/x509.ts';
import { notFound } from '../../machinery/status-error.ts';
import type { AdmissionAttributes, AdmissionPlugin, Authorizer, ObjectReader } from '../attributes.ts';
import { nodeIdentity } from '../auth/identity.ts';
import { podReferences } from '../auth/node-graph.ts';
import { q, refuse } from './refusal.ts';

const mirrorAnnotation = 'kubernetes.io/config.mirror';
const pods = { group: '', plural: 'pods' };

type Check = (node: string, a: AdmissionAttributes, reader: ObjectReader) => void | Promise<void>;

function existingPod(a: AdmissionAttributes, reader: ObjectReader, name: string): Pod {
  const pod = reader.get<Pod>(pods, a.namespace, name);
  if (!pod) throw notFound({ group: '', resource: 'pods' }, name);
  return pod;
}

const readsApi: readonly (readonly [string, string])[] = [
  ['serviceaccount/', 'serviceaccounts'],
  ['secret/', 'secrets'],
  ['configmap/', 'configmaps'],
];

/** What of the API a pod refers to, as messages name it; undefined = nothing. */
export function apiReference(pod: Pod): string | undefined {
  const references = podReferences(pod);
  for (const [prefix, name] of readsApi) if (references.some((r) => r.startsWith(prefix))) return name;
  if (pod.spec?.resourceClaims?.length) return 'resourceclaims';
  for (const v of pod.spec?.volumes ?? []) {
    if (v.csi) return 'csidrivers (via CSI volumes)';
    if (v.glusterfs) return 'endpoints (via glusterFS volumes)';
    if (v.persistentVolumeClaim) return 'persistentvolumeclaims';
    if (v.ephemeral) return 'persistentvolumeclaims (via ephemeral volumes)';
    if (v.azureFile) return 'secrets (via azureFile volumes)';
    for (const s of v.projected?.sources ?? []) {
      if (s.serviceAccountToken) return 'serviceaccounts (via projected volumes)';
      if (s.clusterTrustBundle) return 'clustertrustbundles';
      if (s.podCertificate) return 'podcertificates';
    }
  }
  return undefined;
}

const createPod: Check = (node, a, reader) => {
  const pod = a.object as Pod;
  if (pod.metadata.annotations?.[mirrorAnnotation] === undefined)
    throw refuse(a, `pod does not have ${q(mirrorAnnotation)} annotation, node ${q(node)} can only create mirror pods`);
  if (pod.spec?.nodeName !== node)
    throw refuse(a, `node ${q(node)} can only create pods with spec.nodeName set to itself`);
  const [owner, second] = pod.metadata.ownerReferences ?? [];
  if (second) throw refuse(a, `node ${q(node)} can only create pods with a single owner reference set to itself`);
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node)
    throw refuse(a, `node ${q(node)} can only create pods with an owner reference set to itself`);
  if (!owner.controller)
    throw refuse(a, `node ${q(node)} can only create pods with a controller owner reference set to itself`);
  if (owner.blockOwnerDeletion)
    throw refuse(a, `node ${q(node)} must not set blockOwnerDeletion on an owner reference`);
  const own = reader.get({ group: '', plural: 'nodes' }, '', node);
  if (!own) throw notFound({ group: '', resource: 'nodes' }, node);
  if (own.metadata.uid !== owner.uid)
    throw refuse(a, `node ${node} UID mismatch: expected ${owner.uid} got ${own.metadata.uid}`);
  const reference = apiReference(pod);
  if (reference !== undefined) throw refuse(a, `node ${q(node)} can not create pods that reference ${reference}`);
};

const podStatus: Check = (node, a) => {
  if (a.operation !== 'UPDATE') throw refuse(a, `unexpected operation ${q(a.operation)}`);
  const old = a.oldObject as Pod;
  const pod = a.object as Pod;
  if (old.spec?.nodeName !== node)
    throw refuse(a, `node ${q(node)} can only update pod status for pods with spec.nodeName set to itself`);
  if (!isDeepStrictEqual({ ...old.metadata.labels }, { ...pod.metadata.labels }))
    throw refuse(a, `node ${q(node)} cannot update labels through pod status`);
  if (!isDeepStrictEqual(old.status?.resourceClaimStatuses ?? [], pod.status?.resourceClaimStatuses ?? []))
    throw refuse(a, `node ${q(node)} cannot update resource claim statues`);
  if (!isDeepStrictEqual(old.status?.extendedResourceClaimStatus, pod.status?.extendedResourceClaimStatus))
    throw refuse(a, `node ${q(node)} cannot update extended resource claim status`);
};

const checkPod: Check = (node, a, reader) => {
  switch (a.subresource?.name ?? '') {
    case '':
      if (a.operation === 'CREATE') return createPod(node, a, reader);
      if (a.operation !== 'DELETE')
        throw refuse(
          a,
          `unexpected operation ${q(a.operation)}, node ${q(node)} can only create and delete mirror pods`,
        );
      if (existingPod(a, reader, a.name).spec?.nodeName !== node)
        throw refuse(a, `node ${q(node)} can only delete pods with spec.nodeName set to itself`);
      return;
    case 'status':
      return podStatus(node, a, reader);
    case 'eviction':
      if (a.operation !== 'CREATE') throw refuse(a, `unexpected operation ${a.operation}`);
      if (existingPod(a, reader, a.name || a.object?.metadata.name || '').spec?.nodeName !== node)
        throw refuse(a, `node ${node} can only evict pods with spec.nodeName set to itself`);
      return;
    default:
      throw refuse(a, `unexpected pod subresource ${q(a.subresource?.name)}, only 'status' and 'eviction' are allowed`);
  }
};

const kubeletLabels = new Set([
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
]);
const inDomain = (prefix: string, domain: string): boolean => prefix === domain || prefix.endsWith(`.${domain}`);

/** A label that a kubelet may not add, change or take away on its node. */
export function isForbiddenNodeLabel(label: string): boolean {
  const prefix = label.includes('/') ? label.slice(0, label.indexOf('/')) : '';
  if (inDomain(prefix, 'node-restriction.kubernetes.io')) return true;
  if (!inDomain(prefix, 'kubernetes.io') && !inDomain(prefix, 'k8s.io')) return false;
  return (
    !kubeletLabels.has(label) && !inDomain(prefix, 'kubelet.kubernetes.io') && !inDomain(prefix, 'node.kubernetes.io')
  );
}

function forbiddenChanges(node: Node, old: Node | undefined): readonly string[] {
  const now = node.metadata.labels ?? {};
  const before = old?.metadata.labels ?? {};
  return [...new Set([...Object.keys(now), ...Object.keys(before)])]
    .filter((k) => now[k] !== before[k] && isForbiddenNodeLabel(k))
    .sort();
}

const checkNode: Check = (name, a) => {
  const requested = a.name || a.object?.metadata.name || '';
  if (requested !== name) throw refuse(a, `node ${q(name)} is not allowed to modify node ${q(requested)}`);
  if (a.operation !== 'CREATE' && a.operation !== 'UPDATE') return;
  const node = a.object as Node;
  const old = a.oldObject as Node | undefined;
  if (a.operation === 'CREATE') {
    if (node.spec?.configSource)
      throw refuse(a, `node ${q(name)} is not allowed to create pods with a non-nil configSource`);
    const labels = forbiddenChanges(node, undefined);
    if (labels.length)
      throw refuse(a, `node ${q(name)} is not allowed to set the following labels: ${labels.join(', ')}`);
    return;
  }
  if (node.spec?.configSource && !isDeepStrictEqual(node.spec.configSource, old?.spec?.configSource))
    throw refuse(a, `node ${q(name)} is not allowed to update configSource to a new non-nil configSource`);
  if (!isDeepStrictEqual(node.spec?.taints ?? [], old?.spec?.taints ?? []))
    throw refuse(a, `node ${q(name)} is not allowed to modify taints`);
  if (!isDeepStrictEqual(node.metadata.ownerReferences ?? [], old?.metadata.ownerReferences ?? []))
    throw refuse(a, `node ${q(name)} is not allowed to modify ownerReferences`);
  const labels = forbiddenChanges(node, old);
  if (labels.length) throw refuse(a, `is not allowed to modify labels: ${labels.join(', ')}`);
};

const checkClaimStatus: Check = (node, a) => {
  if (a.subresource?.name !== 'status') throw refuse(a, 'may only update PVC status');
  if (a.operation !== 'UPDATE') throw refuse(a, `unexpected operation ${q(a.operation)}`);
  const rest = (o: PersistentVolumeClaim) => ({
    ...o,
    metadata: { ...o.metadata, resourceVersion: undefined, managedFields: undefined },
    status: {
      ...o.status,
      capacity: undefined,
      conditions: undefined,
      allocatedResources: undefined,
      allocatedResourceStatuses: undefined,
    },
  });
  if (!isDeepStrictEqual(rest(a.oldObject as PersistentVolumeClaim), rest(a.object as PersistentVolumeClaim)))
    throw refuse(a, `node ${q(node)} is not allowed to update fields other than status.quantity and status.conditions`);
};

/** The CSI driver behind a pod's volume, '' when there is none. */
function csiDriver(pod: Pod, v: Volume, reader: ObjectReader): string {
  if (v.csi) return v.csi.driver;
  const claimName = v.persistentVolumeClaim?.claimName ?? (v.ephemeral ? `${pod.metadata.name}-${v.name}` : undefined);
  if (claimName === undefined) return '';
  const claim = reader.get<PersistentVolumeClaim>(
    { group: '', plural: 'persistentvolumeclaims' },
    pod.metadata.namespace ?? '',
    claimName,
  );
  const volume = claim?.spec?.volumeName;
  if (!volume) return '';
  return reader.get<PersistentVolume>({ group: '', plural: 'persistentvolumes' }, '', volume)?.spec?.csi?.driver ?? '';
}

function usesAudience(pod: Pod, audience: string, reader: ObjectReader): boolean {
  return (pod.spec?.volumes ?? []).some((v) => {
    if (v.projected?.sources?.some((s) => s.serviceAccountToken && (s.serviceAccountToken.audience ?? '') === audience))
      return true;
    const driver = csiDriver(pod, v, reader);
    if (!driver) return false;
    const found = reader.get<CSIDriver>({ group: 'storage.k8s.io', plural: 'csidrivers' }, '', driver);
    return found?.spec.tokenRequests?.some((t) => (t.audience ?? '') === audience) ?? false;
  });
}

const checkToken =
  (authorizer: Authorizer): Check =>
  async (node, a, reader) => {
    if (a.operation !== 'CREATE' || a.subresource?.name !== 'token') return;
    const { spec } = a.object as unknown as TokenRequest;
    const ref = spec.boundObjectRef;
    if (ref?.apiVersion !== 'v1' || ref.kind !== 'Pod' || !ref.name)
      throw refuse(a, 'node requested token not bound to a pod');
    if (!ref.uid) throw refuse(a, 'node requested token with a pod binding without a uid');
    const pod = existingPod(a, reader, ref.name);
    if (pod.metadata.uid !== ref.uid)
      throw refuse(
        a,
        `the UID in the bound object reference (${ref.uid}) does not match the UID in record. The object might have been deleted and then recreated`,
      );
    if (pod.spec?.nodeName !== node)
      throw refuse(a, 'node requested token bound to a pod scheduled on a different node');
    if ((spec.audiences?.length ?? 0) > 1) throw refuse(a, 'node may only request 0 or 1 audiences');
    const audience = spec.audiences?.[0] ?? '';
    if (usesAudience(pod, audience, reader)) return;
    const decision = await authorizer.authorize({
      user: a.user,
      verb: 'request-serviceaccounts-token-audience',
      isResource: true,
      path: '',
      group: '',
      version: 'v1',
      resource: audience,
      subresource: '',
      namespace: a.namespace,
      name: a.name,
    });
    if (decision.decision !== 'allow')
      throw refuse(
        a,
        `audience ${q(audience)} not found in pod spec volume, ${a.user.name} is not authorized to request tokens for this audience`,
      );
  };

const ownName =
  (what: string): Check =>
  (node, a) => {
    const name = a.operation === 'CREATE' ? a.object?.metadata.name : a.name;
    if (name !== node) throw refuse(a, `can only access ${what} with the same name as the requesting node`);
  };

const checkLease: Check = (node, a, reader) => {
  if (a.namespace !== 'kube-node-lease')
    throw refuse(a, 'can only access leases in the "kube-node-lease" system namespace');
  return ownName('node lease')(node, a, reader);
};

const checkSlice: Check = (node, a) => {
  const nodeName = (o: KubeObject | undefined) =>
    (o as { readonly spec?: { readonly nodeName?: string } } | undefined)?.spec?.nodeName;
  if (a.operation === 'CREATE' && nodeName(a.object) !== node)
    throw refuse(a, 'can only create ResourceSlice with the same NodeName as the requesting node');
  if (a.operation === 'DELETE' && nodeName(a.oldObject) !== node)
    throw refuse(a, 'can only delete ResourceSlice with the same NodeName as the requesting node');
};

const kubeletSigners = ['kubernetes.io/kubelet-serving', 'kubernetes.io/kube-apiserver-client-kubelet'];

const checkCsr: Check = (node, a) => {
  if (a.operation !== 'CREATE') return;
  const { spec } = a.object as CertificateSigningRequest;
  if (!kubeletSigners.includes(spec.signerName)) return;
  let name: string;
  try {
    name = parseCsr(Buffer.from(spec.request, 'base64').toString()).commonName;
  } catch (e) {
    throw refuse(a, `unable to parse csr: ${(e as Error).message}`);
  }
  if (name !== `system:node:${node}`) throw refuse(a, `can only create a node CSR with CN=system:node:${node}`);
};

export function nodeRestriction(authorizer: Authorizer): AdmissionPlugin {
  const checks: Readonly<Record<string, Check>> = {
    '/pods': checkPod,
    '/nodes': checkNode,
    '/persistentvolumeclaims': checkClaimStatus,
    '/serviceaccounts': checkToken(authorizer),
    'coordination.k8s.io/leases': checkLease,
    'storage.k8s.io/csinodes': ownName('CSINode'),
    'resource.k8s.io/resourceslices': checkSlice,
    'certificates.k8s.io/certificatesigningrequests': checkCsr,
  };
  return {
    name: 'NodeRestriction',
    handles: ['CREATE', 'UPDATE', 'DELETE'],
    admit(a, reader) {
      const node = nodeIdentity(a.user);
      if (node === undefined) return a.object;
      if (!node) throw refuse(a, `could not determine node from user ${q(a.user.name)}`);
      const done = checks[`${a.row.group}/${a.row.plural}`]?.(node, a, reader);
      return done instanceof Promise ? done.then(() => a.object) : a.object;
    },
  };
}
