/** Bound service account tokens for projected volumes: asked for once, renewed at 80 % of their life (upstream: pkg/kubelet/token). */
import { ServiceAccounts } from '../../api/core/v1/resources.ts';
import type { Pod, ServiceAccount } from '../../api/core/v1/types.ts';
import type { Clock } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';
import { nameOf, namespaceOf, uidOf } from '../pod/identity.ts';

interface TokenAnswer {
  readonly status?: { readonly token?: string; readonly expirationTimestamp?: string };
}
interface Held {
  readonly token: string;
  readonly refreshAt: number;
  readonly expires: number;
}
export interface TokenSource {
  /** `expirationSeconds` as the volume asks. */
  token(pod: Pod, audience: string | undefined, expirationSeconds: number): Promise<string>;
  /** When the next token of this pod is to be renewed; Infinity = none. */
  nextRefresh(uid: string): number;
  forget(uid: string): void;
}

const longest = 24 * 3600_000;

export function createTokenSource(client: Client, clock: Clock, random: () => number): TokenSource {
  const held = new Map<string, Held>();
  return {
    async token(pod, audience, expirationSeconds) {
      const key = `${uidOf(pod)}/${audience ?? ''}/${expirationSeconds}`;
      const have = held.get(key);
      const now = clock.now();
      if (have && now < have.refreshAt) return have.token;
      try {
        const answer = await client.createSubresource<ServiceAccount, TokenAnswer>(
          ServiceAccounts,
          { namespace: namespaceOf(pod), name: pod.spec.serviceAccountName || 'default' },
          'token',
          {
            apiVersion: 'authentication.k8s.io/v1',
            kind: 'TokenRequest',
            metadata: {},
            spec: {
              audiences: audience ? [audience] : [],
              expirationSeconds,
              boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: nameOf(pod), uid: uidOf(pod) },
            },
          },
        );
        const token = answer.status?.token ?? '';
        const expires = Date.parse(answer.status?.expirationTimestamp ?? '') || now + expirationSeconds * 1000;
        const life = expires - now;
        // a little earlier for some, so that not every pod asks at once
        const refreshAt = now + Math.min(life * 0.8, longest) - random() * Math.min(10_000, life * 0.05);
        held.set(key, { token, refreshAt, expires });
        return token;
      } catch (e) {
        if (have && now < have.expires) return have.token;
        throw new Error(`failed to fetch token: ${(e as Error).message}`);
      }
    },
    nextRefresh(uid) {
      let next = Number.POSITIVE_INFINITY;
      for (const [key, h] of held) if (key.startsWith(`${uid}/`)) next = Math.min(next, h.refreshAt);
      return next;
    },
    forget(uid) {
      for (const key of held.keys()) if (key.startsWith(`${uid}/`)) held.delete(key);
    },
  };
}
