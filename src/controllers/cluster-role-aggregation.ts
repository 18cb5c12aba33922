/** Fills the rules of cluster roles that gather other roles by label (upstream: pkg/controller/clusterroleaggregation). */
import type { ClusterRole } from '../api/rbac/v1/types.ts';
import { ClusterRoles } from '../api/rbac/v1/resources.ts';
import { labelSelectorAsSelector } from '../machinery/label-selector.ts';
import type { ControllerRow } from './controller.ts';
import { semanticEqual } from './semantic-equal.ts';

type Rules = NonNullable<ClusterRole['rules']>;

/** The rules of all roles that `role` gathers, each once, in order of the roles' names per selector. Pure. */
export function aggregatedRules(role: ClusterRole, all: readonly ClusterRole[]): Rules {
  const rules: Rules[number][] = [];
  const byName = all.toSorted((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1));
  for (const spec of role.aggregationRule?.clusterRoleSelectors ?? []) {
    const selector = labelSelectorAsSelector(spec);
    for (const other of byName) {
      if (other.metadata.name === role.metadata.name || !selector.matches(other.metadata.labels)) continue;
      for (const rule of other.rules ?? []) if (!rules.some((r) => semanticEqual(r, rule))) rules.push(rule);
    }
  }
  return rules;
}

export const clusterRoleAggregationController: ControllerRow = {
  name: 'clusterrole-aggregation-controller',
  setup({ client, informer, queue }) {
    const roles = informer(ClusterRoles);
    const all = (): void => {
      for (const r of roles.list()) if (r.aggregationRule) queue.add(r.metadata.name ?? '');
    };
    roles.addHandler({ onAdd: all, onUpdate: all, onDelete: all });
    return {
      async reconcile(name) {
        const role = roles.get(name);
        if (!role?.aggregationRule) return;
        const rules = aggregatedRules(role, roles.list());
        if (semanticEqual(rules, role.rules)) return;
        const patch = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules };
        await client.patch(ClusterRoles, { name }, 'application/apply-patch+yaml', patch, {
          fieldManager: 'clusterrole-aggregation-controller',
          force: true,
        });
      },
    };
  },
};
