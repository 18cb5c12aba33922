/** Who asks: the ordered authenticators, then anonymous. One bad credential and no good one is a 401, as upstream answers it. */
import { unauthorized } from '../../machinery/status-error.ts';
import type { Authenticator, Credentials, UserInfo } from '../attributes.ts';
import { anonymous, authenticated } from './identity.ts';

export interface ChainOptions {
  readonly authenticators: readonly Authenticator[];
  /** Requests without credentials are system:anonymous (default true). */
  readonly allowAnonymous?: boolean;
  /** Why a credential was refused; never shown to the client. */
  readonly onRefused?: (why: string) => void;
}

export interface AuthenticatorChain extends Authenticator {
  authenticate(credentials: Credentials): Promise<UserInfo>;
}

/** Always answers a user or throws the 401 that upstream sends. */
export function authenticatorChain(options: ChainOptions): AuthenticatorChain {
  return {
    async authenticate(credentials) {
      let refused = false;
      for (const a of options.authenticators)
        try {
          const user = await a.authenticate(credentials);
          if (user) return authenticated(user);
        } catch (e) {
          refused = true;
          options.onRefused?.((e as Error).message);
        }
      if (refused || options.allowAnonymous === false) throw unauthorized('Unauthorized');
      return anonymous;
    },
  };
}
