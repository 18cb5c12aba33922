/** Printer columns of the rbac bindings (upstream: pkg/printers/internalversion/printers.go); roles have the default ones. */
import type { Column } from '../../resource-row.ts';
import { ageColumn, column, nameColumn, wide } from '../../table-column.ts';
import type { ClusterRoleBinding, RoleBinding } from './types.ts';

type Binding = RoleBinding | ClusterRoleBinding;
const names = (o: Binding, kind: string): string =>
  (o.subjects ?? [])
    .filter((s) => s.kind === kind)
    .map((s) => (kind === 'ServiceAccount' ? `${s.namespace ?? ''}/${s.name}` : s.name))
    .join(', ');

const bindingColumns: readonly Column<Binding>[] = [
  nameColumn,
  column('Role', (o) => `${o.roleRef.kind}/${o.roleRef.name}`),
  ageColumn,
  wide('Users', (o) => names(o, 'User')),
  wide('Groups', (o) => names(o, 'Group')),
  wide('ServiceAccounts', (o) => names(o, 'ServiceAccount')),
];
export const roleBindingColumns: readonly Column<RoleBinding>[] = bindingColumns;
export const clusterRoleBindingColumns: readonly Column<ClusterRoleBinding>[] = bindingColumns;
