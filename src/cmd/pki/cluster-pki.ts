/**
 * Which keys and certificates a cluster has: kubeadm's layout, subjects and names (cmd/kubeadm/app/phases/certs), made once, kept, and
 * renewed when they near their end or no longer say what they should. Keys are P-256 throughout, the service account key too (tokens are
 * signed ES256): an RSA key takes 150 ms to make, these take none.
 */
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import {
  canonicalIp,
  type CertificateAndKey,
  createCa,
  type ExtendedUsage,
  generateKeyPair,
  inspectCertificate,
  isIssuedBy,
  readIfExists,
  signLeaf,
  writePrivateFile,
} from '../../base/pki/index.ts';

export interface Identity {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

export interface CertificatePaths {
  readonly cert: string;
  readonly key: string;
}

export interface ClusterPkiOptions {
  /** Where the files go, e.g. /var/lib/k8ts/pki. */
  readonly dir: string;
  /** Further DNS names and addresses of the API server. */
  readonly apiServerSans: readonly string[];
  readonly nodeName: string;
  readonly nodeIPs: readonly string[];
  /** `cluster.local` */
  readonly clusterDomain: string;
  /** First address of the service range: the `kubernetes` service. */
  readonly serviceIP: string;
  readonly clock: Clock;
  /** Further client certificates, by file name. */
  readonly clients?: Readonly<Record<string, Identity>>;
}

export interface ClusterPkiPaths {
  readonly ca: CertificatePaths;
  readonly apiserver: CertificatePaths;
  readonly apiserverKubeletClient: CertificatePaths;
  readonly frontProxyCa: CertificatePaths;
  readonly frontProxyClient: CertificatePaths;
  /** Signs (key) and verifies (pub) service account tokens. */
  readonly serviceAccount: { readonly key: string; readonly pub: string };
  readonly admin: CertificatePaths;
  readonly controllerManager: CertificatePaths;
  readonly scheduler: CertificatePaths;
  readonly kubeProxy: CertificatePaths;
  readonly kubeletClient: CertificatePaths;
  readonly kubeletServer: CertificatePaths;
  readonly clients: Readonly<Record<string, CertificatePaths>>;
  /** Base names of what was made or renewed in this call. */
  readonly renewed: readonly string[];
}

interface Wanted extends Identity {
  readonly file: string;
  readonly usages: readonly ExtendedUsage[];
  readonly sans?: readonly string[];
}

const day = 86_400_000;
const caLife = 3650 * day;
const leafLife = 365 * day;
const renewBefore = 30 * day;
/** Clocks of other machines may lag. */
const backdate = 5 * 60_000;

const isAddress = (san: string): boolean => san.includes(':') || /^\d+(\.\d+){3}$/.test(san);
const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && new Set([...a, ...b]).size === a.length;
const pathsOf = (dir: string, file: string): CertificatePaths => ({
  cert: join(dir, `${file}.crt`),
  key: join(dir, `${file}.key`),
});

async function readPair(paths: CertificatePaths): Promise<CertificateAndKey | undefined> {
  const [cert, key] = await Promise.all([readIfExists(paths.cert), readIfExists(paths.key)]);
  return cert !== undefined && key !== undefined ? { cert, key } : undefined;
}

async function writePair(paths: CertificatePaths, pair: CertificateAndKey): Promise<void> {
  // the key first: a certificate without its key would look finished
  await writePrivateFile(paths.key, pair.key);
  await writePrivateFile(paths.cert, pair.cert);
}

interface Maker {
  readonly now: number;
  readonly renewed: string[];
}

async function ensureCa(dir: string, file: string, commonName: string, maker: Maker): Promise<CertificateAndKey> {
  const paths = pathsOf(dir, file);
  const existing = await readPair(paths);
  if (existing) {
    const facts = inspectCertificate(existing.cert);
    if (!facts.isCa || !isIssuedBy(facts, existing.key, facts.certificate))
      throw new Error(
        `${paths.cert} and ${paths.key} are not a certificate authority: remove both to have new ones made`,
      );
    if (facts.notAfter <= maker.now)
      throw new Error(`the certificate authority ${paths.cert} has expired: remove ${dir} to have a new one made`);
    return existing;
  }
  const made = await createCa({ commonName, notBefore: maker.now - backdate, notAfter: maker.now + caLife });
  await writePair(paths, made);
  maker.renewed.push(file);
  return made;
}

/** The pair says what is wanted, is signed by this authority and has a month left. */
function isGood(pair: CertificateAndKey, wanted: Wanted, ca: CertificateAndKey, now: number): boolean {
  try {
    const facts = inspectCertificate(pair.cert);
    const caFacts = inspectCertificate(ca.cert);
    return (
      // a leaf that ends with its authority cannot be made to last longer
      (facts.notAfter - now > renewBefore || facts.notAfter === caFacts.notAfter) &&
      facts.notAfter > now &&
      facts.commonName === wanted.commonName &&
      sameSet(facts.organizations, wanted.organizations ?? []) &&
      sameSet(facts.usages, wanted.usages) &&
      sameSet([...facts.dnsNames, ...facts.ipAddresses], wanted.sans ?? []) &&
      isIssuedBy(facts, pair.key, caFacts.certificate)
    );
  } catch {
    return false;
  }
}

async function ensureLeaf(dir: string, ca: CertificateAndKey, wanted: Wanted, maker: Maker): Promise<CertificatePaths> {
  const paths = pathsOf(dir, wanted.file);
  const existing = await readPair(paths);
  if (existing && isGood(existing, wanted, ca, maker.now)) return paths;
  const sans = wanted.sans ?? [];
  const made = await signLeaf(ca, {
    commonName: wanted.commonName,
    organizations: wanted.organizations ?? [],
    dnsNames: sans.filter((s) => !isAddress(s)),
    ipAddresses: sans.filter(isAddress),
    usages: wanted.usages,
    notBefore: maker.now - backdate,
    notAfter: maker.now + leafLife,
  });
  await writePair(paths, made);
  maker.renewed.push(wanted.file);
  return paths;
}

async function ensureServiceAccountKey(dir: string, maker: Maker): Promise<{ key: string; pub: string }> {
  const paths = { key: join(dir, 'sa.key'), pub: join(dir, 'sa.pub') };
  const [key, pub] = await Promise.all([readIfExists(paths.key), readIfExists(paths.pub)]);
  if (key !== undefined && pub !== undefined) return paths;
  const made = await generateKeyPair();
  await writePrivateFile(paths.key, made.privateKey);
  await writePrivateFile(paths.pub, made.publicKey);
  maker.renewed.push('sa');
  return paths;
}

/** The names under which the API server is reached (kubeadm: GetAPIServerAltNames). */
export function apiServerNames(
  o: Pick<ClusterPkiOptions, 'apiServerSans' | 'nodeName' | 'nodeIPs' | 'clusterDomain' | 'serviceIP'>,
): readonly string[] {
  return [
    ...new Set(
      [
        'kubernetes',
        'kubernetes.default',
        'kubernetes.default.svc',
        `kubernetes.default.svc.${o.clusterDomain}`,
        'localhost',
        o.nodeName,
        o.serviceIP,
        '127.0.0.1',
        '::1',
        ...o.nodeIPs,
        ...o.apiServerSans,
      ].map(canonicalIp),
    ),
  ];
}

export interface NodePkiOptions {
  readonly dir: string;
  readonly nodeName: string;
  readonly nodeIPs: readonly string[];
  readonly ca: CertificateAndKey;
  readonly clock: Clock;
}

const nodeLeaves = (nodeName: string, nodeIPs: readonly string[]): readonly [Wanted, Wanted] => {
  const node = { commonName: `system:node:${nodeName}`, organizations: ['system:nodes'] };
  return [
    { ...node, file: 'kubelet-client', usages: ['client'] },
    {
      ...node,
      file: 'kubelet',
      usages: ['server'],
      sans: [...new Set([nodeName, 'localhost', '127.0.0.1', '::1', ...nodeIPs].map(canonicalIp))],
    },
  ];
};

/** A further node's certificates, in a directory of its own. */
export async function ensureNodePki(
  options: NodePkiOptions,
): Promise<{ readonly kubeletClient: CertificatePaths; readonly kubeletServer: CertificatePaths }> {
  const maker: Maker = { now: options.clock.now(), renewed: [] };
  const [client, server] = nodeLeaves(options.nodeName, options.nodeIPs);
  const [kubeletClient, kubeletServer] = await Promise.all([
    ensureLeaf(options.dir, options.ca, client, maker),
    ensureLeaf(options.dir, options.ca, server, maker),
  ]);
  return { kubeletClient, kubeletServer };
}

/** Makes what is missing, renews what has under 30 days left or other names than wanted, and says where everything is. */
export async function ensureClusterPki(options: ClusterPkiOptions): Promise<ClusterPkiPaths> {
  const { dir } = options;
  const maker: Maker = { now: options.clock.now(), renewed: [] };
  const [ca, frontCa, serviceAccount] = await Promise.all([
    ensureCa(dir, 'ca', 'kubernetes', maker),
    ensureCa(dir, 'front-proxy-ca', 'front-proxy-ca', maker),
    ensureServiceAccountKey(dir, maker),
  ]);
  const leaf = (wanted: Wanted, by = ca) => ensureLeaf(dir, by, wanted, maker);
  const client = (file: string, identity: Identity) => leaf({ ...identity, file, usages: ['client'] });
  const [nodeClient, nodeServer] = nodeLeaves(options.nodeName, options.nodeIPs);
  const extra = Object.entries(options.clients ?? {});
  const [
    apiserver,
    apiserverKubeletClient,
    frontProxyClient,
    admin,
    controllerManager,
    scheduler,
    kubeProxy,
    kubeletClient,
    kubeletServer,
    ...others
  ] = await Promise.all([
    leaf({ file: 'apiserver', commonName: 'kube-apiserver', usages: ['server'], sans: apiServerNames(options) }),
    client('apiserver-kubelet-client', {
      commonName: 'kube-apiserver-kubelet-client',
      organizations: ['system:masters'],
    }),
    leaf({ file: 'front-proxy-client', commonName: 'front-proxy-client', usages: ['client'] }, frontCa),
    client('admin', { commonName: 'kubernetes-admin', organizations: ['system:masters'] }),
    client('controller-manager', { commonName: 'system:kube-controller-manager' }),
    client('scheduler', { commonName: 'system:kube-scheduler' }),
    client('kube-proxy', { commonName: 'system:kube-proxy' }),
    leaf(nodeClient),
    leaf(nodeServer),
    ...extra.map(([file, identity]) => client(file, identity)),
  ]);
  return {
    ca: pathsOf(dir, 'ca'),
    apiserver,
    apiserverKubeletClient,
    frontProxyCa: pathsOf(dir, 'front-proxy-ca'),
    frontProxyClient,
    serviceAccount,
    admin,
    controllerManager,
    scheduler,
    kubeProxy,
    kubeletClient,
    kubeletServer,
    clients: Object.fromEntries(extra.map(([file], i) => [file, others[i]!])),
    renewed: maker.renewed,
  };
}
