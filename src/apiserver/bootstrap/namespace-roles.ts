/** The Roles of kube-system and kube-public, and every bootstrap binding (bootstrappolicy/namespace_policy.go and policy.go, v1.36). */
import { account, type BindingFacts, group, type RoleFacts, rule, user } from './rbac-facts.ts';

export const roles: readonly RoleFacts[] = [
  {
    name: 'system:controller:bootstrap-signer',
    namespace: 'kube-public',
    rules: [
      rule('get list watch', 'core', 'configmaps'),
      rule('update', 'core', 'configmaps', 'cluster-info'),
      rule('create patch update', 'core events.k8s.io', 'events'),
    ],
  },
  {
    name: 'extension-apiserver-authentication-reader',
    namespace: 'kube-system',
    rules: [rule('get list watch', 'core', 'configmaps', 'extension-apiserver-authentication')],
  },
  {
    name: 'system::leader-locking-kube-controller-manager',
    namespace: 'kube-system',
    rules: [
      rule('create get list update watch', 'coordination.k8s.io', 'leases'),
      rule('create get list update watch', 'coordination.k8s.io', 'leasecandidates'),
    ],
  },
  {
    name: 'system::leader-locking-kube-scheduler',
    namespace: 'kube-system',
    rules: [
      rule('create get list update watch', 'coordination.k8s.io', 'leases'),
      rule('create get list update watch', 'coordination.k8s.io', 'leasecandidates'),
    ],
  },
  {
    name: 'system:controller:bootstrap-signer',
    namespace: 'kube-system',
    rules: [rule('get list watch', 'core', 'secrets')],
  },
  {
    name: 'system:controller:cloud-provider',
    namespace: 'kube-system',
    rules: [rule('create get list watch', 'core', 'configmaps')],
  },
  {
    name: 'system:controller:token-cleaner',
    namespace: 'kube-system',
    rules: [
      rule('delete get list watch', 'core', 'secrets'),
      rule('create patch update', 'core events.k8s.io', 'events'),
    ],
  },
];

export const roleBindings: readonly BindingFacts[] = [
  {
    name: 'system:controller:bootstrap-signer',
    namespace: 'kube-public',
    roleKind: 'Role',
    role: 'system:controller:bootstrap-signer',
    subjects: [account('kube-system', 'bootstrap-signer')],
  },
  {
    name: 'system::extension-apiserver-authentication-reader',
    namespace: 'kube-system',
    roleKind: 'Role',
    role: 'extension-apiserver-authentication-reader',
    subjects: [user('system:kube-controller-manager'), user('system:kube-scheduler')],
  },
  {
    name: 'system::leader-locking-kube-controller-manager',
    namespace: 'kube-system',
    roleKind: 'Role',
    role: 'system::leader-locking-kube-controller-manager',
    subjects: [
      user('system:kube-controller-manager'),
      account('kube-system', 'kube-controller-manager'),
      account('kube-system', 'leader-election-controller'),
    ],
  },
  {
    name: 'system::leader-locking-kube-scheduler',
    namespace: 'kube-system',
    roleKind: 'Role',
    role: 'system::leader-locking-kube-scheduler',
    subjects: [user('system:kube-scheduler'), account('kube-system', 'kube-scheduler')],
  },
  {
    name: 'system:controller:bootstrap-signer',
    namespace: 'kube-system',
    roleKind: 'Role',
    role: 'system:controller:bootstrap-signer',
    subjects: [account('kube-system', 'bootstrap-signer')],
  },
  {
    name: 'system:controller:cloud-provider',
    namespace: 'kube-system',
    roleKind: 'Role',
    role: 'system:controller:cloud-provider',
    subjects: [account('kube-system', 'cloud-provider')],
  },
  {
    name: 'system:controller:token-cleaner',
    namespace: 'kube-system',
    roleKind: 'Role',
    role: 'system:controller:token-cleaner',
    subjects: [account('kube-system', 'token-cleaner')],
  },
];

export const clusterRoleBindings: readonly BindingFacts[] = [
  {
    name: 'cluster-admin',
    roleKind: 'ClusterRole',
    role: 'cluster-admin',
    subjects: [group('system:masters')],
  },
  {
    name: 'system:basic-user',
    roleKind: 'ClusterRole',
    role: 'system:basic-user',
    subjects: [group('system:authenticated')],
  },
  {
    name: 'system:discovery',
    roleKind: 'ClusterRole',
    role: 'system:discovery',
    subjects: [group('system:authenticated')],
  },
  {
    name: 'system:kube-controller-manager',
    roleKind: 'ClusterRole',
    role: 'system:kube-controller-manager',
    subjects: [user('system:kube-controller-manager')],
  },
  {
    name: 'system:kube-dns',
    roleKind: 'ClusterRole',
    role: 'system:kube-dns',
    subjects: [account('kube-system', 'kube-dns')],
  },
  {
    name: 'system:kube-scheduler',
    roleKind: 'ClusterRole',
    role: 'system:kube-scheduler',
    subjects: [user('system:kube-scheduler')],
  },
  {
    name: 'system:monitoring',
    roleKind: 'ClusterRole',
    role: 'system:monitoring',
    subjects: [group('system:monitoring')],
  },
  {
    name: 'system:node',
    roleKind: 'ClusterRole',
    role: 'system:node',
    subjects: [],
  },
  {
    name: 'system:node-proxier',
    roleKind: 'ClusterRole',
    role: 'system:node-proxier',
    subjects: [user('system:kube-proxy')],
  },
  {
    name: 'system:public-info-viewer',
    roleKind: 'ClusterRole',
    role: 'system:public-info-viewer',
    subjects: [group('system:authenticated'), group('system:unauthenticated')],
  },
  {
    name: 'system:service-account-issuer-discovery',
    roleKind: 'ClusterRole',
    role: 'system:service-account-issuer-discovery',
    subjects: [group('system:serviceaccounts')],
  },
  {
    name: 'system:volume-scheduler',
    roleKind: 'ClusterRole',
    role: 'system:volume-scheduler',
    subjects: [user('system:kube-scheduler')],
  },
];
