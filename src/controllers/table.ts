/** The ordered table of controllers (upstream: cmd/kube-controller-manager/app NewControllerDescriptors). */
import type { ControllerRow } from './controller.ts';
import { clusterRoleAggregationController } from './cluster-role-aggregation.ts';
import { deploymentController } from './deployment/controller.ts';
import { disruptionController } from './disruption/controller.ts';
import { garbageCollectorController } from './garbage-collector/controller.ts';
import { endpointSliceController } from './endpointslice/controller.ts';
import { endpointSliceMirroringController } from './endpointslice-mirroring/controller.ts';
import { endpointsController } from './endpoints/controller.ts';
import { namespaceController } from './namespace/index.ts';
import { nodeIpamController } from './node/ipam.ts';
import { nodeLifecycleController } from './node/lifecycle.ts';
import { taintEvictionController } from './node/taint-eviction.ts';
import { persistentVolumeBinderController } from './persistent-volume-binder/controller.ts';
import { podGcController } from './pod-gc.ts';
import { replicaSetController, replicationController } from './replicaset/controller.ts';
import { resourceQuotaController } from './resource-quota/controller.ts';
import { rootCaCertificatePublisher } from './root-ca-certificate-publisher.ts';
import { serviceAccountController } from './service-account.ts';
import { serviceAccountTokenController } from './service-account-token.ts';
import { pvcProtectionController, pvProtectionController } from './storage-protection.ts';

export const controllers: readonly ControllerRow[] = [
  endpointsController,
  endpointSliceController,
  endpointSliceMirroringController,
  replicationController,
  serviceAccountController,
  serviceAccountTokenController,
  namespaceController,
  deploymentController,
  replicaSetController,
  disruptionController,
  podGcController,
  resourceQuotaController,
  nodeIpamController,
  nodeLifecycleController,
  taintEvictionController,
  persistentVolumeBinderController,
  clusterRoleAggregationController,
  pvcProtectionController,
  pvProtectionController,
  rootCaCertificatePublisher,
  // Last: it shares the informers that the others asked for, and keeps only metadata of the other kinds.
  garbageCollectorController,
];
