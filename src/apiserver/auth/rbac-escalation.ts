/** Nobody hands out rights he does not have: the checks on writes of roles and bindings (pkg/registry/rbac/…/policybased). */
import { isDeepStrictEqual } from 'node:util';
import type { ClusterRole, PolicyRule, RoleRef } from '../../api/rbac/v1/types.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import { forbidden, notFound } from '../../machinery/status-error.ts';
import type { AdmissionAttributes, AdmissionPlugin, Authorizer, UserInfo } from '../attributes.ts';
import { groupMasters } from './identity.ts';
import type { RbacIndex } from './rbac-index.ts';
import { compact, quotedList, ruleText, uncovered } from './rbac-rules.ts';

const group = 'rbac.authorization.k8s.io';
const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

/** Upstream's message when the user lacks some of the rules; undefined when he has them all. */
export function escalation(
  index: RbacIndex,
  user: UserInfo,
  namespace: string,
  rules: readonly PolicyRule[],
): string | undefined {
  const own = index.rulesFor(user, namespace);
  const missing = compact(uncovered(own.rules, rules));
  if (missing.length === 0) return undefined;
  const lines = [...new Set(missing.map(ruleText))].sort().join('\n');
  const message = `user ${JSON.stringify(user.name)} (groups=${quotedList(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${lines}`;
  return own.errors.length ? `${message}; resolution errors: [${own.errors.join(' ')}]` : message;
}

const withoutGcFields = (o: KubeObject) => ({
  ...o,
  metadata: { ...o.metadata, ownerReferences: undefined, finalizers: undefined, managedFields: undefined },
});
const onlyGcFields = (o: KubeObject, old: KubeObject | undefined): boolean =>
  old !== undefined && isDeepStrictEqual(withoutGcFields(o), withoutGcFields(old));

const aggregates = (o: KubeObject | undefined): boolean =>
  ((o as ClusterRole | undefined)?.aggregationRule?.clusterRoleSelectors?.length ?? 0) > 0;

/** Runs after mutating admission, before validation. */
export function rbacEscalationCheck(index: RbacIndex, authorizer: Authorizer): AdmissionPlugin {
  const may = async (a: AdmissionAttributes, verb: string, resource: string, apiGroup: string, name: string) =>
    (
      await authorizer.authorize({
        user: a.user,
        verb,
        isResource: true,
        path: '',
        group: apiGroup,
        version: '*',
        resource,
        subresource: '',
        namespace: a.namespace,
        name,
      })
    ).decision === 'allow';

  async function checkRole(
    a: AdmissionAttributes,
    obj: KubeObject & { readonly rules?: readonly PolicyRule[] | undefined },
  ) {
    const resource = a.row.plural;
    if (await may(a, 'escalate', resource, group, a.operation === 'CREATE' ? '' : a.name)) return;
    const name = obj.metadata.name ?? '';
    const why = escalation(index, a.user, a.namespace, obj.rules ?? []);
    if (why !== undefined) throw forbidden({ group, resource }, name, why);
    if (
      (aggregates(obj) || aggregates(a.oldObject)) &&
      escalation(index, a.user, a.namespace, everything) !== undefined
    )
      throw forbidden({ group, resource }, name, 'must have cluster-admin privileges to use the aggregationRule');
  }

  async function checkBinding(a: AdmissionAttributes, obj: KubeObject & { readonly roleRef: RoleRef }) {
    const ref = obj.roleRef;
    const target = { Role: 'roles', ClusterRole: 'clusterroles' }[ref.kind];
    if (target && (await may(a, 'bind', target, ref.apiGroup ?? '', ref.name))) return;
    const rules = index.rulesOf(ref, a.namespace);
    if (typeof rules === 'string') {
      if (target) throw notFound({ group, resource: target }, ref.name);
      return; // validation refuses the kind
    }
    const why = escalation(index, a.user, a.namespace, rules);
    if (why !== undefined) throw forbidden({ group, resource: a.row.plural }, obj.metadata.name ?? '', why);
  }

  return {
    name: 'RBACEscalation',
    handles: ['CREATE', 'UPDATE'],
    async validate(a) {
      if (a.row.group !== group || !a.object || a.user.groups.includes(groupMasters)) return;
      if (onlyGcFields(a.object, a.oldObject)) return;
      switch (a.row.plural) {
        case 'roles':
        case 'clusterroles':
          return checkRole(a, a.object as ClusterRole);
        case 'rolebindings':
        case 'clusterrolebindings':
          return checkBinding(a, a.object as KubeObject & { readonly roleRef: RoleRef });
      }
    },
  };
}
