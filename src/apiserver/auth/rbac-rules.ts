/** What one policy rule allows, covers and says (pkg/apis/rbac/v1/evaluation_helpers.go, component-helpers/auth/rbac/validation). */
import type { PolicyRule } from '../../api/rbac/v1/types.ts';
import type { AuthorizerAttributes } from '../attributes.ts';

type Attributes = Pick<
  AuthorizerAttributes,
  'verb' | 'isResource' | 'path' | 'group' | 'resource' | 'subresource' | 'name'
>;

const none: readonly string[] = [];
const hasOrAll = (set: readonly string[], one: string): boolean => set.includes(one) || set.includes('*');

const urlMatches = (urls: readonly string[], path: string): boolean =>
  urls.some((u) => u === '*' || u === path || (u.endsWith('*') && path.startsWith(u.replace(/\*+$/, ''))));

/** The rule allows the request. */
export function ruleAllows(rule: PolicyRule, a: Attributes): boolean {
  if (!hasOrAll(rule.verbs ?? none, a.verb)) return false;
  if (!a.isResource) return urlMatches(rule.nonResourceURLs ?? none, a.path);
  if (!hasOrAll(rule.apiGroups ?? none, a.group)) return false;
  const resources = rule.resources ?? none;
  const combined = a.subresource ? `${a.resource}/${a.subresource}` : a.resource;
  if (!hasOrAll(resources, combined) && !(a.subresource && resources.includes(`*/${a.subresource}`))) return false;
  const names = rule.resourceNames;
  return !names?.length || names.includes(a.name);
}

/** Rules of one verb, one resource, at most one name each. */
export function breakdown(rule: PolicyRule): readonly PolicyRule[] {
  const out: PolicyRule[] = [];
  for (const group of rule.apiGroups ?? none)
    for (const resource of rule.resources ?? none)
      for (const verb of rule.verbs ?? none) {
        const one = { apiGroups: [group], resources: [resource], verbs: [verb] };
        if (rule.resourceNames?.length) out.push(...rule.resourceNames.map((n) => ({ ...one, resourceNames: [n] })));
        else out.push(one);
      }
  for (const url of rule.nonResourceURLs ?? none)
    for (const verb of rule.verbs ?? none) out.push({ nonResourceURLs: [url], verbs: [verb] });
  return out;
}

const coversResource = (owned: readonly string[], asked: string): boolean => {
  if (hasOrAll(owned, asked)) return true;
  const slash = asked.indexOf('/');
  return slash >= 0 && owned.includes(`*/${asked.slice(slash + 1)}`);
};

/** `owner` allows all that the broken-down rule `sub` allows. */
function covers(owner: PolicyRule, sub: PolicyRule): boolean {
  const all = (owned: readonly string[] | undefined, asked: readonly string[] | undefined) =>
    (asked ?? none).every((x) => hasOrAll(owned ?? none, x));
  const names = owner.resourceNames ?? none;
  return (
    all(owner.verbs, sub.verbs) &&
    all(owner.apiGroups, sub.apiGroups) &&
    (sub.resources ?? none).every((r) => coversResource(owner.resources ?? none, r)) &&
    (sub.nonResourceURLs ?? none).every((u) =>
      (owner.nonResourceURLs ?? none).some((o) => o === u || (o.endsWith('*') && u.startsWith(o.replace(/\*+$/, '')))),
    ) &&
    (names.length === 0 || (!!sub.resourceNames?.length && sub.resourceNames.every((n) => names.includes(n))))
  );
}

/** What of `asked` nobody of `owned` covers, broken down. */
export const uncovered = (owned: readonly PolicyRule[], asked: readonly PolicyRule[]): readonly PolicyRule[] =>
  asked.flatMap(breakdown).filter((sub) => !owned.some((o) => covers(o, sub)));

/** Joins rules for one group and resource (and name) that differ in their verb only. */
export function compact(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const simple = new Map<string, PolicyRule>();
  const others: PolicyRule[] = [];
  for (const rule of rules) {
    if (rule.nonResourceURLs?.length || (rule.resourceNames?.length ?? 0) > 1) others.push(rule);
    else {
      const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames]);
      const known = simple.get(key);
      simple.set(key, known ? { ...known, verbs: [...known.verbs, ...rule.verbs] } : rule);
    }
  }
  return [...others, ...simple.values()];
}

/** Go's %q of a []string. */
export const quotedList = (list: readonly string[]): string => `[${list.map((s) => JSON.stringify(s)).join(' ')}]`;

/** A rule as upstream's escalation message shows it. */
export function ruleText(rule: PolicyRule): string {
  const parts: string[] = [];
  const add = (name: string, list: readonly string[] | undefined) => {
    if (list?.length) parts.push(`${name}:${quotedList(list)}`);
  };
  add('APIGroups', rule.apiGroups);
  add('Resources', rule.resources);
  add('NonResourceURLs', rule.nonResourceURLs);
  add('ResourceNames', rule.resourceNames);
  add('Verbs', rule.verbs);
  return `{${parts.join(', ')}}`;
}
