/** The environment of a container: service links, envFrom, env with `$(VAR)` expansion and the downward API (upstream: kubelet_pods.go makeEnvironmentVariables). */
import type { ConfigMap, Container, Pod, Secret, Service } from '../../api/core/v1/types.ts';
import { envFileValue } from './env-file.ts';
import { isNotFound } from '../../machinery/status-error.ts';
import { nameOf, namespaceOf, uidOf } from './identity.ts';
import { milliValue, quantityValue } from './quantity.ts';

/** Expands `$(NAME)`; `$$` is a dollar; an unknown name stays as written (KEP: third_party/forked/golang/expansion). */
export function expand(text: string, lookup: (name: string) => string | undefined): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const next = text[i + 1];
    if (text[i] !== '$' || next === undefined) out += text[i];
    else if (next === '$') {
      out += '$';
      i++;
    } else if (next === '(') {
      const end = text.indexOf(')', i + 2);
      if (end < 0) {
        out += '$(';
        i++;
      } else {
        const name = text.slice(i + 2, end);
        out += lookup(name) ?? `$(${name})`;
        i = end;
      }
    } else {
      out += `$${next}`;
      i++;
    }
  }
  return out;
}

/** What the node tells a pod of itself. */
export interface DownwardFacts {
  readonly nodeName: string;
  readonly hostIPs: readonly string[];
  readonly podIPs: readonly string[];
  /** Allocatable of the node, the default of a limit that is not set. */
  readonly allocatable: Readonly<Record<string, string>>;
}

export interface EnvSources {
  readonly services: readonly Service[];
  configMap(namespace: string, name: string): Promise<ConfigMap>;
  secret(namespace: string, name: string): Promise<Secret>;
  /** The text of a file in a volume of the pod; the path it has on the node. */
  file(volume: string, path: string): Promise<{ readonly text: string; readonly path: string }>;
}

const formatMap = (m: Readonly<Record<string, string>> | undefined): string =>
  Object.keys(m ?? {})
    .sort()
    .map((k) => `${k}=${goQuote(m![k]!)}`)
    .join('\n');
/** Go's %q for text: JSON's quoting but for control characters. */
const goQuote = (s: string): string =>
  `"${[...s]
    .map((c) => {
      const code = c.codePointAt(0)!;
      const short = {
        '"': '\\"',
        '\\': '\\\\',
        '\n': '\\n',
        '\t': '\\t',
        '\r': '\\r',
        '\b': '\\b',
        '\f': '\\f',
        '\v': '\\v',
      }[c];
      return short ?? (code < 32 || code === 127 ? `\\x${code.toString(16).padStart(2, '0')}` : c);
    })
    .join('')}"`;

/** A fieldRef's value; throws what the pod's event says. */
export function fieldValue(pod: Pod, path: string, facts: DownwardFacts): string {
  const subscript = /^(metadata\.(?:annotations|labels))\['(.*)'\]$/.exec(path);
  if (subscript)
    return (subscript[1] === 'metadata.labels' ? pod.metadata.labels : pod.metadata.annotations)?.[subscript[2]!] ?? '';
  switch (path) {
    case 'metadata.name':
      return nameOf(pod);
    case 'metadata.namespace':
      return namespaceOf(pod);
    case 'metadata.uid':
      return uidOf(pod);
    case 'metadata.labels':
      return formatMap(pod.metadata.labels);
    case 'metadata.annotations':
      return formatMap(pod.metadata.annotations);
    case 'spec.nodeName':
      return pod.spec.nodeName || facts.nodeName;
    case 'spec.serviceAccountName':
      return pod.spec.serviceAccountName ?? '';
    case 'status.hostIP':
      return facts.hostIPs[0] ?? '';
    case 'status.hostIPs':
      return facts.hostIPs.join(',');
    case 'status.podIP':
      return facts.podIPs[0] ?? '';
    case 'status.podIPs':
      return facts.podIPs.join(',');
    default:
      throw new Error(`unsupported fieldPath: ${path}`);
  }
}

/** A resourceFieldRef's value: rounded up in units of the divisor. */
export function resourceValue(
  c: Container,
  resource: string,
  divisor: string | undefined,
  facts: DownwardFacts,
): string {
  const [kind, name] = [resource.slice(0, resource.indexOf('.')), resource.slice(resource.indexOf('.') + 1)];
  const limit = c.resources?.limits?.[name];
  const text =
    kind === 'limits'
      ? (limit ?? facts.allocatable[name] ?? '0')
      : kind === 'requests'
        ? (c.resources?.requests?.[name] ?? limit ?? '0')
        : undefined;
  if (text === undefined) throw new Error(`unsupported container resource : ${resource}`);
  const unit = divisor && quantityValue(divisor) !== 0 ? divisor : '1';
  return name === 'cpu'
    ? String(Math.ceil(milliValue(text) / milliValue(unit)))
    : String(Math.ceil(quantityValue(text) / quantityValue(unit)));
}

