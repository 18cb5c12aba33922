/** Keeps the Endpoints object of every service with a selector (upstream: pkg/controller/endpoint). */
import { Endpoints as EndpointsRow, Pods, Services } from '../../api/core/v1/resources.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import { isNotFound, objectKey, splitObjectKey } from '../../machinery/index.ts';
import type { ControllerRow } from '../controller.ts';
import { createTriggerTimes } from '../endpointslice/trigger-time.ts';
import { hasSelector, selectedPods, wakeServices } from '../endpointslice/service-pods.ts';
import { isNamespaceTerminating } from '../namespace-terminating.ts';
import { decideEndpoints } from './decide.ts';

/** A lock of leader election, not a list of addresses. */
export const leaderAnnotation = 'control-plane.alpha.kubernetes.io/leader';

export const endpointsController: ControllerRow = {
  name: 'endpoints-controller',
  account: 'endpoint-controller',
  component: 'endpoint-controller',
  setup(c) {
    const { recorder } = c;
    const services = c.informer(Services);
    const pods = c.informer(Pods);
    const endpoints = c.informer(EndpointsRow);
    const times = createTriggerTimes();
    wakeServices(services, pods, c.queue);
    // With the service goes its Endpoints object: it has no owner reference. One that somebody wrote without a service stays, until the
    // controllers start again: then nobody can tell it from one whose service went meanwhile.
    const remove = async (key: string): Promise<void> => {
      times.forget(key);
      if (!endpoints.get(key)) return;
      await c.client.delete(EndpointsRow, splitObjectKey(key)).catch((e: unknown) => {
        if (!isNotFound(e)) throw e;
      });
    };
    endpoints.addHandler({
      onAdd(e, initial) {
        if (initial && e.metadata.annotations?.[leaderAnnotation] === undefined) c.queue.add(objectKey(e));
      },
      onDelete: (e) => c.queue.add(objectKey(e)),
    });
    return {
      async reconcile(key) {
        const service = services.get(key);
        if (!service) return remove(key);
        if (!hasSelector(service) || service.metadata.deletionTimestamp) return;
        const { namespace, name = '' } = service.metadata;
        const selected = selectedPods(service, pods);
        const current = endpoints.get(key);
        const wanted = decideEndpoints(service, selected, current, times.next(service, selected));
        if (!wanted) return;
        const { labels, annotations, subsets } = wanted;
        try {
          if (current)
            await c.client.update(EndpointsRow, {
              ...current,
              metadata: { ...current.metadata, labels, annotations },
              subsets,
            });
          else await c.client.create(EndpointsRow, { metadata: { namespace, name, labels, annotations }, subsets });
        } catch (e) {
          if (isNamespaceTerminating(e)) return;
          times.forget(key);
          const text = e instanceof Error ? e.message : String(e);
          const about = current ?? { apiVersion: 'v1', kind: 'Endpoints', metadata: { namespace, name } };
          const [reason, message] = current
            ? ['FailedToUpdateEndpoint', `Failed to update endpoint ${namespace}/${name}: ${text}`]
            : ['FailedToCreateEndpoint', `Failed to create endpoint for service ${namespace}/${name}: ${text}`];
          recorder.event(about as KubeObject, 'Warning', reason!, message!);
          throw e;
        }
      },
    };
  },
};
