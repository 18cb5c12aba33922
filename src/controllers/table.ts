/** The ordered table of controllers (upstream: cmd/kube-controller-manager/app NewControllerDescriptors). */
import type { ControllerRow } from './controller.ts';
import { deploymentController } from './deployment/controller.ts';
import { namespaceController } from './namespace/index.ts';
import { replicaSetController } from './replicaset/controller.ts';
import { rootCaCertificatePublisher } from './root-ca-certificate-publisher.ts';
import { serviceAccountController } from './service-account.ts';

export const controllers: readonly ControllerRow[] = [
  serviceAccountController,
  namespaceController,
  deploymentController,
  replicaSetController,
  rootCaCertificatePublisher,
];
