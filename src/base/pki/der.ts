/** The few DER structures the PKI handles itself: names of certificates and requests, read and written exactly, without escapes. */

export interface Tlv {
  readonly tag: number;
  /** The whole element, header included. */
  readonly raw: Buffer;
  readonly content: Buffer;
  /** Offset after the element. */
  readonly end: number;
}

/** One element at `offset`; throws on malformed or truncated input. */
export function readTlv(data: Buffer, offset = 0): Tlv {
  const tag = data[offset];
  const first = data[offset + 1];
  if (tag === undefined || first === undefined) throw new Error('DER: truncated header');
  let length = first;
  let at = offset + 2;
  if (first & 0x80) {
    const bytes = first & 0x7f;
    if (bytes === 0 || bytes > 4 || at + bytes > data.length) throw new Error('DER: bad length');
    length = data.readUIntBE(at, bytes);
    at += bytes;
  }
  const end = at + length;
  if (end > data.length) throw new Error('DER: truncated content');
  return { tag, raw: data.subarray(offset, end), content: data.subarray(at, end), end };
}

/** The elements inside a constructed element's content. */
export function children(content: Buffer): readonly Tlv[] {
  const out: Tlv[] = [];
  for (let at = 0; at < content.length; ) {
    const tlv = readTlv(content, at);
    out.push(tlv);
    at = tlv.end;
  }
  return out;
}

/** Dotted text of an OBJECT IDENTIFIER's content. */
export function oidText(content: Buffer): string {
  const arcs: number[] = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (arcs.length === 0) {
      const top = Math.min(2, Math.floor(value / 40));
      arcs.push(top, value - top * 40);
    } else arcs.push(value);
    value = 0;
  }
  return arcs.join('.');
}

export interface DistinguishedName {
  /** The last CN, '' when there is none. */
  readonly commonName: string;
  /** Every O, in order, also those that share one relative name. */
  readonly organizations: readonly string[];
}

const commonNameOid = '2.5.4.3';
const organizationOid = '2.5.4.10';

const stringOf = (tlv: Tlv): string => {
  if (tlv.tag === 0x1e) return Buffer.from(tlv.content).swap16().toString('utf16le');
  return tlv.content.toString(tlv.tag === 0x14 ? 'latin1' : 'utf8');
};

/** CN and O of an X.501 Name (the content of its SEQUENCE). */
export function nameOf(content: Buffer): DistinguishedName {
  let commonName = '';
  const organizations: string[] = [];
  for (const relative of children(content))
    for (const attribute of children(relative.content)) {
      const [oid, value] = children(attribute.content);
      if (!oid || !value) throw new Error('DER: bad name attribute');
      const type = oidText(oid.content);
      if (type === commonNameOid) commonName = stringOf(value);
      else if (type === organizationOid) organizations.push(stringOf(value));
    }
  return { commonName, organizations };
}

const element = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const short = length.subarray(length.findIndex((b) => b !== 0));
  return Buffer.concat([Buffer.from([tag, 0x80 | short.length]), short, content]);
};

/** An X.501 Name with one relative name per O and then the CN, as UTF8String: no character of a value has a meaning. */
export function encodeName(name: { readonly commonName: string; readonly organizations?: readonly string[] }): Buffer {
  const attribute = (lastArc: number, value: string) =>
    element(
      0x31,
      element(0x30, element(0x06, Buffer.from([0x55, 0x04, lastArc])), element(0x0c, Buffer.from(value, 'utf8'))),
    );
  return element(
    0x30,
    ...(name.organizations ?? []).map((o) => attribute(10, o)),
    ...(name.commonName ? [attribute(3, name.commonName)] : []),
  );
}

/** Subject of a certificate's DER (RFC 5280, 4.1). */
export function subjectOfCertificate(der: Buffer): DistinguishedName {
  const tbs = children(readTlv(der).content)[0];
  if (!tbs) throw new Error('DER: not a certificate');
  const fields = children(tbs.content);
  // version [0] is optional; then serial, signature, issuer, validity, subject
  const subject = fields[fields[0]?.tag === 0xa0 ? 5 : 4];
  if (!subject) throw new Error('DER: not a certificate');
  return nameOf(subject.content);
}

export interface RequestParts {
  readonly subject: DistinguishedName;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Buffer;
  /** What is signed. */
  readonly info: Buffer;
  readonly signatureAlgorithm: string;
  readonly signature: Buffer;
  /** Values of the requested extensions by OID. */
  readonly extensions: ReadonlyMap<string, Buffer>;
}

const extensionRequestOid = '1.2.840.113549.1.9.14';

/** The parts of a PKCS#10 request (RFC 2986, 4). */
export function requestParts(der: Buffer): RequestParts {
  const [info, algorithm, signature] = children(readTlv(der).content);
  if (!info || !algorithm || !signature) throw new Error('DER: not a certificate request');
  const [, subject, publicKey, attributes] = children(info.content);
  const oid = children(algorithm.content)[0];
  if (!subject || !publicKey || !oid) throw new Error('DER: not a certificate request');
  const extensions = new Map<string, Buffer>();
  if (attributes)
    for (const attribute of children(attributes.content)) {
      const [type, values] = children(attribute.content);
      if (!type || !values || oidText(type.content) !== extensionRequestOid) continue;
      const list = children(values.content)[0];
      for (const extension of list ? children(list.content) : []) {
        const parts = children(extension.content);
        const value = parts.at(-1);
        if (parts[0] && value) extensions.set(oidText(parts[0].content), value.content);
      }
    }
  return {
    subject: nameOf(subject.content),
    publicKey: publicKey.raw,
    info: info.raw,
    signatureAlgorithm: oidText(oid.content),
    // the first octet of a BIT STRING counts unused bits
    signature: signature.content.subarray(1),
    extensions,
  };
}

export interface AlternativeNames {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
}

/** The value of a subjectAltName extension (RFC 5280, 4.2.1.6). */
export function alternativeNames(value: Buffer | undefined): AlternativeNames {
  const out = {
    dnsNames: [] as string[],
    ipAddresses: [] as string[],
    emailAddresses: [] as string[],
    uris: [] as string[],
  };
  if (!value) return out;
  for (const name of children(readTlv(value).content)) {
    if (name.tag === 0x82) out.dnsNames.push(name.content.toString('latin1'));
    else if (name.tag === 0x81) out.emailAddresses.push(name.content.toString('latin1'));
    else if (name.tag === 0x86) out.uris.push(name.content.toString('latin1'));
    else if (name.tag === 0x87) out.ipAddresses.push(ipText(name.content));
  }
  return out;
}

/** 4 or 16 bytes as text; IPv6 in the shortest form of RFC 5952. */
export function ipText(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join('.');
  if (bytes.length !== 16) throw new Error('DER: an IP address has 4 or 16 bytes');
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}
