/** Who asks and whether they may: client certificates and tokens, then the API server's word (webhook authn and authz, as kubeadm sets up). */
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { LRUCache } from 'lru-cache';
import type { Client } from '../../client/client.ts';

export interface UserInfo {
  readonly name: string;
  readonly uid?: string | undefined;
  readonly groups: readonly string[];
}
export interface RequestAuth {
  /** Undefined = nobody we know. */
  authenticate(req: IncomingMessage): Promise<UserInfo | undefined>;
  authorize(user: UserInfo, method: string, path: string): Promise<boolean>;
}

const verbs: Record<string, string> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};
const below = (path: string, root: string): boolean => path === root || path.startsWith(`${root}/`);

/** The subresources of `nodes` one of which must be allowed (KEP-2862; upstream: pkg/kubelet/server/auth.go). */
export function subresourcesOf(path: string): readonly string[] {
  const fine = below(path, '/pods')
    ? ['pods']
    : below(path, '/healthz')
      ? ['healthz']
      : below(path, '/configz')
        ? ['configz']
        : below(path, '/runningpods')
          ? ['pods']
          : [];
  const coarse = below(path, '/stats')
    ? 'stats'
    : below(path, '/metrics')
      ? 'metrics'
      : below(path, '/logs')
        ? 'log'
        : 'proxy';
  return [...fine, coarse];
}

const list = (v: string | readonly string[] | undefined): readonly string[] =>
  v === undefined ? [] : typeof v === 'string' ? [v] : v;

export function createRequestAuth(client: Client, nodeName: string): RequestAuth {
  const tokens = new LRUCache<string, { user: UserInfo | undefined }>({ max: 1000, ttl: 120_000 });
  const allowed = new LRUCache<string, boolean>({ max: 1000, ttl: 300_000 });
  const review = async (token: string): Promise<UserInfo | undefined> => {
    const answer = (await client.raw('POST', '/apis/authentication.k8s.io/v1/tokenreviews', {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenReview',
      metadata: {},
      spec: { token },
    })) as { status?: { authenticated?: boolean; user?: { username?: string; uid?: string; groups?: string[] } } };
    const user = answer.status?.user;
    return answer.status?.authenticated && user?.username
      ? { name: user.username, uid: user.uid, groups: user.groups ?? [] }
      : undefined;
  };
  return {
    async authenticate(req) {
      const socket = req.socket as TLSSocket;
      if (socket.authorized) {
        const subject = socket.getPeerCertificate().subject as { CN?: string | string[]; O?: string | string[] };
        const name = list(subject.CN)[0];
        if (name) return { name, groups: [...list(subject.O), 'system:authenticated'] };
      }
      const token = /^Bearer (.+)$/i.exec(req.headers.authorization ?? '')?.[1];
      if (!token) return undefined;
      let known = tokens.get(token);
      if (!known) {
        known = { user: await review(token) };
        tokens.set(token, known, known.user ? {} : { ttl: 10_000 });
      }
      return known.user;
    },
    async authorize(user, method, path) {
      const verb = verbs[method] ?? '';
      for (const subresource of subresourcesOf(path)) {
        const key = JSON.stringify([user.name, user.groups, verb, subresource]);
        let yes = allowed.get(key);
        if (yes === undefined) {
          const answer = (await client.raw('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
            apiVersion: 'authorization.k8s.io/v1',
            kind: 'SubjectAccessReview',
            metadata: {},
            spec: {
              user: user.name,
              groups: user.groups,
              ...(user.uid && { uid: user.uid }),
              resourceAttributes: { verb, group: '', version: 'v1', resource: 'nodes', subresource, name: nodeName },
            },
          })) as { status?: { allowed?: boolean } };
          yes = answer.status?.allowed === true;
          allowed.set(key, yes, yes ? {} : { ttl: 30_000 });
        }
        if (yes) return true;
      }
      return false;
    },
  };
}
