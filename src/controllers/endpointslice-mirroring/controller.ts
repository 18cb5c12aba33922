/** Mirrors the Endpoints of services without a selector into EndpointSlices (upstream: pkg/controller/endpointslicemirroring). */
import { Endpoints as EndpointsRow, Services } from '../../api/core/v1/resources.ts';
import type { Endpoints, Service } from '../../api/core/v1/types.ts';
import { EndpointSlices } from '../../api/discovery/v1/resources.ts';
import type { EndpointSlice } from '../../api/discovery/v1/types.ts';
import { isNotFound, objectKey } from '../../machinery/index.ts';
import type { ControllerRow } from '../controller.ts';
import { managedByLabel, serviceNameLabel } from '../endpointslice/decide.ts';
import { isNamespaceTerminating } from '../namespace-terminating.ts';
import { createWrittenObjects } from '../written-objects.ts';
import { decideMirror, mirroredBy, shouldMirror } from './decide.ts';

/** --mirroring-max-endpoints-per-subset */
const maxEndpoints = 1000;
const mirrorIndex = 'mirrored endpoints';

const mirrorOf = (s: EndpointSlice): string | undefined =>
  s.metadata.labels?.[managedByLabel] === mirroredBy
    ? `${s.metadata.namespace}/${s.metadata.labels[serviceNameLabel] ?? ''}`
    : undefined;

export const endpointSliceMirroringController: ControllerRow = {
  name: 'endpointslice-mirroring-controller',
  account: 'endpointslicemirroring-controller',
  component: 'endpoint-slice-mirroring-controller',
  setup(c) {
    const { recorder } = c;
    const services = c.informer(Services);
    const endpoints = c.informer(EndpointsRow);
    const slices = c.informer(EndpointSlices);
    slices.addIndex(mirrorIndex, (s) => [mirrorOf(s) ?? '']);
    const written = createWrittenObjects<EndpointSlice>(slices, c.clock);

    const wakeService = (...of: readonly Service[]) => {
      if (of.some((s) => !s.spec.selector)) c.queue.add(objectKey(of[0]!));
    };
    services.addHandler({
      onAdd: (s) => wakeService(s),
      onUpdate(old, s) {
        if (!old.spec.selector !== !s.spec.selector) c.queue.add(objectKey(s));
      },
      onDelete: (s) => wakeService(s),
    });
    const wake = (...of: readonly Endpoints[]) => {
      if (of.some(shouldMirror)) c.queue.add(objectKey(of[0]!));
    };
    endpoints.addHandler({ onAdd: (e) => wake(e), onUpdate: (old, e) => wake(e, old), onDelete: (e) => wake(e) });
    const wakeMirror = (...of: readonly EndpointSlice[]) => {
      for (const key of new Set(of.map(mirrorOf))) if (key) c.queue.add(key);
    };
    slices.addHandler({
      onAdd: (s) => wakeMirror(s),
      onUpdate: (old, s) => wakeMirror(old, s),
      onDelete: (s) => wakeMirror(s),
    });

    const remove = async (s: EndpointSlice): Promise<void> => {
      const { namespace, name = '' } = s.metadata;
      await c.client.delete(EndpointSlices, { namespace, name }).catch((e: unknown) => {
        if (!isNotFound(e)) throw e;
      });
      written.deleted(s);
    };
    return {
      async reconcile(key) {
        const source = endpoints.get(key);
        const service = services.get(key);
        const current = written.overlay(slices.byIndex(mirrorIndex, key), (s) => mirrorOf(s) === key);
        if (!source || !shouldMirror(source) || !service || service.spec.selector) {
          for (const s of current) await remove(s);
          return;
        }
        const plan = decideMirror({ endpoints: source, slices: current, maxEndpoints });
        for (const { reason, message } of plan.warnings) recorder.event(source, 'Warning', reason, message);
        try {
          for (const s of plan.create) written.wrote(await c.client.create(EndpointSlices, s));
          for (const s of plan.update) written.wrote(await c.client.update(EndpointSlices, s));
          for (const s of plan.delete) await remove(s);
        } catch (e) {
          if (!isNamespaceTerminating(e)) throw e;
        }
      },
    };
  },
};
