/** The ordered table of controllers (upstream: cmd/kube-controller-manager/app NewControllerDescriptors). */
import type { ControllerRow } from './controller.ts';
import { namespaceController } from './namespace/index.ts';
import { rootCaCertificatePublisher } from './root-ca-certificate-publisher.ts';
import { serviceAccountController } from './service-account.ts';

export const controllers: readonly ControllerRow[] = [
  serviceAccountController,
  namespaceController,
  rootCaCertificatePublisher,
];
