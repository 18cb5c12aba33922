/** How EndpointSlices are written (upstream: registry/discovery/endpointslice, discovery/validation). */
import { duplicate, type FieldError, invalidValue, required, tooMany } from '../../../../schema/field-error.ts';
import { isDns1123Subdomain, isLabelValue } from '../../../../machinery/names.ts';
import { ipFamily, validateEndpointIP, validateIP } from '../../../core/v1/validation/address.ts';
import { protocols } from '../../../core/v1/validation/container.ts';
import {
  type Errors,
  unsupported,
  validateDNS1123Label,
  validateDNS1123Subdomain,
  validateImmutable,
  validateLabels,
  validateQualifiedName,
} from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import type { Endpoint, EndpointSlice } from '../types.ts';

const addressTypes = ['FQDN', 'IPv4', 'IPv6'];

function validateAddress(address: string, type: string, path: string, list: string, errs: Errors): void {
  if (type === 'IPv4' || type === 'IPv6') {
    const before = errs.length;
    validateIP(address, path, errs);
    if (errs.length > before) return;
    if (ipFamily(address) !== type) errs.push(invalidValue(list, address, `must be an ${type} address`));
    validateEndpointIP(address, path, errs);
  } else if (type === 'FQDN') {
    const name = address.replace(/\.$/, '');
    const messages = isDns1123Subdomain(name);
    if (!address) errs.push(required(path));
    else if (messages.length) errs.push(invalidValue(path, name, messages.join(',')));
    else if (!name.includes('.'))
      errs.push(invalidValue(path, name, 'should be a domain with at least two segments separated by dots'));
  }
}

function validateHints(h: NonNullable<Endpoint['hints']>, path: string, errs: Errors): void {
  for (const [part, most] of [
    ['forZones', 8],
    ['forNodes', 8],
  ] as const) {
    const list = h[part] ?? [];
    if (list.length > most) {
      errs.push(tooMany(`${path}.${part}`, list.length, most));
      return;
    }
    const seen = new Set<string>();
    list.forEach((x, i) => {
      const at = `${path}.${part}[${i}].name`;
      if (seen.has(x.name)) errs.push(duplicate(at, x.name));
      seen.add(x.name);
      if (part === 'forZones') for (const m of isLabelValue(x.name)) errs.push(invalidValue(at, x.name, m));
      else validateDNS1123Subdomain(x.name, at, errs);
    });
  }
}

function validateEndpoints(s: EndpointSlice, errs: Errors): void {
  const list = s.endpoints ?? [];
  if (list.length > 1000) {
    errs.push(tooMany('endpoints', list.length, 1000));
    return;
  }
  list.forEach((e, i) => {
    const path = `endpoints[${i}]`;
    const addresses = e.addresses ?? [];
    if (addresses.length === 0) errs.push(required(`${path}.addresses`, 'must contain at least 1 address'));
    else if (addresses.length > 100) errs.push(tooMany(`${path}.addresses`, addresses.length, 100));
    addresses.forEach((a, j) => {
      validateAddress(a, s.addressType, `${path}.addresses[${j}]`, `${path}.addresses`, errs);
    });
    if (e.nodeName !== undefined) validateDNS1123Subdomain(e.nodeName, `${path}.nodeName`, errs);
    const topology = Object.keys(e.deprecatedTopology ?? {});
    if (topology.length > 16) errs.push(tooMany(`${path}.deprecatedTopology`, topology.length, 16));
    validateLabels(e.deprecatedTopology, `${path}.deprecatedTopology`, errs);
    if (e.hostname !== undefined) validateDNS1123Label(e.hostname, `${path}.hostname`, errs);
    if (e.hints) validateHints(e.hints, `${path}.hints`, errs);
  });
}

function validate(s: EndpointSlice): readonly FieldError[] {
  const errs: Errors = [];
  if (!s.addressType) errs.push(required('addressType'));
  else if (!addressTypes.includes(s.addressType)) errs.push(unsupported('addressType', s.addressType, addressTypes));
  const ports = s.ports ?? [];
  if (ports.length > 20000) errs.push(tooMany('ports', ports.length, 20000));
  else {
    const names = new Set<string>();
    ports.forEach((p, i) => {
      const path = `ports[${i}]`;
      const name = p.name ?? '';
      if (name) validateDNS1123Label(name, `${path}.name`, errs);
      if (names.has(name)) errs.push(duplicate(`${path}.name`, name));
      names.add(name);
      if (p.protocol === undefined) errs.push(required(`${path}.protocol`));
      else if (!protocols.includes(p.protocol)) errs.push(unsupported(`${path}.protocol`, p.protocol, protocols));
      if (p.appProtocol !== undefined) validateQualifiedName(p.appProtocol, `${path}.appProtocol`, errs);
    });
  }
  validateEndpoints(s, errs);
  return errs;
}

export const endpointSliceStrategy: Strategy<EndpointSlice> = {
  generationOf: ({ addressType, endpoints, ports, metadata }) => [
    addressType,
    endpoints ?? [],
    ports ?? [],
    metadata.labels ?? {},
  ],
  defaults: (s) =>
    s.ports?.some((p) => p.name === undefined || p.protocol === undefined)
      ? { ...s, ports: s.ports.map((p) => ({ ...p, name: p.name ?? '', protocol: p.protocol ?? 'TCP' })) }
      : s,
  validate,
  validateUpdate: (s, old) => {
    const errs: Errors = [];
    validateImmutable(s.addressType, old.addressType, 'addressType', errs);
    return errs;
  },
  warnings: (s, old) => (!old && s.addressType === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : []),
};
