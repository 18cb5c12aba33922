/**
 * X.509 for the cluster's PKI: P-256 authorities, leaves and signing requests. Making them loads @peculiar/x509 on first use, so that a
 * start-up that finds its certificates pays nothing; looking at them needs only node:crypto.
 */
import { createHash, createPublicKey, randomBytes, verify, webcrypto, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import {
  type AlternativeNames,
  alternativeNames,
  type DistinguishedName,
  encodeName,
  requestParts,
  subjectOfCertificate,
} from './der.ts';

export interface CertificateAndKey {
  /** PEM. */
  readonly cert: string;
  /** PEM, PKCS#8. */
  readonly key: string;
}

export interface Validity {
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

export type ExtendedUsage = 'client' | 'server';

export interface LeafSpec extends Validity {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly usages: readonly ExtendedUsage[];
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const usageOid: Record<ExtendedUsage, string> = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' };

type X509 = typeof import('@peculiar/x509');
let loading: Promise<X509> | undefined;
const library = (): Promise<X509> => {
  loading ??= import('reflect-metadata').then(() => import('@peculiar/x509'));
  return loading;
};

const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

export const pem = (label: string, der: ArrayBuffer | Buffer): string => {
  const text = Buffer.from(der as ArrayBuffer).toString('base64');
  return `-----BEGIN ${label}-----\n${text.match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END ${label}-----\n`;
};

/** DER of the first block with this label; throws when there is none. */
export function derOf(label: string, text: string): Buffer {
  const m = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`).exec(text);
  if (!m) throw new Error(`no PEM block of type ${label} in the text`);
  return Buffer.from(m[1]!.replaceAll(/\s/g, ''), 'base64');
}

const privatePem = async (key: CryptoKey): Promise<string> =>
  pem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', key));

/** A new P-256 key pair as PEM (PKCS#8 and SubjectPublicKeyInfo). */
export async function generateKeyPair(): Promise<{ readonly privateKey: string; readonly publicKey: string }> {
  const keys = await newKeys();
  return {
    privateKey: await privatePem(keys.privateKey),
    publicKey: pem('PUBLIC KEY', await webcrypto.subtle.exportKey('spki', keys.publicKey)),
  };
}

const importSigningKey = (keyPem: string): Promise<CryptoKey> =>
  webcrypto.subtle.importKey('pkcs8', new Uint8Array(derOf('PRIVATE KEY', keyPem)), algorithm, false, ['sign']);

// positive, and without a leading zero octet
const serial = (): string => {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes.toString('hex');
};

// the library would read quotes and # in a name as notation: `a"system:masters"` would become system:masters
const subjectName = (x: X509, n: { readonly commonName: string; readonly organizations?: readonly string[] }) =>
  new x.Name(new Uint8Array(encodeName(n)));

/** A self-signed authority (kubeadm's form: CN only, may sign certificates and CRLs, its name also as a DNS name). */
export async function createCa(spec: { readonly commonName: string } & Validity): Promise<CertificateAndKey> {
  const x = await library();
  const keys = await newKeys();
  const name = subjectName(x, spec);
  const cert = await x.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: name,
    issuer: name,
    notBefore: new Date(spec.notBefore),
    notAfter: new Date(spec.notAfter),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    extensions: [
      new x.KeyUsagesExtension(
        x.KeyUsageFlags.digitalSignature |
          x.KeyUsageFlags.keyEncipherment |
          x.KeyUsageFlags.keyCertSign |
          x.KeyUsageFlags.cRLSign,
        true,
      ),
      new x.BasicConstraintsExtension(true, undefined, true),
      await x.SubjectKeyIdentifierExtension.create(keys.publicKey),
      new x.SubjectAlternativeNameExtension([{ type: 'dns', value: spec.commonName }]),
    ],
  });
  return { cert: pem('CERTIFICATE', cert.rawData), key: await privatePem(keys.privateKey) };
}

interface Signing {
  readonly subject: { readonly commonName: string; readonly organizations?: readonly string[] };
  readonly publicKey: CryptoKey | Buffer;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly usages: readonly ExtendedUsage[];
  readonly keyEncipherment: boolean;
}

async function sign(ca: CertificateAndKey, what: Signing, validity: Validity): Promise<string> {
  const x = await library();
  const issuer = new x.X509Certificate(derOf('CERTIFICATE', ca.cert));
  const publicKey = Buffer.isBuffer(what.publicKey) ? new x.PublicKey(what.publicKey) : what.publicKey;
  const names = [
    ...what.dnsNames.map((value) => ({ type: 'dns' as const, value })),
    ...what.ipAddresses.map((value) => ({ type: 'ip' as const, value })),
  ];
  for (const ip of what.ipAddresses) if (!isIP(ip)) throw new Error(`cannot certify ${ip}: not an IP address`);
  const flags = x.KeyUsageFlags.digitalSignature | (what.keyEncipherment ? x.KeyUsageFlags.keyEncipherment : 0);
  const cert = await x.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: subjectName(x, what.subject),
    issuer: issuer.subjectName,
    notBefore: new Date(validity.notBefore),
    // nothing outlives what vouches for it
    notAfter: new Date(Math.min(validity.notAfter, issuer.notAfter.getTime())),
    signingAlgorithm: algorithm,
    publicKey,
    signingKey: await importSigningKey(ca.key),
    extensions: [
      new x.KeyUsagesExtension(flags, true),
      new x.ExtendedKeyUsageExtension(what.usages.map((u) => usageOid[u])),
      new x.BasicConstraintsExtension(false, undefined, true),
      await x.AuthorityKeyIdentifierExtension.create(await issuer.publicKey.export()),
      ...(names.length ? [new x.SubjectAlternativeNameExtension(names, what.subject.commonName === '')] : []),
    ],
  });
  return pem('CERTIFICATE', cert.rawData);
}

/** A new key and its certificate, signed by the authority. */
export async function signLeaf(ca: CertificateAndKey, spec: LeafSpec): Promise<CertificateAndKey> {
  const keys = await newKeys();
  const cert = await sign(
    ca,
    {
      subject: spec,
      publicKey: keys.publicKey,
      dnsNames: spec.dnsNames ?? [],
      ipAddresses: spec.ipAddresses ?? [],
      usages: spec.usages,
      keyEncipherment: true,
    },
    spec,
  );
  return { cert, key: await privatePem(keys.privateKey) };
}

export interface CsrSpec {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
}

/** A PKCS#10 request with a new key. */
export async function createCsr(spec: CsrSpec): Promise<{ readonly csr: string; readonly key: string }> {
  const x = await library();
  const keys = await newKeys();
  const names = [
    ...(spec.dnsNames ?? []).map((value) => ({ type: 'dns' as const, value })),
    ...(spec.ipAddresses ?? []).map((value) => ({ type: 'ip' as const, value })),
  ];
  const csr = await x.Pkcs10CertificateRequestGenerator.create({
    name: subjectName(x, spec),
    keys,
    signingAlgorithm: algorithm,
    extensions: names.length ? [new x.SubjectAlternativeNameExtension(names)] : [],
  });
  return { csr: pem('CERTIFICATE REQUEST', csr.rawData), key: await privatePem(keys.privateKey) };
}

export interface CsrFacts extends DistinguishedName, AlternativeNames {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Buffer;
  /** The request is signed by the key it carries. */
  readonly signatureValid: boolean;
}

const signatureHash: Readonly<Record<string, string | null>> = {
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.3.101.112': null,
};

/** Reads a request (PEM); throws when it is not one. */
export function parseCsr(text: string): CsrFacts {
  const parts = requestParts(derOf('(?:NEW )?CERTIFICATE REQUEST', text));
  const hash = signatureHash[parts.signatureAlgorithm];
  let signatureValid = false;
  if (hash !== undefined) {
    const key = createPublicKey({ key: parts.publicKey, format: 'der', type: 'spki' });
    signatureValid = verify(hash, parts.info, key, parts.signature);
  }
  return {
    ...parts.subject,
    ...alternativeNames(parts.extensions.get('2.5.29.17')),
    publicKey: parts.publicKey,
    signatureValid,
  };
}

/** Certificate (PEM) for a request's subject, names and key. Throws when the request's own signature is wrong. */
export async function signCsr(
  ca: CertificateAndKey,
  csr: string,
  options: Validity & { readonly usages: readonly ExtendedUsage[]; readonly keyEncipherment?: boolean },
): Promise<string> {
  const facts = parseCsr(csr);
  if (!facts.signatureValid) throw new Error('cannot sign the certificate request: its signature does not verify');
  return sign(
    ca,
    { subject: facts, ...facts, usages: options.usages, keyEncipherment: options.keyEncipherment ?? false },
    options,
  );
}

export interface CertificateFacts extends DistinguishedName, Validity {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly isCa: boolean;
  readonly usages: readonly ExtendedUsage[];
  /** SHA-256 of the DER, hex. */
  readonly fingerprint: string;
  readonly certificate: X509Certificate;
}

/** What a certificate (PEM or DER) says. Checks nothing. */
export function inspectCertificate(data: string | Buffer): CertificateFacts {
  const certificate = new X509Certificate(data);
  const names = (certificate.subjectAltName ?? '').split(', ');
  const of = (prefix: string) => names.filter((n) => n.startsWith(prefix)).map((n) => n.slice(prefix.length));
  const usages = certificate.keyUsage ?? [];
  return {
    ...subjectOfCertificate(certificate.raw),
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
    dnsNames: of('DNS:'),
    ipAddresses: of('IP Address:').map(canonicalIp),
    isCa: certificate.ca,
    usages: (['client', 'server'] as const).filter((u) => usages.includes(usageOid[u])),
    fingerprint: createHash('sha256').update(certificate.raw).digest('hex'),
    certificate,
  };
}

/** One spelling per address: `0:0:0:0:0:0:0:1` and `::1` are equal. */
export const canonicalIp = (ip: string): string =>
  isIP(ip) === 6 ? new URL(`http://[${ip}]/`).hostname.slice(1, -1) : ip;

/** The certificate is signed by `ca` and belongs to `key` (all PEM). */
export function isIssuedBy(cert: CertificateFacts, key: string, ca: X509Certificate): boolean {
  try {
    return cert.certificate.verify(ca.publicKey) && cert.certificate.publicKey.equals(createPublicKey(key));
  } catch {
    return false;
  }
}
