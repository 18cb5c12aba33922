/** Printer columns of the certificate kinds (upstream: pkg/printers/internalversion/printers.go). */
import { humanDuration } from '../../human-duration.ts';
import type { Column } from '../../resource-row.ts';
import { ageColumn, column, nameColumn } from '../../table-column.ts';
import type { CertificateSigningRequest } from './types.ts';

function condition(o: CertificateSigningRequest): string {
  const has = (type: string) => !!o.status.conditions?.some((c) => c.type === type);
  let text = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  if (has('Failed')) text += ',Failed';
  if (o.status.certificate) text += ',Issued';
  return text;
}
export const certificateSigningRequestColumns: readonly Column<CertificateSigningRequest>[] = [
  nameColumn,
  ageColumn,
  column('SignerName', (o) => o.spec.signerName || '<none>'),
  column('Requestor', (o) => o.spec.username ?? ''),
  column('RequestedDuration', (o) =>
    o.spec.expirationSeconds === undefined ? '<none>' : humanDuration(o.spec.expirationSeconds * 1000),
  ),
  column('Condition', condition),
];
