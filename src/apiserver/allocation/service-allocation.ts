/**
 * Cluster IPs and node ports of Services: reserved before a write, kept when it succeeds, given back when it fails or the Service goes.
 * The pools live in memory and are filled from the services there are; change notifications keep them true.
 */
import type { Service } from '../../api/core/v1/types.ts';
import { internalError, invalid } from '../../machinery/status-error.ts';
import { invalidValue } from '../../schema/field-error.ts';
import type { ObjectReader } from '../attributes.ts';
import { addressAt, type IpRange, offsetIn, parseRange } from './ip-range.ts';
import { NumberPool, staticBand } from './number-pool.ts';
import {
  dropTypeDependentFields,
  type Family,
  isHeadless,
  keepAllocated,
  keepsFamilies,
  needsHealthCheckPort,
  needsNodePort,
  nodePortsOf,
  normalizeClusterIps,
  portsOf,
  type ServiceSpec,
  withFamilies,
} from './service-fields.ts';

export interface ServiceAllocationOptions {
  /** One range per family, the default family first: `['10.96.0.0/12']`. */
  readonly clusterIPRanges: readonly string[];
  /** Both ends included; default 30000 to 32767. */
  readonly nodePorts?: { readonly from: number; readonly to: number };
  /** In [0, 1). */
  readonly random: () => number;
}

/** What a write reserved. Exactly one of the two must be called, after the write. */
export interface Allocation {
  readonly object: Service;
  /** The write succeeded: what the old version had and the new one has not is free again. */
  commit(): void;
  /** The write failed: what was reserved for it is free again. */
  rollback(): void;
}

const kind = { group: '', kind: 'Service' };
const ownerOf = (s: Service): string => `${s.metadata.namespace}/${s.metadata.name}/${s.metadata.uid ?? ''}`;

interface AddressPool {
  readonly family: Family;
  readonly range: IpRange;
  readonly pool: NumberPool;
}

export class ServiceAllocation {
  readonly #addresses: readonly AddressPool[];
  readonly #ports: NumberPool;
  readonly #firstPort: number;
  readonly #lastPort: number;

