/**
 * Clients that work as service accounts: each account is made if it is not there, and asks for a token that is renewed before it ends
 * (upstream: controller-manager/pkg/clientbuilder/client_builder_dynamic.go).
 */
import { ServiceAccounts } from '../api/core/v1/resources.ts';
import type { Clock } from '../base/clock.ts';
import { isAlreadyExists, isNotFound } from '../machinery/index.ts';
import type { Client, Transport } from './client.ts';
import { createClient } from './rest-client.ts';

export interface ServiceAccountClientsOptions {
  /** May make service accounts and ask for their tokens. */
  readonly client: Client;
  /** Shared by all clients; without credentials of its own. The caller closes it. */
  readonly transport: Transport;
  readonly namespace: string;
  readonly userAgent: string;
  readonly clock: Clock;
}

const lifetimeSeconds = 3600;
/** A new token is asked for when this share of the old one's life is left. */
const leeway = 0.2;
/** However short the server says that a token lives: clocks differ. */
const leastLifeMs = 600_000;

interface Token {
  readonly token: string;
  /** Monotonic milliseconds. */
  readonly renewAt: number;
}

/** The client of the account with a name; the same one each time. */
export function serviceAccountClients(o: ServiceAccountClientsOptions): (account: string) => Client {
  const clients = new Map<string, Client>();
  return (account) => {
    const known = clients.get(account);
    if (known) return known;
    const client = createClient(
      withTokens(o.transport, () => requestToken(o, account), o.clock),
      {
        userAgent: `${o.userAgent} system:serviceaccount:${o.namespace}:${account}`,
      },
    );
    clients.set(account, client);
    return client;
  };
}

/** Sends a bearer token with every request: asked for once, renewed in time, and after a 401. */
function withTokens(transport: Transport, ask: () => Promise<Token>, clock: Clock): Transport {
  let token: Promise<Token> | undefined;
  const current = async (): Promise<Token> => {
    token ??= ask();
    const asked = token;
    const known = await asked.catch((e: unknown) => {
      // What failed is asked for again by the next request.
      if (token === asked) token = undefined;
      throw e;
    });
    if (clock.monotonic() < known.renewAt) return known;
    if (token === asked) token = undefined;
    return current();
  };
  return {
    async request(req) {
      const { token: bearer } = await current();
      const answer = await transport.request({
        ...req,
        headers: { ...req.headers, authorization: `Bearer ${bearer}` },
      });
      if (answer.status === 401) token = undefined;
      return answer;
    },
    close: async () => {},
  };
}

async function requestToken({ client, namespace, clock }: ServiceAccountClientsOptions, name: string): Promise<Token> {
  await client.get(ServiceAccounts, { namespace, name }).catch(async (e: unknown) => {
    if (!isNotFound(e)) throw e;
    await client.create(ServiceAccounts, { metadata: { namespace, name } }).catch((x: unknown) => {
      if (!isAlreadyExists(x)) throw x;
    });
  });
  const { status } = await client.createSubresource<never, { readonly status: TokenStatus }>(
    ServiceAccounts as never,
    { namespace, name },
    'token',
    { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: lifetimeSeconds } },
  );
  const life = Math.max(Date.parse(status.expirationTimestamp) - clock.now(), leastLifeMs);
  return { token: status.token, renewAt: clock.monotonic() + life * (1 - leeway) };
}

interface TokenStatus {
  readonly token: string;
  readonly expirationTimestamp: string;
}
