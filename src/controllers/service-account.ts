/** Gives every namespace its `default` service account (upstream: pkg/controller/serviceaccount/serviceaccounts_controller.go). */
import { Namespaces, ServiceAccounts } from '../api/core/v1/resources.ts';
import type { Namespace, ServiceAccount } from '../api/core/v1/types.ts';
import { isAlreadyExists, isNotFound } from '../machinery/index.ts';
import type { ControllerRow } from './controller.ts';
import { isNamespaceTerminating } from './namespace-terminating.ts';

const name = 'default';

export const lacksDefaultAccount = (namespace: Namespace | undefined, account: ServiceAccount | undefined): boolean =>
  namespace !== undefined &&
  namespace.status.phase !== 'Terminating' &&
  !namespace.metadata.deletionTimestamp &&
  account === undefined;

export const serviceAccountController: ControllerRow = {
  name: 'serviceaccount-controller',
  account: 'service-account-controller',
  setup({ client, informer, queue }) {
    const namespaces = informer(Namespaces);
    const accounts = informer(ServiceAccounts);
    namespaces.addHandler({
      onAdd: (n) => queue.add(n.metadata.name ?? ''),
      onUpdate: (_, n) => queue.add(n.metadata.name ?? ''),
    });
    accounts.addHandler({
      onDelete(a) {
        if (a.metadata.name === name) queue.add(a.metadata.namespace ?? '');
      },
    });
    return {
      async reconcile(namespace) {
        if (!lacksDefaultAccount(namespaces.get(namespace), accounts.get(`${namespace}/${name}`))) return;
        try {
          await client.create(ServiceAccounts, { metadata: { namespace, name } });
        } catch (e) {
          if (!isAlreadyExists(e) && !isNamespaceTerminating(e) && !isNotFound(e)) throw e;
        }
      },
    };
  },
};
