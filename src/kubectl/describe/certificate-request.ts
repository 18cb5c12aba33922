/** Who a PEM certificate request (PKCS #10, RFC 2986) is for: as much of its DER as `describe csr` shows. */

export interface Subject {
  readonly commonName: string;
  readonly serialNumber: string;
  readonly organization: readonly string[];
  readonly organizationalUnit: readonly string[];
  readonly country: readonly string[];
  readonly locality: readonly string[];
  readonly province: readonly string[];
  readonly streetAddress: readonly string[];
  readonly postalCode: readonly string[];
  readonly dns: readonly string[];
  readonly email: readonly string[];
  readonly uri: readonly string[];
  readonly ip: readonly string[];
}

interface Node {
  readonly tag: number;
  readonly value: Buffer;
}

function* nodes(der: Buffer): Iterable<Node> {
  let at = 0;
  while (at + 2 <= der.length) {
    const tag = der[at]!;
    let length = der[at + 1]!;
    at += 2;
    if (length & 0x80) {
      const n = length & 0x7f;
      length = der.readUIntBE(at, n);
      at += n;
    }
    yield { tag, value: der.subarray(at, at + length) };
    at += length;
  }
}

const children = (n: Node | undefined): readonly Node[] => (n ? [...nodes(n.value)] : []);
const nameOid = (last: number) => `5504${last.toString(16).padStart(2, '0')}`;
const extensionRequest = '2a864886f70d01090e';
const alternativeNames = '551d11';

const address = (b: Buffer): string =>
  b.length === 4
    ? b.join('.')
    : (b.toString('hex').match(/.{4}/g) ?? []).map((x) => x.replace(/^0{1,3}/, '')).join(':');

export function subjectOf(pem: string): Subject {
  const der = Buffer.from(pem.replace(/-----[^-]+-----/g, '').replace(/\s/g, ''), 'base64');
  const [request] = [...nodes(der)];
  const [info] = children(request);
  const parts = children(info);
  const names = new Map<string, string[]>();
  for (const set of children(parts[1]))
    for (const pair of children(set)) {
      const [oid, value] = children(pair);
      if (!oid || !value) continue;
      const key = oid.value.toString('hex');
      names.set(key, [...(names.get(key) ?? []), value.value.toString()]);
    }
  const alt: { dns: string[]; email: string[]; uri: string[]; ip: string[] } = { dns: [], email: [], uri: [], ip: [] };
  for (const attribute of children(parts.find((p) => p.tag === 0xa0))) {
    const [oid, set] = children(attribute);
    if (oid?.value.toString('hex') !== extensionRequest) continue;
    for (const extensions of children(set))
      for (const e of children(extensions)) {
        const fields = children(e);
        if (fields[0]?.value.toString('hex') !== alternativeNames) continue;
        const [list] = [...nodes(fields.at(-1)!.value)];
        for (const n of children(list))
          if (n.tag === 0x82) alt.dns.push(n.value.toString());
          else if (n.tag === 0x81) alt.email.push(n.value.toString());
          else if (n.tag === 0x86) alt.uri.push(n.value.toString());
          else if (n.tag === 0x87) alt.ip.push(address(n.value));
      }
  }
  const all = (n: number) => names.get(nameOid(n)) ?? [];
  return {
    commonName: all(3).at(-1) ?? '',
    serialNumber: all(5).at(-1) ?? '',
    country: all(6),
    locality: all(7),
    province: all(8),
    streetAddress: all(9),
    organization: all(10),
    organizationalUnit: all(11),
    postalCode: all(17),
    ...alt,
  };
}
