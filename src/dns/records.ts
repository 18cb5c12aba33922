/**
 * What the cluster's DNS zone says: a question and the known services in, records out. Pure.
 * Source: Kubernetes DNS-Based Service Discovery specification 1.1.0; TTL and negative answers as CoreDNS with kubeadm's Corefile gives them.
 */

/** A service as DNS sees it; addresses are in no particular order. */
export interface DnsService {
  readonly namespace: string;
  readonly name: string;
  /** Empty for a headless service and for ExternalName. */
  readonly clusterIPs: readonly string[];
  readonly headless: boolean;
  readonly externalName: string | undefined;
  readonly ports: readonly DnsPort[];
}

export interface DnsPort {
  /** '' when the only port has no name. */
  readonly name: string;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly port: number;
}

/** One address behind a headless service. */
export interface DnsEndpoint {
  readonly address: string;
  /** The pod's hostname where it has one, else the address with dashes. */
  readonly hostname: string;
  readonly ports: readonly DnsPort[];
}

/** What the answers are drawn from. */
export interface DnsView {
  namespaceExists(namespace: string): boolean;
  service(namespace: string, name: string): DnsService | undefined;
  /** Ready endpoints (or all, when the service publishes those not ready). */
  endpoints(namespace: string, name: string): readonly DnsEndpoint[];
  /** `name` in PTR answers: services by cluster IP, endpoints of headless services by address. */
  byAddress(ip: string): readonly { readonly service: DnsService; readonly endpoint: DnsEndpoint | undefined }[];
}

export type DnsData =
  | {
      readonly type: 'A' | 'AAAA' | 'CNAME' | 'PTR' | 'NS';
      readonly name: string;
      readonly ttl: number;
      readonly data: string;
    }
  | { readonly type: 'TXT'; readonly name: string; readonly ttl: number; readonly data: string }
  | {
      readonly type: 'SRV';
      readonly name: string;
      readonly ttl: number;
      readonly data: {
        readonly priority: number;
        readonly weight: number;
        readonly port: number;
        readonly target: string;
      };
    }
  | {
      readonly type: 'SOA';
      readonly name: string;
      readonly ttl: number;
      readonly data: {
        readonly mname: string;
        readonly rname: string;
        readonly serial: number;
        readonly refresh: number;
        readonly retry: number;
        readonly expire: number;
        readonly minimum: number;
      };
    };

export type DnsAnswer =
  /** The name exists; no answers of the asked type = NODATA. `additional` are the addresses of SRV targets. */
  | {
      readonly kind: 'found';
      readonly answers: readonly DnsData[];
      readonly additional: readonly DnsData[];
      readonly follow?: string;
    }
  | { readonly kind: 'nxdomain' }
  /** Not our zone: ask upstream. */
  | { readonly kind: 'forward' };

export interface DnsQuestion {
  /** As asked; case is kept in the answer. */
  readonly name: string;
  readonly type: string;
}

export const dnsTtl = 30;
const specVersion = '1.1.0';

const isV6 = (ip: string): boolean => ip.includes(':');
/** `10.244.0.5` → `10-244-0-5`. */
export const dashed = (ip: string): string => ip.replaceAll('.', '-').replaceAll(':', '-');

/** The zone of ours that a name is in, spelled as in the name; for reverse names theirs. */
export function zoneOf(name: string, domain: string): string {
  const own = [domain, 'in-addr.arpa', 'ip6.arpa'].find((z) => name.toLowerCase().endsWith(z)) ?? domain;
  return name.length < own.length ? own : name.slice(-own.length);
}

/** The start-of-authority record that comes with a negative answer. */
export const startOfAuthority = (zone: string, serial: number): DnsData => ({
  type: 'SOA',
  name: zone,
  ttl: dnsTtl,
  data: {
    mname: `ns.dns.${zone}`,
    rname: `hostmaster.${zone}`,
    serial,
    refresh: 7200,
    retry: 1800,
    expire: 86400,
    minimum: dnsTtl,
  },
});

/**
 * Answers one question about the zone `domain` (lower case, without a final dot) and the reverse zones. `serial` is of the SOA, in
 * seconds.
 */
