/** NamespaceLifecycle: no content for namespaces that are missing or going away, and some namespaces stay. */
import type { Namespace } from '../../api/core/v1/types.ts';
import type { Clock } from '../../base/clock.ts';
import { forbidden, notFound, StatusError } from '../../machinery/status-error.ts';
import type { AdmissionAttributes, AdmissionPlugin, ObjectReader } from '../attributes.ts';
import { refuse } from './refusal.ts';

const immortal = new Set(['default', 'kube-system', 'kube-public']);
const namespaces = { group: '', plural: 'namespaces' };
/** A namespace made a moment ago may not have reached the cache. */
const missingWait = 50;

function terminating(a: AdmissionAttributes): StatusError {
  const refusal = refuse(a, `unable to create new content in namespace ${a.namespace} because it is being terminated`);
  return new StatusError(refusal.code, refusal.reason, refusal.message, {
    ...refusal.status.details,
    causes: [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${a.namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  });
}

export function namespaceLifecycle(clock: Clock): AdmissionPlugin {
  const check = (a: AdmissionAttributes, reader: ObjectReader): boolean => {
    const namespace = reader.get<Namespace>(namespaces, '', a.namespace);
    if (!namespace) return false;
    if (a.operation === 'CREATE' && namespace.status?.phase === 'Terminating') throw terminating(a);
    return true;
  };
  return {
    name: 'NamespaceLifecycle',
    handles: ['CREATE', 'UPDATE', 'DELETE'],
    admit(a, reader) {
      const isNamespace = a.row.group === '' && a.row.plural === 'namespaces';
      if (a.operation === 'DELETE' && isNamespace && immortal.has(a.name))
        throw forbidden({ group: '', resource: 'namespaces' }, a.name, 'this namespace may not be deleted');
      if (isNamespace || !a.namespace || a.operation === 'DELETE') return a.object;
      // an answer about the namespace would tell of its existence
      if (a.row.group === 'authorization.k8s.io' && a.row.plural === 'localsubjectaccessreviews') return a.object;
      if (check(a, reader)) return a.object;
      return (async () => {
        if (a.operation === 'CREATE') await clock.sleep(missingWait);
        if (!check(a, reader)) throw notFound({ group: '', resource: 'namespaces' }, a.namespace);
        return a.object;
      })();
    },
  };
}
