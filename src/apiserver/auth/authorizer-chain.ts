/** The ordered authorisers, and the 403 of the one that is asked last. */
import { StatusError } from '../../machinery/status-error.ts';
import type { Authorizer, AuthorizerAttributes, Decision } from '../attributes.ts';
import { groupMasters } from './identity.ts';

/** Members of system:masters may do anything. */
export const privilegedGroups: Authorizer = {
  authorize: (a) =>
    a.user.groups.includes(groupMasters) ? { decision: 'allow', reason: '' } : { decision: 'no-opinion', reason: '' },
};

/** Paths anybody may GET or HEAD without being asked (--authorization-always-allow-paths). `/x/*` allows everything below. */
export function alwaysAllowPaths(paths: readonly string[]): Authorizer {
  const exact = new Set(paths.filter((p) => !p.endsWith('*')));
  const prefixes = paths.filter((p) => p.endsWith('*')).map((p) => p.slice(0, -1));
  return {
    authorize: (a) =>
      !a.isResource && (exact.has(a.path) || prefixes.some((p) => a.path.startsWith(p)))
        ? { decision: 'allow', reason: '' }
        : { decision: 'no-opinion', reason: '' },
  };
}

/** The first opinion counts; synchronous as long as every authoriser is. Reasons of the undecided are joined by line breaks. */
export function authorizerChain(chain: readonly Authorizer[]): Authorizer {
  const from = (a: AuthorizerAttributes, start: number, before: readonly string[]): Decision | Promise<Decision> => {
    const reasons = [...before];
    for (let i = start; i < chain.length; i++) {
      const decision = chain[i]!.authorize(a);
      if (decision instanceof Promise)
        return decision.then((d) => {
          if (d.decision !== 'no-opinion') return d;
          return from(a, i + 1, d.reason ? [...reasons, d.reason] : reasons);
        });
      if (decision.decision !== 'no-opinion') return decision;
      if (decision.reason) reasons.push(decision.reason);
    }
    return { decision: 'no-opinion', reason: reasons.join('\n') };
  };
  return { authorize: (a) => from(a, 0, []) };
}

const q = JSON.stringify;
const noHtml: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The text of a refusal, without the resource it starts with. */
export function forbiddenMessage(a: AuthorizerAttributes): string {
  const who = `User ${q(a.user.name)} cannot ${a.verb}`;
  if (!a.isResource) return `${who} path ${q(a.path)}`;
  const resource = a.subresource ? `${a.resource}/${a.subresource}` : a.resource;
  const what = `${who} resource ${q(resource)} in API group ${q(a.group)}`;
  return a.namespace ? `${what} in the namespace ${q(a.namespace)}` : `${what} at the cluster scope`;
}

/** The 403 upstream answers (apiserver/pkg/endpoints/handlers/responsewriters/errors.go). */
export function forbiddenError(a: AuthorizerAttributes, reason: string): StatusError {
  const message = forbiddenMessage(a).replaceAll(/[&<>]/g, (c) => noHtml[c]!);
  const why = reason ? `${message}: ${reason}` : message;
  if (!a.isResource) return new StatusError(403, 'Forbidden', `forbidden: ${why}`, {});
  const what = a.group ? `${a.resource}.${a.group}` : a.resource;
  return new StatusError(403, 'Forbidden', `${a.name ? `${what} ${q(a.name)}` : what} is forbidden: ${why}`, {
    ...(a.name && { name: a.name }),
    ...(a.group && { group: a.group }),
    kind: a.resource,
  });
}
