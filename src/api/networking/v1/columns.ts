/** Printer columns of the networking kinds (upstream: pkg/printers/internalversion/printers.go). */
import type { Column } from '../../resource-row.ts';
import { ageColumn, column, markedNameColumn, nameColumn, selectorText } from '../../table-column.ts';
import type { Ingress, IngressClass, IPAddress, NetworkPolicy, ServiceCIDR } from './types.ts';

function hosts(o: Ingress): string {
  const rules = o.spec.rules ?? [];
  const named: string[] = [];
  let more = false;
  for (const r of rules) {
    if (named.length === 3) more = true;
    if (!more && r.host) named.push(r.host);
  }
  if (named.length === 0) return '*';
  return more ? `${named.join(',')} + ${rules.length - 3} more...` : named.join(',');
}
const addresses = (o: Ingress): string =>
  [...new Set((o.status.loadBalancer.ingress ?? []).map((i) => i.ip || i.hostname || '').filter(Boolean))]
    .sort()
    .join(',');

export const ingressColumns: readonly Column<Ingress>[] = [
  nameColumn,
  column('Class', (o) => o.spec.ingressClassName ?? '<none>'),
  column('Hosts', hosts),
  column('Address', addresses),
  column('Ports', (o) => (o.spec.tls?.length ? '80, 443' : '80')),
  ageColumn,
];

export const ingressClassColumns: readonly Column<IngressClass>[] = [
  markedNameColumn<IngressClass>((o) =>
    o.metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true' ? ' (default)' : '',
  ),
  column('Controller', (o) => o.spec.controller ?? ''),
  column('Parameters', (o) => {
    const p = o.spec.parameters;
    return p ? `${p.kind}${p.apiGroup === undefined ? '' : `.${p.apiGroup}`}/${p.name}` : '<none>';
  }),
  ageColumn,
];

export const networkPolicyColumns: readonly Column<NetworkPolicy>[] = [
  nameColumn,
  column('Pod-Selector', (o) => selectorText(o.spec.podSelector)),
  ageColumn,
];

export const serviceCIDRColumns: readonly Column<ServiceCIDR>[] = [
  nameColumn,
  column('CIDRs', (o) => (o.spec.cidrs ?? []).join(',')),
  ageColumn,
];

export const ipAddressColumns: readonly Column<IPAddress>[] = [
  nameColumn,
  column('ParentRef', (o) => {
    const p = o.spec.parentRef;
    if (!p) return '<none>';
    const resource = (p.group ? `${p.resource}.${p.group}` : p.resource).toLowerCase();
    return `${resource}${p.namespace ? `/${p.namespace}` : ''}/${p.name}`;
  }),
  // Upstream writes an age that its column definitions do not name; clients show it as the last column.
  ageColumn,
];
