/** DefaultIngressClass: an ingress without a class gets the default one. */
import type { Ingress } from '../../api/networking/v1/types.ts';
import type { AdmissionPlugin } from '../attributes.ts';
import { newestMarked } from './default-class.ts';
import { isFor } from './refusal.ts';

const group = 'networking.k8s.io';

export const defaultIngressClass: AdmissionPlugin = {
  name: 'DefaultIngressClass',
  handles: ['CREATE'],
  admit(a, reader) {
    if (!isFor(a, 'ingresses', group)) return a.object;
    const ingress = a.object as Ingress;
    const annotated = ingress.metadata.annotations?.['kubernetes.io/ingress.class'] !== undefined;
    if (annotated || ingress.spec?.ingressClassName !== undefined) return ingress;
    const found = newestMarked(
      reader.list({ group, plural: 'ingressclasses' }),
      (c) => c.metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true',
    );
    return found ? { ...ingress, spec: { ...ingress.spec, ingressClassName: found.metadata.name } } : ingress;
  },
};
