/** RBAC: allows what some rule bound to the user allows, and says by which binding (plugin/pkg/auth/authorizer/rbac). */
import type { Authorizer, AuthorizerAttributes, Decision } from '../attributes.ts';
import { aggregate, type Grant, type RbacIndex } from './rbac-index.ts';
import { ruleAllows } from './rbac-rules.ts';

const q = JSON.stringify;

function grantText({ binding, subject }: Grant): string {
  const { name, namespace } = binding.metadata;
  const kind = namespace ? 'RoleBinding' : 'ClusterRoleBinding';
  const who =
    subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace || (namespace ?? '')}` : subject.name;
  return `${kind} ${q(namespace ? `${name}/${namespace}` : name)} of ${binding.roleRef.kind} ${q(binding.roleRef.name)} to ${subject.kind} ${q(who)}`;
}

/** Decides without waiting. */
export interface RbacAuthorizer extends Authorizer {
  authorize(attributes: AuthorizerAttributes): Decision;
}

export const rbacAuthorizer = (index: RbacIndex): RbacAuthorizer => ({
  authorize(a) {
    let allowedBy: Grant | undefined;
    let errors: string[] | undefined;
    index.visit(a.user, a.isResource ? a.namespace : '', (applied) => {
      if (!applied.rule) {
        errors ??= [];
        errors.push(applied.error);
        return true;
      }
      if (!ruleAllows(applied.rule, a)) return true;
      allowedBy = applied.grant;
      return false;
    });
    const by: Grant | undefined = allowedBy;
    if (by) {
      let text: string | undefined;
      // only access reviews and audit read it: made when asked for
      return {
        decision: 'allow',
        get reason() {
          text ??= `RBAC: allowed by ${grantText(by)}`;
          return text;
        },
      };
    }
    return { decision: 'no-opinion', reason: errors ? `RBAC: ${aggregate(errors)}` : '' };
  },
});
