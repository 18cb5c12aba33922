/** Keeps the EndpointSlices of every service with a selector (upstream: pkg/controller/endpointslice). */
import { Nodes, Pods, Services } from '../../api/core/v1/resources.ts';
import type { Node } from '../../api/core/v1/types.ts';
import { EndpointSlices } from '../../api/discovery/v1/resources.ts';
import type { EndpointSlice } from '../../api/discovery/v1/types.ts';
import { isNotFound, objectKey } from '../../machinery/index.ts';
import { keyOf } from '../action.ts';
import type { ControllerRow } from '../controller.ts';
import { isNamespaceTerminating } from '../namespace-terminating.ts';
import { indexByNode, podsOnNode } from '../node/pods-by-node.ts';
import { createWrittenObjects } from '../written-objects.ts';
import { decideSlices, managedBy, managedByLabel, serviceNameLabel } from './decide.ts';
import { hasSelector, selectedPods, selectsAny, wakeServices } from './service-pods.ts';
import { createTriggerTimes } from './trigger-time.ts';

const maxEndpoints = 100;
const serviceIndex = 'service';
const zoneLabel = 'topology.kubernetes.io/zone';

/** `namespace/name` of the service a slice of this controller belongs to. */
const serviceOf = (s: EndpointSlice): string | undefined =>
  s.metadata.labels?.[managedByLabel] === managedBy
    ? `${s.metadata.namespace}/${s.metadata.labels[serviceNameLabel] ?? ''}`
    : undefined;

export const endpointSliceController: ControllerRow = {
  name: 'endpointslice-controller',
  component: 'endpoint-slice-controller',
  setup(c) {
    const { recorder } = c;
    const services = c.informer(Services);
    const pods = c.informer(Pods);
    const nodes = c.informer(Nodes);
    const slices = c.informer(EndpointSlices);
    indexByNode(pods);
    slices.addIndex(serviceIndex, (s) => [serviceOf(s) ?? '']);
    const written = createWrittenObjects<EndpointSlice>(slices, c.clock);
    const times = createTriggerTimes();
    wakeServices(services, pods, c.queue);
    const wake = (s: EndpointSlice) => {
      const key = serviceOf(s);
      if (key) c.queue.add(key);
    };
    slices.addHandler({
      onAdd: wake,
      onUpdate(old, s) {
        wake(old);
        wake(s);
      },
      onDelete: wake,
    });
    const rezoned = (n: Node) => {
      const here = Map.groupBy(podsOnNode(pods, n.metadata.name ?? ''), (p) => p.metadata.namespace);
      for (const [namespace, own] of here)
        for (const s of services.list(namespace)) if (hasSelector(s) && selectsAny(s, own)) c.queue.add(objectKey(s));
    };
    nodes.addHandler({
      onAdd(n, initial) {
        if (!initial) rezoned(n);
      },
      onDelete: rezoned,
      onUpdate(old, n) {
        if (old.metadata.labels?.[zoneLabel] !== n.metadata.labels?.[zoneLabel]) rezoned(n);
      },
    });
    return {
      async reconcile(key) {
        const service = services.get(key);
        if (!service) return times.forget(key);
        if (!hasSelector(service) || service.metadata.deletionTimestamp) return;
        const selected = selectedPods(service, pods);
        const plan = decideSlices({
          service,
          pods: selected,
          nodes: (name) => nodes.get(name),
          slices: written.overlay(slices.byIndex(serviceIndex, key), (s) => serviceOf(s) === key),
          maxEndpoints,
          triggerTime: times.next(service, selected),
        });
        const { namespace, name } = service.metadata;
        const failed = (why: string): void =>
          recorder.event(
            service,
            'Warning',
            'FailedToUpdateEndpointSlices',
            `Error updating Endpoint Slices for Service ${namespace}/${name}: ${why}`,
          );
        // The node's appearance brings the service back here.
        for (const p of plan.unplaced)
          failed(
            `skipping Pod ${p.metadata.name} for Service ${namespace}/${name}: Node ${p.spec.nodeName ?? ''} Not Found`,
          );
        let doing = '';
        try {
          doing = 'failed to create EndpointSlice';
          for (const s of plan.create) written.wrote(await c.client.create(EndpointSlices, s));
          for (const s of plan.update) {
            doing = `failed to update ${s.metadata.name} EndpointSlice`;
            written.wrote(await c.client.update(EndpointSlices, s));
          }
          for (const s of plan.delete) {
            doing = `failed to delete ${s.metadata.name} EndpointSlice`;
            await c.client.delete(EndpointSlices, keyOf(s)).catch((e: unknown) => {
              if (!isNotFound(e)) throw e;
            });
            written.deleted(s);
          }
        } catch (e) {
          if (isNamespaceTerminating(e)) return;
          times.forget(key);
          failed(`${doing} for Service ${namespace}/${name}: ${e instanceof Error ? e.message : String(e)}`);
          throw e;
        }
      },
    };
  },
};
