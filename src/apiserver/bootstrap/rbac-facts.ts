/** How the bootstrap RBAC tables are written down, and the objects they stand for. */
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  Subject,
} from '../../api/rbac/v1/types.ts';

export interface RoleFacts {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Gathers the rules of ClusterRoles with these labels set to `true`. */
  readonly aggregates?: readonly string[];
  readonly rules: readonly PolicyRule[];
}

export interface BindingFacts {
  readonly name: string;
  readonly namespace?: string;
  readonly roleKind: string;
  readonly role: string;
  readonly subjects: readonly Subject[];
}

const words = (text: string): readonly string[] => text.split(' ');

/** A rule on resources: lists are words; the group '' is spelled `core`. */
export const rule = (verbs: string, groups: string, resources: string, names?: string): PolicyRule => ({
  verbs: words(verbs),
  apiGroups: words(groups).map((g) => (g === 'core' ? '' : g)),
  resources: words(resources),
  ...(names !== undefined && { resourceNames: words(names) }),
});
export const urls = (verbs: string, paths: string): PolicyRule => ({
  verbs: words(verbs),
  nonResourceURLs: words(paths),
});

const apiGroup = 'rbac.authorization.k8s.io';
export const user = (name: string): Subject => ({ apiGroup, kind: 'User', name });
export const group = (name: string): Subject => ({ apiGroup, kind: 'Group', name });
export const account = (namespace: string, name: string): Subject => ({ kind: 'ServiceAccount', name, namespace });

const apiVersion = 'rbac.authorization.k8s.io/v1';
const metadata = (f: {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}) => ({
  name: f.name,
  ...(f.namespace !== undefined && { namespace: f.namespace }),
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...f.labels },
  annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
});

export const clusterRoleOf = (f: RoleFacts): ClusterRole => ({
  apiVersion,
  kind: 'ClusterRole',
  metadata: metadata(f),
  ...(f.aggregates && {
    aggregationRule: { clusterRoleSelectors: f.aggregates.map((label) => ({ matchLabels: { [label]: 'true' } })) },
  }),
  rules: f.rules,
});
export const roleOf = (f: RoleFacts): Role => ({ apiVersion, kind: 'Role', metadata: metadata(f), rules: f.rules });

const bindingBody = (f: BindingFacts) => ({
  metadata: metadata(f),
  roleRef: { apiGroup, kind: f.roleKind, name: f.role },
  subjects: f.subjects,
});
export const clusterRoleBindingOf = (f: BindingFacts): ClusterRoleBinding => ({
  apiVersion,
  kind: 'ClusterRoleBinding',
  ...bindingBody(f),
});
export const roleBindingOf = (f: BindingFacts): RoleBinding => ({ apiVersion, kind: 'RoleBinding', ...bindingBody(f) });

/** The binding that goes with a controller's role. */
export const controllerBinding = (f: RoleFacts): BindingFacts => ({
  name: f.name,
  roleKind: 'ClusterRole',
  role: f.name,
  subjects: [account('kube-system', f.name.slice(f.name.lastIndexOf(':') + 1))],
});
