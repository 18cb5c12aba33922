/** Bootstrap tokens: what a new node authenticates with until it has a certificate (plugin/pkg/auth/authenticator/token/bootstrap). */
import { timingSafeEqual } from 'node:crypto';
import type { Secret } from '../../api/core/v1/types.ts';
import type { Clock } from '../../base/clock.ts';
import type { ObjectReader } from '../attributes.ts';
import type { TokenVerifier } from './token-authenticator.ts';

export interface BootstrapTokenOptions {
  readonly reader: ObjectReader;
  readonly clock: Clock;
  readonly apiAudiences: readonly string[];
}

const form = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const extraGroup = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;

const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** The groups of a token; undefined = one of them is none a token may give. */
export function bootstrapGroups(extra: string): readonly string[] | undefined {
  const more = extra === '' ? [] : extra.split(',');
  if (!more.every((g) => extraGroup.test(g))) return undefined;
  return [...new Set(['system:bootstrappers', ...more])].sort();
}

/** Tokens are `id.secret`; each is a Secret of kube-system. One that is not good is nobody's. */
export const bootstrapTokens = (o: BootstrapTokenOptions): TokenVerifier => ({
  async verify(token, asked = o.apiAudiences) {
    const parts = form.exec(token);
    if (!parts) return undefined;
    const [, id = '', password = ''] = parts;
    const secret = o.reader.get<Secret>({ group: '', plural: 'secrets' }, 'kube-system', `bootstrap-token-${id}`);
    if (!secret || secret.metadata.deletionTimestamp || secret.type !== 'bootstrap.kubernetes.io/token')
      return undefined;
    const data = (key: string): string => Buffer.from(secret.data?.[key] ?? '', 'base64').toString();
    if (!same(data('token-secret'), password) || data('token-id') !== id) return undefined;
    const expiration = data('expiration');
    // What cannot be read as a time has expired.
    if (expiration && !(Date.parse(expiration) > o.clock.now())) return undefined;
    if (data('usage-bootstrap-authentication') !== 'true') return undefined;
    const groups = bootstrapGroups(data('auth-extra-groups'));
    if (!groups) return undefined;
    return {
      user: { name: `system:bootstrap:${id}`, uid: '', groups, extra: {} },
      audiences: o.apiAudiences.filter((a) => asked.includes(a)),
    };
  },
});
