/**
 * Conditional defaults of a pod spec, in pods and in pod templates (upstream: pkg/apis/core/v1/defaults.go, SetDefaults_PodSpec and
 * what it contains). Static defaults (`+default` markers) have been filled in by the schema.
 */
import type {
  Container,
  EphemeralContainer,
  EnvVar,
  Lifecycle,
  LifecycleHandler,
  ObjectFieldSelector,
  PodSpec,
  PodTemplateSpec,
  Probe,
  Volume,
  VolumeProjection,
} from '../types.ts';
import { defaultClaimSpec } from './claim-defaults.ts';
import { roundedResources } from './resource-list.ts';

/**
 * Tag of an image name: `latest` when there is neither a tag nor a digest, empty when only a digest names the image
 * (upstream: pkg/util/parsers.ParseImageName).
 */
export function imageTag(image: string): string {
  if (!image) return '';
  const at = image.indexOf('@');
  const name = at < 0 ? image : image.slice(0, at);
  const colon = name.lastIndexOf(':');
  if (colon > name.lastIndexOf('/')) return name.slice(colon + 1);
  return at < 0 ? 'latest' : '';
}
const pullPolicy = (image: string | undefined): 'Always' | 'IfNotPresent' =>
  imageTag(image ?? '') === 'latest' ? 'Always' : 'IfNotPresent';

const fieldRef = (f: ObjectFieldSelector): ObjectFieldSelector => (f.apiVersion ? f : { ...f, apiVersion: 'v1' });

function handler<T extends LifecycleHandler | Probe>(h: T): T {
  const get = h.httpGet;
  if (!get || (get.path && get.scheme)) return h;
  return { ...h, httpGet: { ...get, path: get.path || '/', scheme: get.scheme || 'HTTP' } };
}
function probe(p: Probe): Probe {
  return {
    ...handler(p),
    ...(p.grpc && p.grpc.service === undefined && { grpc: { ...p.grpc, service: '' } }),
    timeoutSeconds: p.timeoutSeconds || 1,
    periodSeconds: p.periodSeconds || 10,
    successThreshold: p.successThreshold || 1,
    failureThreshold: p.failureThreshold || 3,
  };
}
const lifecycle = (l: Lifecycle): Lifecycle => ({
  ...l,
  ...(l.postStart && { postStart: handler(l.postStart) }),
  ...(l.preStop && { preStop: handler(l.preStop) }),
});

function env(e: EnvVar): EnvVar {
  const from = e.valueFrom;
  if (from?.fieldRef && !from.fieldRef.apiVersion)
    return { ...e, valueFrom: { ...from, fieldRef: fieldRef(from.fieldRef) } };
  if (from?.fileKeyRef && from.fileKeyRef.optional === undefined)
    return { ...e, valueFrom: { ...from, fileKeyRef: { ...from.fileKeyRef, optional: false } } };
  return e;
}

type AnyContainer = Container | EphemeralContainer;

/** Defaults of one container. */
export function defaultContainer<T extends AnyContainer>(c: T): T {
  return {
    ...c,
    imagePullPolicy: c.imagePullPolicy || pullPolicy(c.image),
    terminationMessagePath: c.terminationMessagePath || '/dev/termination-log',
    terminationMessagePolicy: c.terminationMessagePolicy || 'File',
    resources: roundedResources(c.resources ?? {}),
    ...(c.ports?.some((p) => !p.protocol) && {
      ports: c.ports.map((p) => (p.protocol ? p : { ...p, protocol: 'TCP' })),
    }),
    ...(c.env?.some((e) => e.valueFrom) && { env: c.env.map(env) }),
    ...(c.livenessProbe && { livenessProbe: probe(c.livenessProbe) }),
    ...(c.readinessProbe && { readinessProbe: probe(c.readinessProbe) }),
    ...(c.startupProbe && { startupProbe: probe(c.startupProbe) }),
    ...(c.lifecycle && { lifecycle: lifecycle(c.lifecycle) }),
  };
}

function projection(s: VolumeProjection): VolumeProjection {
  if (s.serviceAccountToken && s.serviceAccountToken.expirationSeconds === undefined)
    return { ...s, serviceAccountToken: { ...s.serviceAccountToken, expirationSeconds: 3600 } };
  if (s.downwardAPI?.items?.some((i) => i.fieldRef && !i.fieldRef.apiVersion))
    return { ...s, downwardAPI: { ...s.downwardAPI, items: downwardItems(s.downwardAPI.items) } };
  return s;
}
const downwardItems = <I extends { readonly fieldRef?: ObjectFieldSelector | undefined }>(items: readonly I[]): I[] =>
  items.map((i) => (i.fieldRef ? { ...i, fieldRef: fieldRef(i.fieldRef) } : i));

const hasSource = (v: Volume): boolean => {
  for (const k in v) if (k !== 'name' && v[k as keyof Volume] !== undefined) return true;
  return false;
};

/** Defaults of one volume: a volume without a source is an emptyDir. */
export function defaultVolume(v: Volume): Volume {
  if (v.configMap) return { ...v, configMap: { ...v.configMap, defaultMode: v.configMap.defaultMode ?? 420 } };
  if (v.secret) return { ...v, secret: { ...v.secret, defaultMode: v.secret.defaultMode ?? 420 } };
  if (v.projected)
    return {
      ...v,
      projected: {
        ...v.projected,
        defaultMode: v.projected.defaultMode ?? 420,
        ...(v.projected.sources && { sources: v.projected.sources.map(projection) }),
      },
    };
  if (v.downwardAPI)
    return {
      ...v,
      downwardAPI: {
        ...v.downwardAPI,
        defaultMode: v.downwardAPI.defaultMode ?? 420,
        ...(v.downwardAPI.items && { items: downwardItems(v.downwardAPI.items) }),
      },
    };
  if (v.hostPath) return v.hostPath.type === undefined ? { ...v, hostPath: { ...v.hostPath, type: '' } } : v;
  if (v.image)
    return v.image.pullPolicy ? v : { ...v, image: { ...v.image, pullPolicy: pullPolicy(v.image.reference) } };
  if (v.ephemeral?.volumeClaimTemplate) {
    const t = v.ephemeral.volumeClaimTemplate;
    return { ...v, ephemeral: { ...v.ephemeral, volumeClaimTemplate: { ...t, spec: defaultClaimSpec(t.spec) } } };
  }
  return hasSource(v) ? v : { ...v, emptyDir: {} };
}

/** Defaults of a pod spec wherever one occurs. `serviceAccount` follows `serviceAccountName`. */
export function defaultPodSpec(s: PodSpec): PodSpec {
  const account = s.serviceAccountName || s.serviceAccount;
  return {
    ...s,
    ...(s.volumes && { volumes: s.volumes.map(defaultVolume) }),
    ...(s.initContainers && { initContainers: s.initContainers.map(defaultContainer) }),
    containers: (s.containers ?? []).map(defaultContainer),
    ...(s.ephemeralContainers && { ephemeralContainers: s.ephemeralContainers.map(defaultContainer) }),
    restartPolicy: s.restartPolicy || 'Always',
    terminationGracePeriodSeconds: s.terminationGracePeriodSeconds ?? 30,
    dnsPolicy: s.dnsPolicy || 'ClusterFirst',
    ...(account && { serviceAccountName: account, serviceAccount: account }),
    securityContext: s.securityContext ?? {},
    schedulerName: s.schedulerName || 'default-scheduler',
  };
}

export const defaultPodTemplateSpec = (t: PodTemplateSpec): PodTemplateSpec => ({
  ...t,
  spec: defaultPodSpec(t.spec),
});