  constructor(options: ServiceAllocationOptions) {
    this.#addresses = options.clusterIPRanges.map((cidr) => {
      const range = parseRange(cidr);
      return {
        family: range.family === 4 ? 'IPv4' : 'IPv6',
        range,
        pool: new NumberPool(range.size, staticBand(range.size, 16, 16, 256), options.random),
      };
    });
    this.#firstPort = options.nodePorts?.from ?? 30000;
    this.#lastPort = options.nodePorts?.to ?? 32767;
    const size = this.#lastPort - this.#firstPort + 1;
    this.#ports = new NumberPool(size, staticBand(size, 32, 16, 128), options.random);
  }

  /** Takes in the services there are. */
  load(reader: ObjectReader): void {
    for (const s of reader.list<Service>({ group: '', plural: 'services' })) this.changed(undefined, s);
  }

  /** A service was added (old undefined), changed, or deleted (obj undefined). */
  changed(old: Service | undefined, obj: Service | undefined): void {
    if (old) this.#release(old, obj?.spec);
    const spec = obj?.spec;
    if (!obj || !spec) return;
    for (const ip of spec.clusterIPs ?? []) {
      const at = this.#locate(ip);
      if (at) at.pool.force(at.offset, ownerOf(obj));
    }
    for (const port of this.#allPorts(spec))
      if (this.#hasPort(port)) this.#ports.force(port - this.#firstPort, ownerOf(obj));
  }

  #allPorts(spec: ServiceSpec): readonly number[] {
    return [...nodePortsOf(spec), ...(spec.healthCheckNodePort ? [spec.healthCheckNodePort] : [])];
  }
  #hasPort(port: number): boolean {
    return port >= this.#firstPort && port <= this.#lastPort;
  }
  #locate(ip: string): { readonly pool: NumberPool; readonly offset: number } | undefined {
    for (const a of this.#addresses) {
      const offset = offsetIn(a.range, ip);
      if (offset !== undefined) return { pool: a.pool, offset };
    }
    return undefined;
  }

  /** Frees what the service has, except what `kept` still has. */
  #release(s: Service, kept: ServiceSpec | undefined): void {
    if (!s.spec) return;
    const owner = ownerOf(s);
    const keptIps = new Set(kept?.clusterIPs ?? []);
    for (const ip of s.spec.clusterIPs ?? []) {
      const at = keptIps.has(ip) ? undefined : this.#locate(ip);
      at?.pool.release(at.offset, owner);
    }
    const keptPorts = new Set(kept ? this.#allPorts(kept) : []);
    for (const port of this.#allPorts(s.spec))
      if (!keptPorts.has(port)) this.#ports.release(port - this.#firstPort, owner);
  }

  /**
   * Completes a service about to be created (`old` undefined) or updated and reserves what it needs. A dry run reserves nothing lasting.
   * @throws 422 for an address or port that is taken or outside the range, 500 when a range is full
   */
  allocate(obj: Service, old?: Service, options: { readonly dryRun?: boolean } = {}): Allocation {
    const reserved: (() => void)[] = [];
    const undo = () => {
      for (const back of reserved.splice(0)) back();
    };
    let spec: ServiceSpec;
    try {
      spec = this.#complete(obj, old, reserved);
    } catch (e) {
      undo();
      throw e;
    }
    const object: Service = { ...obj, spec };
    if (options.dryRun) {
      undo();
      return { object, commit() {}, rollback() {} };
    }
    return {
      object,
      commit: () => {
        reserved.length = 0;
        if (old) this.#release(old, spec);
      },
      rollback: undo,
    };
  }

  #complete(obj: Service, old: Service | undefined, reserved: (() => void)[]): ServiceSpec {
    const before = old?.spec;
    let spec: ServiceSpec = obj.spec ?? {};
    if (before) spec = keepAllocated(dropTypeDependentFields(spec, before), before);
    spec = normalizeClusterIps(spec, before);
    const name = obj.metadata.name ?? '';
    const families = withFamilies(
      spec,
      before,
      this.#addresses.map((a) => a.family),
    );
    if (families.errors.length) throw invalid(kind, name, families.errors);
    spec = this.#withAddresses(families.spec, before, obj, reserved);
    if (needsNodePort(spec)) spec = this.#withNodePorts(spec, before, obj, reserved);
    return this.#withHealthCheckPort(spec, before, obj, reserved);
  }

  #withAddresses(
    spec: ServiceSpec,
    before: ServiceSpec | undefined,
    obj: Service,
    reserved: (() => void)[],
  ): ServiceSpec {
    if (spec.type === 'ExternalName' || isHeadless(spec)) return spec;
    if (keepsFamilies(spec, before)) return spec;
    const had = new Set(before && before.type !== 'ExternalName' ? (before.clusterIPs ?? []) : []);
    const ips = [...(spec.clusterIPs ?? [])];
    for (const [i, family] of (spec.ipFamilies ?? []).entries()) {
      const asked = ips[i] ?? '';
      // the first address of a service cannot change: validation says so
      if (asked && (had.has(asked) || (i === 0 && had.size > 0))) continue;
      ips[i] = this.#takeAddress(family as Family, asked, ips, obj, reserved);
    }
    return { ...spec, clusterIPs: ips, clusterIP: ips[0] ?? '' };
  }

  #takeAddress(family: Family, asked: string, all: readonly string[], obj: Service, reserved: (() => void)[]): string {
    const name = obj.metadata.name ?? '';
    const owner = ownerOf(obj);
    const from = this.#addresses.find((a) => a.family === family);
    if (!from) throw internalError(new Error(`no service range for ${family}`));
    const { pool, range } = from;
    if (!asked) {
      const offset = pool.next(owner);
      if (offset === undefined)
        throw internalError(
          new Error(`failed to allocate a serviceIP for Service ${JSON.stringify(name)}: range is full`),
        );
      reserved.push(() => pool.release(offset, owner));
      return addressAt(range, offset);
    }
    const refuse = (why: string) =>
      invalid(kind, name, [invalidValue('spec.clusterIPs', all, `failed to allocate IP ${asked}: ${why}`)]);
    const offset = offsetIn(range, asked);
    if (offset === undefined)
      throw refuse(`the provided IP (${asked}) is not in the valid range. The range of valid IPs is ${range.cidr}`);
    if (!pool.take(offset, owner)) throw refuse('provided IP is already allocated');
    reserved.push(() => pool.release(offset, owner));
    return asked;
  }

  /** A reason, or undefined when the port is now the owner's. */
  #takePort(port: number, owner: string, reserved: (() => void)[]): string | undefined {
    if (!this.#hasPort(port))
      return `provided port is not in the valid range. The range of valid ports is ${this.#firstPort}-${this.#lastPort}`;
    const n = port - this.#firstPort;
    if (!this.#ports.take(n, owner)) return 'provided port is already allocated';
    reserved.push(() => this.#ports.release(n, owner));
    return undefined;
  }

  #nextPort(owner: string, reserved: (() => void)[]): number | undefined {
    const n = this.#ports.next(owner);
    if (n === undefined) return undefined;
    reserved.push(() => this.#ports.release(n, owner));
    return n + this.#firstPort;
  }

  #withNodePorts(
    spec: ServiceSpec,
    before: ServiceSpec | undefined,
    obj: Service,
    reserved: (() => void)[],
  ): ServiceSpec {
    const owner = ownerOf(obj);
    const had = new Set(before && needsNodePort(before) ? nodePortsOf(before) : []);
    const allocates = spec.type !== 'LoadBalancer' || spec.allocateLoadBalancerNodePorts !== false;
    const mine = new Set<number>();
    // on creation, ports of equal number (TCP and UDP 53) share a node port
    const shared = new Map<number, number>();
    if (!before) for (const p of portsOf(spec)) if (p.nodePort && !shared.has(p.port)) shared.set(p.port, p.nodePort);
    const ports = portsOf(spec).map((p, i) => {
      let nodePort = p.nodePort || 0;
      if (!nodePort && !allocates) return p;
      if (!nodePort && !before) nodePort = shared.get(p.port) ?? 0;
      if (!nodePort) {
        const next = this.#nextPort(owner, reserved);
        if (next === undefined) throw internalError(new Error('failed to allocate a nodePort: range is full'));
        if (!before) shared.set(p.port, next);
        mine.add(next);
        return { ...p, nodePort: next };
      }
      if (!had.has(nodePort) && !mine.has(nodePort)) {
        const why = this.#takePort(nodePort, owner, reserved);
        if (why !== undefined)
          throw invalid(kind, obj.metadata.name ?? '', [invalidValue(`spec.ports[${i}].nodePort`, nodePort, why)]);
        mine.add(nodePort);
      }
      return { ...p, nodePort };
    });
    return { ...spec, ports };
  }

  #withHealthCheckPort(
    spec: ServiceSpec,
    before: ServiceSpec | undefined,
    obj: Service,
    reserved: (() => void)[],
  ): ServiceSpec {
    if (!needsHealthCheckPort(spec)) return spec;
    const owner = ownerOf(obj);
    const asked = spec.healthCheckNodePort ?? 0;
    if (before && needsHealthCheckPort(before) && before.healthCheckNodePort) {
      if (asked !== before.healthCheckNodePort)
        throw invalid(kind, obj.metadata.name ?? '', [
          invalidValue('spec.healthCheckNodePort', asked, 'field is immutable'),
        ]);
      return spec;
    }
    if (asked) {
      const why = this.#takePort(asked, owner, reserved);
      if (why !== undefined)
        throw internalError(new Error(`failed to allocate requested HealthCheck NodePort ${asked}: ${why}`));
      return spec;
    }
    const next = this.#nextPort(owner, reserved);
    if (next === undefined)
      throw internalError(new Error('failed to allocate a HealthCheck NodePort 0: range is full'));
    return { ...spec, healthCheckNodePort: next };
  }
}
