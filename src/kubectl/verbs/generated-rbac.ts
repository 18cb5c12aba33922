/** Roles and bindings made from flags (upstream: kubectl/pkg/cmd/create create_role.go, create_clusterrole.go, create_*binding.go). */
import { CommandError, PlainError } from '../failure.ts';
import { array, type FlagSpecs, list, type Parsed, text } from '../flags.ts';
import type { Mapper } from '../mapper.ts';
import type { Session } from '../session.ts';
import type { Json } from '../thing.ts';
import type { Generator } from './generators.ts';

const rbac = 'rbac.authorization.k8s.io';
const standard = new Set(
  '* get delete list create update patch watch proxy deletecollection use bind escalate impersonate'.split(' '),
);
const special: Readonly<Record<string, readonly (readonly [group: string, resource: string])[]>> = {
  use: [
    ['policy', 'podsecuritypolicies'],
    ['extensions', 'podsecuritypolicies'],
  ],
  bind: [
    [rbac, 'roles'],
    [rbac, 'clusterroles'],
  ],
  escalate: [
    [rbac, 'roles'],
    [rbac, 'clusterroles'],
  ],
  impersonate: [
    ['', 'users'],
    ['', 'serviceaccounts'],
    ['', 'groups'],
    ['authentication.k8s.io', 'userextras'],
  ],
};
const urlVerbs = new Set('* get put post head options delete patch'.split(' '));

interface Asked {
  readonly resource: string;
  readonly group: string;
  readonly sub: string;
}

function asked(flags: Parsed): readonly Asked[] {
  const out: Asked[] = [];
  for (const r of flags.list('resource')) {
    const [path = '', sub = ''] = r.split(/\/(.*)/s);
    const [resource = '', group = ''] = path.split(/\.(.*)/s);
    if (resource === '*' && group === '' && sub === '') return [{ resource: '*', group: '', sub: '' }];
    out.push({ resource, group, sub });
  }
  return out;
}

const verbsOf = (flags: Parsed): readonly string[] => {
  const all = [...new Set(flags.list('verb'))];
  return all.includes('*') ? ['*'] : all;
};

const known = (mapper: Mapper, a: Asked): { readonly resource: string; readonly group: string } | undefined => {
  try {
    const m = mapper.byName(a.group ? `${a.resource}.${a.group}` : a.resource);
    return { resource: m.plural, group: m.group };
  } catch {
    return undefined;
  }
};

function check(mapper: Mapper, resources: readonly Asked[], verbs: readonly string[]): void {
  for (const a of resources) {
    if (!a.resource) throw new CommandError('resource must be specified if apiGroup/subresource specified');
    if (a.resource === '*') return;
    const found = known(mapper, a);
    const is = found ?? a;
    let fine = found !== undefined;
    for (const v of verbs) {
      const only = special[v];
      if (!only) continue;
      if (!only.some(([g, r]) => g === is.group && r === is.resource))
        throw new CommandError(`can not perform '${v}' on '${is.resource}' in group '${is.group}'`);
      fine = true;
    }
    if (!fine)
      throw new PlainError(
        `the server doesn't have a resource type ${JSON.stringify(a.group ? `${a.resource}` : a.resource)}${a.group ? ` in group ${JSON.stringify(a.group)}` : ''}`,
      );
  }
}

function rules(
  mapper: Mapper,
  resources: readonly Asked[],
  verbs: readonly string[],
  names: readonly string[],
  urls: readonly string[],
) {
  const byGroup = new Map<string, string[]>();
  for (const a of resources) {
    const is = known(mapper, a) ?? a;
    const full = a.sub ? `${is.resource}/${a.sub}` : is.resource;
    const of = byGroup.get(is.group) ?? [];
    if (!of.includes(full)) byGroup.set(is.group, [...of, full]);
  }
  const out: Json[] = [...byGroup.keys()].sort().map((group) => ({
    apiGroups: [group],
    ...(names.length && { resourceNames: names }),
    resources: byGroup.get(group),
    verbs,
  }));
  if (urls.length) out.push({ nonResourceURLs: urls, verbs });
  return out;
}

const ruleFlags: FlagSpecs = {
  verb: list('Verb that applies to the resources contained in the rule'),
  resource: list('Resource that the rule applies to'),
  'resource-name': array('Resource in the white list that the rule applies to, repeat this flag for multiple items'),
};
const warnStrange = (s: Session, verbs: readonly string[]) => {
  for (const v of verbs) if (!standard.has(v)) s.io.err(`Warning: '${v}' is not a standard resource verb\n`);
};

const subjectFlags: FlagSpecs = {
  user: array('Usernames to bind to the role.'),
  group: array('Groups to bind to the role.'),
  serviceaccount: array('Service accounts to bind to the role, in the format <namespace>:<name>.'),
};

