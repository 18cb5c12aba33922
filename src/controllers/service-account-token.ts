/**
 * Fills Secrets of type kubernetes.io/service-account-token with a token of their account, and deletes those whose account is gone
 * (upstream: pkg/controller/serviceaccount/tokens_controller.go).
 */
import { Secrets, ServiceAccounts } from '../api/core/v1/resources.ts';
import type { Secret, ServiceAccount } from '../api/core/v1/types.ts';
import { isNotFound } from '../machinery/index.ts';
import type { ControllerRow } from './controller.ts';

const type = 'kubernetes.io/service-account-token';
const accountName = 'kubernetes.io/service-account.name';
const accountUid = 'kubernetes.io/service-account.uid';

export type TokenSecretAction =
  | { readonly do: 'nothing' }
  /** The account it was made for is gone, or another one has its name. */
  | { readonly do: 'delete' }
  | { readonly do: 'fill'; readonly token: boolean };

/** What a token secret needs, given the account it names. Pure. */
export function decideTokenSecret(
  secret: Secret,
  account: ServiceAccount | undefined,
  rootCa: string,
): TokenSecretAction {
  if (secret.type !== type || secret.metadata.deletionTimestamp) return { do: 'nothing' };
  const uid = secret.metadata.annotations?.[accountUid];
  if (!account || (uid && uid !== account.metadata.uid)) return { do: 'delete' };
  const data = secret.data ?? {};
  const complete =
    uid !== undefined &&
    data['ca.crt'] === base64(rootCa) &&
    data['namespace'] === base64(secret.metadata.namespace ?? '');
  if (complete && data['token']) return { do: 'nothing' };
  return { do: 'fill', token: !data['token'] };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const accountOf = (s: Secret): string => `${s.metadata.namespace}/${s.metadata.annotations?.[accountName] ?? ''}`;

export const serviceAccountTokenController: ControllerRow = {
  name: 'serviceaccount-token-controller',
  account: null,
  setup({ client, informer, queue, rootCa, legacyToken }) {
    const secrets = informer(Secrets);
    const accounts = informer(ServiceAccounts);
    secrets.addIndex('token account', (s) => (s.type === type ? [accountOf(s)] : []));
    const add = (s: Secret) => {
      if (s.type === type) queue.add(`${s.metadata.namespace}/${s.metadata.name}`);
    };
    secrets.addHandler({ onAdd: add, onUpdate: (_, s) => add(s) });
    const ofAccount = (a: ServiceAccount) => {
      for (const s of secrets.byIndex('token account', `${a.metadata.namespace}/${a.metadata.name}`)) add(s);
    };
    accounts.addHandler({ onAdd: ofAccount, onDelete: ofAccount });
    return {
      async reconcile(key) {
        const secret = secrets.get(key);
        if (!secret) return;
        let account = accounts.get(accountOf(secret));
        const name = secret.metadata.annotations?.[accountName];
        // A cache that lags must not cost a token: ask before deleting.
        if (!account && name)
          account = await client
            .get(ServiceAccounts, { namespace: secret.metadata.namespace, name })
            .catch((e: unknown) => {
              if (isNotFound(e)) return undefined;
              throw e;
            });
        const action = decideTokenSecret(secret, account, rootCa);
        if (action.do === 'delete') {
          const { uid, resourceVersion } = secret.metadata;
          await client.delete(
            Secrets,
            { namespace: secret.metadata.namespace, name: secret.metadata.name ?? '' },
            { preconditions: { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) } },
          );
        }
        if (action.do !== 'fill' || !account || !legacyToken) return;
        await client.update(Secrets, {
          ...secret,
          metadata: {
            ...secret.metadata,
            annotations: {
              ...secret.metadata.annotations,
              [accountName]: account.metadata.name ?? '',
              [accountUid]: account.metadata.uid ?? '',
            },
          },
          data: {
            ...secret.data,
            'ca.crt': base64(rootCa),
            namespace: base64(secret.metadata.namespace ?? ''),
            ...(action.token && { token: base64(await legacyToken(account, secret.metadata.name ?? '')) }),
          },
        });
      },
    };
  },
};