export function answer(q: DnsQuestion, domain: string, view: DnsView, serial = 1): DnsAnswer {
  const asked = q.name.replace(/\.$/, '');
  const name = asked.toLowerCase();
  const reverse = addressOfReverse(name);
  if (reverse) return reverseAnswer(asked, q.type, reverse, domain, view);
  if (name === domain) return apexAnswer(asked, q.type, domain, view, serial);
  if (!name.endsWith(`.${domain}`)) return { kind: 'forward' };
  const labels = name.slice(0, -domain.length - 1).split('.');
  const zone = labels.at(-1);
  if (name === `dns-version.${domain}`)
    return found(q.type === 'TXT' ? [{ type: 'TXT', name: asked, ttl: dnsTtl, data: specVersion }] : []);
  if (zone === 'svc') return serviceAnswer(asked, q.type, labels.slice(0, -1), domain, view);
  if (zone === 'pod') return podAnswer(asked, q.type, labels.slice(0, -1), view);
  return { kind: 'nxdomain' };
}

const found = (answers: readonly DnsData[], additional: readonly DnsData[] = []): DnsAnswer => ({
  kind: 'found',
  answers,
  additional,
});

/** The service that this server is. */
const [dnsNamespace, dnsService] = ['kube-system', 'kube-dns'];

function apexAnswer(asked: string, type: string, domain: string, view: DnsView, serial: number): DnsAnswer {
  if (type === 'SOA') return found([startOfAuthority(asked, serial)]);
  const ips = view.service(dnsNamespace, dnsService)?.clusterIPs ?? [];
  if (type !== 'NS' || !ips.length) return found([]);
  const host = `${dnsService}.${dnsNamespace}.svc.${domain}`;
  return found(
    [{ type, name: asked, ttl: dnsTtl, data: host }],
    [...addresses(host, 'A', ips), ...addresses(host, 'AAAA', ips)],
  );
}

/** Section 2.3 and 2.4: `<service>.<ns>`, `<hostname>.<service>.<ns>`, `_<port>._<proto>.<service>.<ns>`. */
function serviceAnswer(
  asked: string,
  type: string,
  labels: readonly string[],
  domain: string,
  view: DnsView,
): DnsAnswer {
  if (labels.length === 0) return found([]); // svc.<domain> exists, empty
  const namespace = labels.at(-1)!;
  if (labels.length === 1) return view.namespaceExists(namespace) ? found([]) : { kind: 'nxdomain' };
  const service = view.service(namespace, labels.at(-2)!);
  if (!service) return { kind: 'nxdomain' };
  const rest = labels.slice(0, -2);
  const base = `${service.name}.${namespace}.svc.${domain}`;
  if (service.externalName !== undefined) {
    if (rest.length) return { kind: 'nxdomain' };
    const target = service.externalName.replace(/\.$/, '');
    return {
      kind: 'found',
      answers: [{ type: 'CNAME', name: asked, ttl: dnsTtl, data: target }],
      additional: [],
      ...((type === 'A' || type === 'AAAA') && { follow: target }),
    };
  }
  if (rest.length === 0) {
    if (type === 'SRV') return srvAnswer(asked, service, service.ports.length ? undefined : null, base, view);
    return found(
      addresses(
        asked,
        type,
        service.headless ? view.endpoints(namespace, service.name).map((e) => e.address) : service.clusterIPs,
      ),
      [],
    );
  }
  if (rest.length === 2 && rest[0]!.startsWith('_') && rest[1]!.startsWith('_')) {
    const wanted = { name: rest[0]!.slice(1), protocol: rest[1]!.slice(1) };
    return srvAnswer(asked, service, wanted, base, view, type);
  }
  // The specification asks for it of headless services; CoreDNS answers for all, and names them in PTR.
  if (rest.length === 1) {
    const hits = view.endpoints(namespace, service.name).filter((e) => e.hostname === rest[0]);
    return hits.length
      ? found(
          addresses(
            asked,
            type,
            hits.map((e) => e.address),
          ),
        )
      : { kind: 'nxdomain' };
  }
  return { kind: 'nxdomain' };
}

type WantedPort = { readonly name: string; readonly protocol: string } | undefined | null;

