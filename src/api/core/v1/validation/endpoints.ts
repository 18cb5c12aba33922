/** Endpoints (upstream: validation.go validateEndpointSubsets). */
import { type FieldError, invalidValue, required } from '../../../../schema/field-error.ts';
import {
  type Errors,
  unsupported,
  validateDNS1123Label,
  validateDNS1123Subdomain,
  validateQualifiedName,
} from '../../../meta/v1/validation.ts';
import { isPortNumber } from '../../../../machinery/names.ts';
import type { EndpointAddress, Endpoints } from '../types.ts';
import { validateEndpointIP, validateIP } from './address.ts';
import { protocols } from './container.ts';

function validateAddress(a: EndpointAddress, path: string, errs: Errors): void {
  validateIP(a.ip, `${path}.ip`, errs);
  if (a.hostname) validateDNS1123Label(a.hostname, `${path}.hostname`, errs);
  if (a.nodeName !== undefined) validateDNS1123Subdomain(a.nodeName, `${path}.nodeName`, errs);
  validateEndpointIP(a.ip, `${path}.ip`, errs);
}

export function validateEndpoints(e: Endpoints): readonly FieldError[] {
  const errs: Errors = [];
  e.subsets?.forEach((ss, i) => {
    const path = `subsets[${i}]`;
    if (!ss.addresses?.length && !ss.notReadyAddresses?.length)
      errs.push(required(path, 'must specify `addresses` or `notReadyAddresses`'));
    ss.addresses?.forEach((a, j) => {
      validateAddress(a, `${path}.addresses[${j}]`, errs);
    });
    ss.notReadyAddresses?.forEach((a, j) => {
      validateAddress(a, `${path}.notReadyAddresses[${j}]`, errs);
    });
    ss.ports?.forEach((p, j) => {
      const at = `${path}.ports[${j}]`;
      if (ss.ports!.length > 1 && !p.name) errs.push(required(`${at}.name`));
      else if (p.name) validateDNS1123Label(p.name, `${at}.name`, errs);
      for (const m of isPortNumber(p.port)) errs.push(invalidValue(`${at}.port`, p.port, m));
      if (!p.protocol) errs.push(required(`${at}.protocol`));
      else if (!protocols.includes(p.protocol)) errs.push(unsupported(`${at}.protocol`, p.protocol, protocols));
      if (p.appProtocol !== undefined) validateQualifiedName(p.appProtocol, `${at}.appProtocol`, errs);
    });
  });
  return errs;
}
