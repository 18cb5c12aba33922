/**
 * Roles and bindings indexed by subject, so that a decision looks only at the bindings of the one who asks. Kept up to date by change
 * notifications; the rules of a role are found through its binding at the time of asking.
 */
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  RoleRef,
  Subject,
} from '../../api/rbac/v1/types.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import type { ObjectReader, UserInfo } from '../attributes.ts';
import { serviceAccountUsername } from './identity.ts';

const group = 'rbac.authorization.k8s.io';
export type RbacPlural = 'roles' | 'clusterroles' | 'rolebindings' | 'clusterrolebindings';
const plurals: readonly RbacPlural[] = ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'];
/** The rows whose changes must be handed to `changed`. */
export const rbacRows = plurals.map((plural) => ({ group, plural }));

/** A binding as the index holds it. */
export interface Grant {
  readonly binding: RoleBinding | ClusterRoleBinding;
  readonly subject: Subject;
}

/** One rule that applies to a user, with the grant it comes from; or why a grant's role could not be found. */
export type Applied =
  | { readonly grant: Grant; readonly rule: PolicyRule; readonly error?: never }
  | { readonly grant: Grant; readonly rule?: never; readonly error: string };

/** Subject → key of the index; undefined = applies to nobody. */
function subjectKey(subject: Subject, bindingNamespace: string): string | undefined {
  if (subject.kind === 'User') return `u:${subject.name}`;
  if (subject.kind === 'Group') return `g:${subject.name}`;
  if (subject.kind !== 'ServiceAccount') return undefined;
  const namespace = subject.namespace || bindingNamespace;
  return namespace ? `u:${serviceAccountUsername(namespace, subject.name)}` : undefined;
}

type Scope = Map<string, Map<string, Grant>>;
type Binding = RoleBinding | ClusterRoleBinding;

export class RbacIndex {
  /** `namespace/name` (`/name` for cluster roles) → rules. */
  readonly #rules = new Map<string, readonly PolicyRule[]>();
  /** namespace ('' = cluster) → subject → binding name → grant. */
  readonly #scopes = new Map<string, Scope>();
  readonly #bindings = new Map<string, Binding>();

  /** Takes in all that is there. */
  load(reader: ObjectReader): void {
    for (const plural of plurals) for (const o of reader.list({ group, plural })) this.changed(plural, undefined, o);
  }

  /** An object was added (old undefined), changed, or deleted (obj undefined). */
  changed(plural: RbacPlural, old: KubeObject | undefined, obj: KubeObject | undefined): void {
    const meta = (obj ?? old)?.metadata;
    if (!meta) return;
    const namespace = meta.namespace ?? '';
    const key = `${namespace}/${meta.name}`;
    switch (plural) {
      case 'roles':
      case 'clusterroles':
        if (obj) this.#rules.set(key, (obj as Role | ClusterRole).rules ?? []);
        else this.#rules.delete(key);
        return;
      case 'rolebindings':
      case 'clusterrolebindings':
        this.#unbind(namespace, key);
        if (obj) this.#bind(namespace, key, obj as Binding);
        return;
      default:
        plural satisfies never;
    }
  }

  #bind(namespace: string, key: string, binding: Binding): void {
    this.#bindings.set(key, binding);
    const scope = this.#scopes.getOrInsertComputed(namespace, () => new Map());
    for (const subject of binding.subjects ?? []) {
      const who = subjectKey(subject, namespace);
      if (who === undefined) continue;
      const grants = scope.getOrInsertComputed(who, () => new Map());
      // the first subject that applies is the one messages name
      if (!grants.has(key)) grants.set(key, { binding, subject });
    }
  }

  #unbind(namespace: string, key: string): void {
    const binding = this.#bindings.get(key);
    const scope = this.#scopes.get(namespace);
    if (!binding || !scope) return;
    this.#bindings.delete(key);
    for (const subject of binding.subjects ?? []) {
      const who = subjectKey(subject, namespace);
      const grants = who === undefined ? undefined : scope.get(who);
      if (grants?.delete(key) && grants.size === 0) scope.delete(who!);
    }
    if (scope.size === 0) this.#scopes.delete(namespace);
  }

  /** The rules a reference leads to; a string = why there are none (upstream's lister wording). */
  rulesOf(ref: RoleRef, bindingNamespace: string): readonly PolicyRule[] | string {
    if (ref.kind !== 'Role' && ref.kind !== 'ClusterRole')
      return `unsupported role reference kind: ${JSON.stringify(ref.kind)}`;
    const rules = this.#rules.get(`${ref.kind === 'Role' ? bindingNamespace : ''}/${ref.name}`);
    return rules ?? `${ref.kind.toLowerCase()}.${group} ${JSON.stringify(ref.name)} not found`;
  }

  /** Visits what applies to the user, cluster-wide first; stops when the visitor answers false. */
  visit(user: UserInfo, namespace: string, visitor: (applied: Applied) => boolean): void {
    const cluster = this.#scopes.get('');
    if (cluster && !this.#visitScope(cluster, '', user, visitor)) return;
    const local = namespace ? this.#scopes.get(namespace) : undefined;
    if (local) this.#visitScope(local, namespace, user, visitor);
  }

  #visitScope(scope: Scope, namespace: string, user: UserInfo, visitor: (applied: Applied) => boolean): boolean {
    if (!this.#visitSubject(scope.get(`u:${user.name}`), namespace, visitor)) return false;
    for (const g of user.groups) if (!this.#visitSubject(scope.get(`g:${g}`), namespace, visitor)) return false;
    return true;
  }

  #visitSubject(
    grants: ReadonlyMap<string, Grant> | undefined,
    namespace: string,
    visitor: (applied: Applied) => boolean,
  ): boolean {
    if (grants)
      for (const grant of grants.values()) {
        const rules = this.rulesOf(grant.binding.roleRef, namespace);
        if (typeof rules === 'string') {
          if (!visitor({ grant, error: rules })) return false;
        } else for (const rule of rules) if (!visitor({ grant, rule })) return false;
      }
    return true;
  }

  /** All rules of a user in a namespace, and what went wrong resolving them. */
  rulesFor(
    user: UserInfo,
    namespace: string,
  ): { readonly rules: readonly PolicyRule[]; readonly errors: readonly string[] } {
    const rules: PolicyRule[] = [];
    const errors: string[] = [];
    this.visit(user, namespace, (a) => {
      if (a.rule) rules.push(a.rule);
      else errors.push(a.error);
      return true;
    });
    return { rules, errors };
  }
}

/** Several errors as Go's aggregate prints them. */
export const aggregate = (errors: readonly string[]): string => {
  const distinct = [...new Set(errors)];
  return distinct.length === 1 ? distinct[0]! : `[${distinct.join(', ')}]`;
};