function srvAnswer(
  asked: string,
  service: DnsService,
  wanted: WantedPort,
  base: string,
  view: DnsView,
  type = 'SRV',
): DnsAnswer {
  const matches = (p: DnsPort) =>
    wanted ? p.name !== '' && p.name === wanted.name && p.protocol === wanted.protocol : wanted === undefined;
  const answers: DnsData[] = [];
  const additional: DnsData[] = [];
  const add = (target: string, port: number, ips: readonly string[]) => {
    answers.push({ type: 'SRV', name: asked, ttl: dnsTtl, data: { priority: 0, weight: 0, port, target } });
    for (const ip of ips) {
      const extra: DnsData = { type: isV6(ip) ? 'AAAA' : 'A', name: target, ttl: dnsTtl, data: ip };
      if (!additional.some((a) => a.name === target && a.data === ip)) additional.push(extra);
    }
  };
  if (service.headless) {
    for (const e of view.endpoints(service.namespace, service.name))
      for (const p of e.ports) if (matches(p)) add(`${e.hostname}.${base}`, p.port, [e.address]);
  } else for (const p of service.ports) if (matches(p)) add(base, p.port, service.clusterIPs);
  if (!answers.length) return { kind: 'nxdomain' };
  const weight = Math.floor(100 / answers.length);
  const weighted = answers.map((a) => (a.type === 'SRV' ? { ...a, data: { ...a.data, weight } } : a));
  return type === 'SRV' ? found(weighted, additional) : found([]);
}

/** `1-2-3-4.<ns>.pod`: answered for any address in an existing namespace (CoreDNS `pods insecure`). */
function podAnswer(asked: string, type: string, labels: readonly string[], view: DnsView): DnsAnswer {
  if (labels.length === 0) return found([]);
  const namespace = labels.at(-1)!;
  if (!view.namespaceExists(namespace)) return { kind: 'nxdomain' };
  if (labels.length === 1) return found([]);
  if (labels.length > 2) return { kind: 'nxdomain' };
  const ip = addressOfDashed(labels[0]!);
  return ip ? found(addresses(asked, type, [ip])) : { kind: 'nxdomain' };
}

function addressOfDashed(label: string): string | undefined {
  const parts = label.split('-');
  if (parts.length === 4 && parts.every((p) => /^\d{1,3}$/.test(p) && Number(p) < 256)) return parts.join('.');
  if (/^[0-9a-f-]+$/.test(label) && parts.length >= 3 && parts.length <= 8)
    return parts.join(':').replace(/:{3,}/, '::');
  return undefined;
}

const addresses = (name: string, type: string, ips: readonly string[]): readonly DnsData[] =>
  type === 'A' || type === 'AAAA'
    ? ips.filter((ip) => isV6(ip) === (type === 'AAAA')).map((data) => ({ type, name, ttl: dnsTtl, data }))
    : [];

/** The address a reverse name asks about (RFC 1035 3.5, RFC 3596 2.5). */
function addressOfReverse(name: string): string | undefined {
  if (name.endsWith('.in-addr.arpa')) {
    const parts = name.slice(0, -'.in-addr.arpa'.length).split('.');
    return parts.length === 4 && parts.every((p) => /^\d{1,3}$/.test(p)) ? parts.reverse().join('.') : undefined;
  }
  if (name.endsWith('.ip6.arpa')) {
    const nibbles = name.slice(0, -'.ip6.arpa'.length).split('.');
    if (nibbles.length !== 32 || !nibbles.every((n) => /^[0-9a-f]$/.test(n))) return undefined;
    return nibbles
      .reverse()
      .join('')
      .match(/.{4}/g)!
      .map((g) => g.replace(/^0{1,3}/, ''))
      .join(':');
  }
  return undefined;
}

function reverseAnswer(asked: string, type: string, ip: string, domain: string, view: DnsView): DnsAnswer {
  const hits = view.byAddress(ip);
  if (!hits.length) return { kind: 'forward' };
  if (type !== 'PTR') return found([]);
  return found(
    hits.map(({ service, endpoint }) => {
      const base = `${service.name}.${service.namespace}.svc.${domain}`;
      return { type: 'PTR', name: asked, ttl: dnsTtl, data: endpoint ? `${endpoint.hostname}.${base}` : base };
    }),
  );
}
