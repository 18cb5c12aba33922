/** ServiceAccount: every pod has an account, its token where it wants one, and its pull secrets (plugin/pkg/admission/serviceaccount). */
import type { Container, Pod, ServiceAccount, Volume } from '../../api/core/v1/types.ts';
import type { Clock } from '../../base/clock.ts';
import type { AdmissionAttributes, AdmissionPlugin, ObjectReader } from '../attributes.ts';
import { podReferences } from '../auth/node-graph.ts';
import { refuse } from './refusal.ts';

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const volumePrefix = 'kube-api-access-';
/** An hour and a mark: the API server lets such tokens live longer and warns about their use (see auth/token-issuer.ts). */
const tokenSeconds = 3607;
const mirrorAnnotation = 'kubernetes.io/config.mirror';
const enforceAnnotation = 'kubernetes.io/enforce-mountable-secrets';

export interface ServiceAccountDependencies {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}

const letters = 'bcdfghjklmnpqrstvwxz2456789';
const suffix = (random: () => number): string =>
  Array.from({ length: 5 }, () => letters[Math.floor(random() * letters.length)]).join('');

/** The volume that holds token, authority and namespace. */
export const tokenVolume = (name: string): Volume => ({
  name,
  projected: {
    defaultMode: 0o644,
    sources: [
      { serviceAccountToken: { path: 'token', expirationSeconds: tokenSeconds } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
  },
});

/** The pod with the token volume mounted in every container that has nothing of its own there. */
export function mountToken(pod: Pod, newName: () => string): Pod {
  const spec = pod.spec;
  if (!spec) return pod;
  const present = spec.volumes?.find((v) => v.name.startsWith(volumePrefix))?.name;
  const name = present ?? newName();
  let mounted = false;
  const mount = (c: Container): Container => {
    if (c.volumeMounts?.some((m) => m.mountPath === mountPath)) return c;
    mounted = true;
    return { ...c, volumeMounts: [...(c.volumeMounts ?? []), { name, readOnly: true, mountPath }] };
  };
  const initContainers = spec.initContainers?.map(mount);
  const containers = spec.containers.map(mount);
  if (!mounted) return pod;
  return {
    ...pod,
    spec: {
      ...spec,
      ...(initContainers && { initContainers }),
      containers,
      ...(present === undefined && { volumes: [...(spec.volumes ?? []), tokenVolume(name)] }),
    },
  };
}

type Env = Pick<Container, 'name' | 'env' | 'envFrom'>;

function envFault(
  prefix: string,
  containers: readonly Env[],
  allowed: ReadonlySet<string>,
  account: string,
): string | undefined {
  const not = `is not allowed because service account ${account} does not reference that secret`;
  for (const c of containers) {
    for (const e of c.env ?? []) {
      const secret = e.valueFrom?.secretKeyRef?.name;
      if (secret !== undefined && !allowed.has(secret))
        return `${prefix} ${c.name} with envVar ${e.name} referencing secret.secretName="${secret}" ${not}`;
    }
    for (const e of c.envFrom ?? []) {
      const secret = e.secretRef?.name;
      if (secret !== undefined && !allowed.has(secret))
        return `${prefix} ${c.name} with envFrom referencing secret.secretName="${secret}" ${not}`;
    }
  }
  return undefined;
}

/** Under enforce-mountable-secrets: the first secret the account does not name. */
export function secretFault(pod: Pod, account: ServiceAccount, ephemeralOnly: boolean): string | undefined {
  const name = account.metadata.name ?? '';
  const allowed = new Set((account.secrets ?? []).map((s) => s.name ?? ''));
  const spec = pod.spec;
  if (ephemeralOnly)
    return envFault('ephemeral container', (spec?.ephemeralContainers ?? []) as readonly Env[], allowed, name);
  for (const v of spec?.volumes ?? []) {
    const secret = v.secret?.secretName;
    if (v.secret && !allowed.has(secret ?? ''))
      return `volume with secret.secretName="${secret}" is not allowed because service account ${name} does not reference that secret`;
  }
  const fault =
    envFault('init container', spec?.initContainers ?? [], allowed, name) ??
    envFault('container', spec?.containers ?? [], allowed, name);
  if (fault !== undefined) return fault;
  const pull = new Set((account.imagePullSecrets ?? []).map((s) => s.name ?? ''));
  for (const [i, s] of (spec?.imagePullSecrets ?? []).entries())
    if (!pull.has(s.name ?? ''))
      return `imagePullSecrets[${i}].name="${s.name}" is not allowed because service account ${name} does not reference that imagePullSecret`;
  return undefined;
}

function mirrorFault(pod: Pod): string | undefined {
  if (pod.spec?.serviceAccountName) return 'a mirror pod may not reference service accounts';
  if (podReferences(pod).some((r) => r.startsWith('secret/'))) return 'a mirror pod may not reference secrets';
  return pod.spec?.volumes?.some((v) => v.projected?.sources?.some((s) => s.serviceAccountToken))
    ? 'a mirror pod may not use ServiceAccountToken volume projections'
    : undefined;
}

const enforces = (account: ServiceAccount): boolean =>
  ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(account.metadata.annotations?.[enforceAnnotation] ?? '');

export function serviceAccountAdmission(deps: ServiceAccountDependencies): AdmissionPlugin {
  const find = (reader: ObjectReader, namespace: string, name: string) =>
    reader.get<ServiceAccount>({ group: '', plural: 'serviceaccounts' }, namespace, name);

  const missing = (a: AdmissionAttributes, name: string) =>
    refuse(
      a,
      `error looking up service account ${a.namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`,
    );

  /** The `default` account of a new namespace is on its way: wait for it. */
  async function wait(a: AdmissionAttributes, reader: ObjectReader, name: string): Promise<ServiceAccount> {
    const attempts = name === 'default' ? 10 : 2;
    const interval = 100 + Math.floor(deps.random() * 100);
    for (let i = 1; i < attempts; i++) {
      await deps.clock.sleep(interval);
      const account = find(reader, a.namespace, name);
      if (account) return account;
    }
    throw missing(a, name);
  }

  function complete(a: AdmissionAttributes, pod: Pod, account: ServiceAccount): Pod {
    const automount = pod.spec?.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
    let out = automount ? mountToken(pod, () => volumePrefix + suffix(deps.random)) : pod;
    if (out.spec && !out.spec.imagePullSecrets?.length && account.imagePullSecrets?.length)
      out = {
        ...out,
        spec: { ...out.spec, imagePullSecrets: account.imagePullSecrets.map((s) => ({ name: s.name })) },
      };
    const fault = enforces(account) ? secretFault(out, account, false) : undefined;
    if (fault !== undefined) throw refuse(a, fault);
    return out;
  }

  return {
    name: 'ServiceAccount',
    handles: ['CREATE', 'UPDATE'],
    admit(a, reader) {
      if (a.row.group !== '' || a.row.plural !== 'pods' || a.subresource || a.operation !== 'CREATE') return a.object;
      let pod = a.object as Pod;
      if (pod.metadata.annotations?.[mirrorAnnotation] !== undefined) {
        const fault = mirrorFault(pod);
        if (fault !== undefined) throw refuse(a, fault);
        return pod;
      }
      const name = pod.spec?.serviceAccountName || 'default';
      // the deprecated name of the field says the same
      if (pod.spec && (!pod.spec.serviceAccountName || !pod.spec.serviceAccount))
        pod = { ...pod, spec: { ...pod.spec, serviceAccountName: name, serviceAccount: name } };
      const account = find(reader, a.namespace, name);
      return account ? complete(a, pod, account) : wait(a, reader, name).then((found) => complete(a, pod, found));
    },
    validate(a, reader) {
      if (a.row.group !== '' || a.row.plural !== 'pods' || a.operation !== 'UPDATE') return;
      if (a.subresource?.name !== 'ephemeralcontainers') return;
      const pod = a.object as Pod;
      const name = pod.spec?.serviceAccountName;
      if (!name) throw refuse(a, `no service account specified for pod ${a.namespace}/${pod.metadata.name}`);
      const account = find(reader, a.namespace, name);
      if (!account) throw missing(a, name);
      const fault = enforces(account) ? secretFault(pod, account, true) : undefined;
      if (fault !== undefined) throw refuse(a, fault);
    },
  };
}