function subjects(flags: Parsed): readonly Json[] {
  return [
    ...flags.list('user').map((n) => ({ apiGroup: rbac, kind: 'User', name: n })),
    ...flags.list('group').map((n) => ({ apiGroup: rbac, kind: 'Group', name: n })),
    ...flags.list('serviceaccount').map((a) => {
      const [namespace, name, more] = a.split(':');
      if (!namespace || !name || more !== undefined)
        throw new CommandError('serviceaccount must be <namespace>:<name>');
      return { kind: 'ServiceAccount', name, namespace };
    }),
  ];
}

export const rbacGenerators: readonly Generator[] = [
  {
    name: 'clusterrole',
    usage:
      'create clusterrole NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]',
    summary: 'Create a cluster role',
    flags: {
      ...ruleFlags,
      'non-resource-url': list('A partial url that user should have access to.'),
      'aggregation-rule': array('An aggregation label selector for combining ClusterRoles.'),
    },
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRole',
    async make(flags, name, s) {
      const [verbs, resources, urls] = [verbsOf(flags), asked(flags), flags.list('non-resource-url')];
      const names = flags.list('resource-name');
      const aggregation = flags.list('aggregation-rule').flatMap((a) => a.split(','));
      if (aggregation.length) {
        if (urls.length || verbs.length || resources.length || names.length)
          throw new CommandError(
            'aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames',
          );
        const matchLabels = Object.fromEntries(aggregation.map((p) => p.split('=') as [string, string]));
        return { aggregationRule: { clusterRoleSelectors: [{ matchLabels }] }, metadata: { name }, rules: null };
      }
      if (verbs.length === 0) throw new CommandError('at least one verb must be specified');
      if (resources.length === 0 && urls.length === 0)
        throw new CommandError('one of resource or nonResourceURL must be specified');
      const mapper = await s.mapper();
      if (resources.length) {
        warnStrange(s, verbs);
        check(mapper, resources, verbs);
      }
      if (urls.length) {
        const bad = verbs.find((v) => !urlVerbs.has(v));
        if (bad !== undefined) throw new CommandError(`invalid verb: '${bad}' for nonResourceURL`);
        for (const u of urls) {
          if (u === '*') continue;
          if (u && !u.startsWith('/')) throw new CommandError('nonResourceURL should start with /');
          if (u?.slice(0, -1).includes('*'))
            throw new CommandError("nonResourceURL only supports wildcard matches when '*' is at the end");
        }
      }
      return { metadata: { name }, rules: rules(mapper, resources, verbs, names, urls) };
    },
  },
  {
    name: 'clusterrolebinding',
    usage:
      'create clusterrolebinding NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
    summary: 'Create a cluster role binding for a particular cluster role',
    flags: { ...subjectFlags, clusterrole: text('ClusterRole this ClusterRoleBinding should reference') },
    required: ['clusterrole'],
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    failed: 'failed to create clusterrolebinding: ',
    make: (flags, name) => withSubjects(flags, name, 'ClusterRole', flags.text('clusterrole', '')),
  },
  {
    name: 'role',
    usage:
      'create role NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]',
    summary: 'Create a role with single rule',
    flags: ruleFlags,
    apiVersion: `${rbac}/v1`,
    kind: 'Role',
    async make(flags, name, s) {
      const [verbs, resources] = [verbsOf(flags), asked(flags)];
      if (verbs.length === 0) throw new CommandError('at least one verb must be specified');
      warnStrange(s, verbs);
      if (resources.length === 0) throw new CommandError('at least one resource must be specified');
      const mapper = await s.mapper();
      check(mapper, resources, verbs);
      return { metadata: { name }, rules: rules(mapper, resources, verbs, flags.list('resource-name'), []) };
    },
  },
  {
    name: 'rolebinding',
    usage:
      'create rolebinding NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
    summary: 'Create a role binding for a particular role or cluster role',
    flags: {
      ...subjectFlags,
      clusterrole: text('ClusterRole this RoleBinding should reference'),
      role: text('Role this RoleBinding should reference'),
    },
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    failed: 'failed to create rolebinding: ',
    make(flags, name) {
      const [role, clusterRole] = [flags.text('role', ''), flags.text('clusterrole', '')];
      if (Boolean(role) === Boolean(clusterRole))
        throw new CommandError('exactly one of clusterrole or role must be specified');
      return withSubjects(flags, name, role ? 'Role' : 'ClusterRole', role || clusterRole);
    },
  },
];

function withSubjects(flags: Parsed, name: string, kind: string, role: string): Json {
  const who = subjects(flags);
  return {
    metadata: { name },
    roleRef: { apiGroup: rbac, kind, name: role },
    ...(who.length && { subjects: who }),
  };
}
