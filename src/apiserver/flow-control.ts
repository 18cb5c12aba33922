/** Which FlowSchema and priority level a request belongs to (upstream: util/flowcontrol/rule.go); answers name both by their UIDs. */
import type { FlowSchema, PriorityLevelConfiguration } from '../api/flowcontrol/v1/types.ts';
import type { ObjectReader, RequestInfo, UserInfo } from './attributes.ts';
import { splitServiceAccount } from './auth/identity.ts';

export interface Classification {
  readonly flowSchema: string;
  readonly flowSchemaUid: string;
  readonly priorityLevel: string;
  readonly priorityLevelUid: string;
}

export interface FlowClassifier {
  /** undefined = no schema matches, or the level it names is not there. */
  classify(info: RequestInfo, user: UserInfo): Classification | undefined;
}

type Rule = NonNullable<FlowSchema['spec']['rules']>[number];
type Subject = NonNullable<Rule['subjects']>[number];

/** The wildcard counts only when it is all there is, as validation sees to. */
const has = (list: readonly string[] | undefined, x: string): boolean =>
  list !== undefined && ((list.length === 1 && list[0] === '*') || list.includes(x));

function isSubject(s: Subject, user: UserInfo): boolean {
  switch (s.kind) {
    case 'User':
      return s.user !== undefined && (s.user.name === '*' || s.user.name === user.name);
    case 'Group':
      return s.group !== undefined && (s.group.name === '*' || user.groups.includes(s.group.name));
    case 'ServiceAccount': {
      const account = splitServiceAccount(user.name);
      const asked = s.serviceAccount;
      return (
        account !== undefined &&
        asked !== undefined &&
        asked.namespace === account.namespace &&
        (asked.name === '*' || asked.name === account.name)
      );
    }
    default:
      return false;
  }
}

const pathMatches = (path: string) => (rule: string) => {
  if (rule === '*' || rule === path) return true;
  const prefix = rule.replace(/\*$/, '');
  return path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
};

function ruleMatches(r: Rule, i: RequestInfo, user: UserInfo): boolean {
  if (!r.subjects?.some((s) => isSubject(s, user))) return false;
  if (!i.isResource)
    return !!r.nonResourceRules?.some((n) => has(n.verbs, i.verb) && n.nonResourceURLs?.some(pathMatches(i.path)));
  const resource = i.subresource ? `${i.resource}/${i.subresource}` : i.resource;
  return !!r.resourceRules?.some(
    (p) =>
      has(p.verbs, i.verb) &&
      has(p.resources, resource) &&
      has(p.apiGroups, i.group) &&
      (i.namespace === '' ? p.clusterScope === true : has(p.namespaces, i.namespace)),
  );
}

/** Whether a request of this user matches a schema. */
export const flowSchemaMatches = (s: FlowSchema, i: RequestInfo, user: UserInfo): boolean =>
  !!s.spec.rules?.some((r) => ruleMatches(r, i, user));

const group = 'flowcontrol.apiserver.k8s.io';
const name = (o: FlowSchema | PriorityLevelConfiguration): string => o.metadata.name ?? '';

/** Follows the objects; the schema of lowest matchingPrecedence (then name) that matches is the one. */
export function flowClassifier(reader: ObjectReader): FlowClassifier {
  const schemas = new Map<string, FlowSchema>();
  const levels = new Map<string, string>();
  let ordered: readonly { readonly schema: FlowSchema; readonly is: Classification }[] | undefined;
  reader.subscribe?.({ group, plural: 'flowschemas' }, (old, obj) => {
    if (obj) schemas.set(name(obj as FlowSchema), obj as FlowSchema);
    else if (old) schemas.delete(name(old as FlowSchema));
    ordered = undefined;
  });
  reader.subscribe?.({ group, plural: 'prioritylevelconfigurations' }, (old, obj) => {
    if (obj) levels.set(name(obj as PriorityLevelConfiguration), obj.metadata.uid ?? '');
    else if (old) levels.delete(name(old as PriorityLevelConfiguration));
    ordered = undefined;
  });
  const order = () =>
    [...schemas.values()]
      .sort(
        (a, b) => (a.spec.matchingPrecedence ?? 0) - (b.spec.matchingPrecedence ?? 0) || (name(a) < name(b) ? -1 : 1),
      )
      .flatMap((schema) => {
        const level = schema.spec.priorityLevelConfiguration.name ?? '';
        const uid = levels.get(level);
        return uid === undefined
          ? []
          : [
              {
                schema,
                is: {
                  flowSchema: name(schema),
                  flowSchemaUid: schema.metadata.uid ?? '',
                  priorityLevel: level,
                  priorityLevelUid: uid,
                },
              },
            ];
      });
  return {
    classify(info, user) {
      ordered ??= order();
      for (const o of ordered) if (flowSchemaMatches(o.schema, info, user)) return o.is;
      return undefined;
    },
  };
}
