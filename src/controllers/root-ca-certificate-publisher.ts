/** Puts the cluster's CA bundle into every namespace (upstream: pkg/controller/certificates/rootcacertpublisher). */
import { ConfigMaps, Namespaces } from '../api/core/v1/resources.ts';
import type { ConfigMap, Namespace } from '../api/core/v1/types.ts';
import { isAlreadyExists, isNotFound } from '../machinery/index.ts';
import type { ControllerRow } from './controller.ts';
import { isNamespaceTerminating } from './namespace-terminating.ts';

const name = 'kube-root-ca.crt';
const descriptionKey = 'kubernetes.io/description';
const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. ' +
  'No other usage is guaranteed across distributions of Kubernetes clusters.';

export type RootCaAction =
  | { readonly kind: 'create' }
  | { readonly kind: 'update'; readonly configMap: ConfigMap }
  | undefined;

/** What the namespace's bundle lacks. */
export function decideRootCa(
  namespace: Namespace | undefined,
  current: ConfigMap | undefined,
  rootCa: string,
): RootCaAction {
  if (!namespace || namespace.status.phase === 'Terminating' || namespace.metadata.deletionTimestamp) return undefined;
  if (!current) return { kind: 'create' };
  const { data = {}, metadata } = current;
  const exact = Object.keys(data).length === 1 && data['ca.crt'] === rootCa;
  if (exact && metadata.annotations?.[descriptionKey] !== undefined) return undefined;
  return {
    kind: 'update',
    configMap: {
      ...current,
      metadata: { ...metadata, annotations: { ...metadata.annotations, [descriptionKey]: description } },
      data: { 'ca.crt': rootCa },
    },
  };
}

export const rootCaCertificatePublisher: ControllerRow = {
  name: 'root-ca-certificate-publisher-controller',
  account: 'root-ca-cert-publisher',
  setup({ client, informer, queue, rootCa }) {
    const namespaces = informer(Namespaces);
    const configMaps = informer(ConfigMaps);
    const wake = (c: ConfigMap) => {
      if (c.metadata.name === name) queue.add(c.metadata.namespace ?? '');
    };
    namespaces.addHandler({
      onAdd: (n) => queue.add(n.metadata.name ?? ''),
      onUpdate: (_, n) => queue.add(n.metadata.name ?? ''),
    });
    configMaps.addHandler({ onUpdate: (_, c) => wake(c), onDelete: wake });
    return {
      async reconcile(namespace) {
        const action = decideRootCa(namespaces.get(namespace), configMaps.get(`${namespace}/${name}`), rootCa);
        if (!action) return;
        try {
          if (action.kind === 'update') await client.update(ConfigMaps, action.configMap);
          else
            await client.create(ConfigMaps, {
              metadata: { namespace, name, annotations: { [descriptionKey]: description } },
              data: { 'ca.crt': rootCa },
            });
        } catch (e) {
          if (!isAlreadyExists(e) && !isNamespaceTerminating(e) && !isNotFound(e)) throw e;
        }
      },
    };
  },
};