const envName = (s: string): string => s.toUpperCase().replaceAll('-', '_');

/** `{SVC}_SERVICE_HOST` and the older link variables, for services that have a cluster IP. */
export function serviceEnv(services: readonly Service[], namespace: string, links: boolean): Record<string, string> {
  const out: Record<string, string> = {};
  const chosen = new Map<string, Service>();
  for (const s of services) {
    const name = s.metadata.name ?? '';
    if (!s.spec.clusterIP || s.spec.clusterIP === 'None') continue;
    if (s.metadata.namespace === 'default' && name === 'kubernetes') {
      if (!chosen.has(name)) chosen.set(name, s);
    } else if (s.metadata.namespace === namespace && links) chosen.set(name, s);
  }
  for (const s of chosen.values()) {
    const prefix = envName(s.metadata.name ?? '');
    const ip = s.spec.clusterIP!;
    const ports = s.spec.ports ?? [];
    const host = ip.includes(':') ? `[${ip}]` : ip;
    out[`${prefix}_SERVICE_HOST`] = ip;
    if (ports[0]) out[`${prefix}_SERVICE_PORT`] = String(ports[0].port);
    ports.forEach((p, i) => {
      const protocol = (p.protocol || 'TCP').toLowerCase();
      if (p.name) out[`${prefix}_SERVICE_PORT_${envName(p.name)}`] = String(p.port);
      if (i === 0) out[`${prefix}_PORT`] = `${protocol}://${host}:${p.port}`;
      const link = `${prefix}_PORT_${p.port}_${protocol.toUpperCase()}`;
      out[link] = `${protocol}://${host}:${p.port}`;
      out[`${link}_PROTO`] = protocol;
      out[`${link}_PORT`] = String(p.port);
      out[`${link}_ADDR`] = ip;
    });
  }
  return out;
}

/** Later wins; order of declaration is kept. Throws what a CreateContainerConfigError says. */
export async function containerEnv(
  pod: Pod,
  c: Container,
  facts: DownwardFacts,
  sources: EnvSources,
): Promise<Record<string, string>> {
  const namespace = namespaceOf(pod);
  const links = serviceEnv(sources.services, namespace, pod.spec.enableServiceLinks ?? true);
  const env: Record<string, string> = {};
  const optionally = async <T>(optional: boolean | undefined, get: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await get();
    } catch (e) {
      if (optional && isNotFound(e)) return undefined;
      throw e;
    }
  };
  for (const from of c.envFrom ?? []) {
    const prefix = from.prefix ?? '';
    if (from.configMapRef) {
      const { name, optional } = from.configMapRef;
      const map = await optionally(optional, () => sources.configMap(namespace, name ?? ''));
      for (const [k, v] of Object.entries(map?.data ?? {})) env[prefix + k] = v;
    } else if (from.secretRef) {
      const { name, optional } = from.secretRef;
      const secret = await optionally(optional, () => sources.secret(namespace, name ?? ''));
      for (const [k, v] of Object.entries(secret?.data ?? {})) env[prefix + k] = Buffer.from(v, 'base64').toString();
    }
  }
  for (const e of c.env ?? []) {
    const from = e.valueFrom;
    let value: string | undefined = e.value ?? '';
    if (value !== '') value = expand(value, (name) => env[name] ?? links[name]);
    else if (from?.fieldRef) value = fieldValue(pod, from.fieldRef.fieldPath, facts);
    else if (from?.resourceFieldRef) {
      const ref = from.resourceFieldRef;
      value = resourceValue(c, ref.resource, ref.divisor, facts);
    } else if (from?.configMapKeyRef) {
      const { name = '', key, optional } = from.configMapKeyRef;
      const map = await optionally(optional, () => sources.configMap(namespace, name));
      value = map?.data?.[key];
      if (map && value === undefined && !optional)
        throw new Error(`couldn't find key ${key} in ConfigMap ${namespace}/${name}`);
    } else if (from?.secretKeyRef) {
      const { name = '', key, optional } = from.secretKeyRef;
      const secret = await optionally(optional, () => sources.secret(namespace, name));
      const data = secret?.data?.[key];
      if (secret && data === undefined && !optional)
        throw new Error(`couldn't find key ${key} in Secret ${namespace}/${name}`);
      value = data === undefined ? undefined : Buffer.from(data, 'base64').toString();
    } else if (from?.fileKeyRef) {
      const { volumeName, path, key, optional } = from.fileKeyRef;
      const file = await sources.file(volumeName, path);
      try {
        value = envFileValue(file.text, key);
      } catch {
        throw new Error("couldn't parse env file");
      }
      if (value === '' && !optional)
        throw new Error(`environment variable key "${key}" not found in file "${file.path}"`);
      if (value === '') value = undefined;
    }
    if (value !== undefined) env[e.name] = value;
  }
  for (const [k, v] of Object.entries(links)) env[k] ??= v;
  return env;
}
