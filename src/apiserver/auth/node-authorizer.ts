/** What a kubelet may do: read what its pods need, write what is its own (plugin/pkg/auth/authorizer/node/node_authorizer.go). */
import type { PolicyRule } from '../../api/rbac/v1/types.ts';
import type { Authorizer, AuthorizerAttributes, Decision } from '../attributes.ts';
import { nodeIdentity } from './identity.ts';
import type { NodeGraph, Vertex } from './node-graph.ts';
import { ruleAllows } from './rbac-rules.ts';

const allow: Decision = { decision: 'allow', reason: '' };
const no = (reason = ''): Decision => ({ decision: 'no-opinion', reason });

/** The field selector demands `field = value`. */
export function selectsField(selector: string | undefined, field: string, value: string): boolean {
  return (selector ?? '').split(',').some((term) => {
    const m = /^([^=!]+)==?([^=].*)?$/.exec(term.trim());
    return m?.[1] === field && (m[2] ?? '') === value;
  });
}

export function nodeAuthorizer(graph: NodeGraph, nodeRules: readonly PolicyRule[]): Authorizer {
  const related = (node: string, type: Vertex, a: AuthorizerAttributes): Decision => {
    if (!a.name) return no('No Object name found');
    return graph.related(node, type, a.namespace, a.name)
      ? allow
      : no(`no relationship found between node '${node}' and this object`);
  };
  const get = (node: string, type: Vertex, a: AuthorizerAttributes): Decision => {
    if (a.verb !== 'get') return no('can only get individual resources of this type');
    return a.subresource ? no('cannot get subresource') : related(node, type, a);
  };
  const read = (node: string, type: Vertex, a: AuthorizerAttributes): Decision => {
    if (!['get', 'list', 'watch'].includes(a.verb)) return no('can only read resources of this type');
    if (a.subresource) return no('cannot read subresource');
    return a.namespace ? related(node, type, a) : no('can only read namespaced object of this type');
  };
  const updateStatus = (node: string, type: Vertex, a: AuthorizerAttributes): Decision =>
    a.verb === 'update' || a.verb === 'patch' ? related(node, type, a) : no('can only get/update/patch this type');

  function serviceAccount(node: string, a: AuthorizerAttributes): Decision {
    if (a.verb === 'get' && !a.subresource) return read(node, 'serviceaccount', a);
    if (a.verb !== 'create' || !a.name) return no('can only create tokens for individual service accounts');
    if (a.subresource !== 'token') return no('can only create token subresource of serviceaccount');
    return related(node, 'serviceaccount', a);
  }

  const ownVerbs = ['get', 'create', 'update', 'patch', 'delete'];
  function lease(node: string, a: AuthorizerAttributes): Decision {
    if (!ownVerbs.includes(a.verb)) return no('can only get, create, update, patch, or delete a node lease');
    if (a.namespace !== 'kube-node-lease')
      return no('can only access leases in the "kube-node-lease" system namespace');
    if (a.verb !== 'create' && a.name !== node)
      return no('can only access node lease with the same name as the requesting node');
    return allow;
  }

  function csiNode(node: string, a: AuthorizerAttributes): Decision {
    if (!ownVerbs.includes(a.verb)) return no('can only get, create, update, patch, or delete a CSINode');
    if (a.subresource) return no('cannot authorize CSINode subresources');
    if (a.verb !== 'create' && a.name !== node)
      return no('can only access CSINode with the same name as the requesting node');
    return allow;
  }

  function resourceSlice(node: string, a: AuthorizerAttributes): Decision {
    if (a.subresource) return no('cannot authorize ResourceSlice subresources');
    switch (a.verb) {
      case 'create':
        return allow;
      case 'get':
      case 'update':
      case 'patch':
      case 'delete':
        return related(node, 'resourceslice', a);
      case 'watch':
      case 'list':
      case 'deletecollection':
        return selectsField(a.fieldSelector, 'spec.nodeName', node)
          ? allow
          : no('can only list/watch/deletecollection resourceslices with nodeName field selector');
      default:
        return no(
          'only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection',
        );
    }
  }

  function ownNode(node: string, a: AuthorizerAttributes): Decision {
    const { verb, subresource } = a;
    if (verb === 'update' || verb === 'patch') return subresource === '' || subresource === 'status' ? allow : no();
    if (subresource) return no();
    if (verb === 'create') return allow;
    if (verb !== 'get' && verb !== 'list' && verb !== 'watch') return no();
    if (a.name === node) return allow;
    return no(
      a.name
        ? `node '${node}' cannot read '${a.name}', only its own Node object`
        : `node '${node}' cannot read all nodes, only its own Node object`,
    );
  }

  function pod(node: string, a: AuthorizerAttributes): Decision {
    const { verb } = a;
    switch (a.subresource) {
      case '':
        if (verb === 'get') return get(node, 'pod', a);
        if (verb === 'create' || verb === 'delete') return allow;
        if (verb !== 'list' && verb !== 'watch') return no();
        if (selectsField(a.fieldSelector, 'spec.nodeName', node)) return allow;
        return a.name ? related(node, 'pod', a) : no('can only list/watch pods with spec.nodeName field selector');
      case 'status':
        return verb === 'update' || verb === 'patch' ? allow : no();
      case 'eviction':
        return verb === 'create' ? allow : no();
      default:
        return no();
    }
  }

  const byResource: Readonly<Record<string, (node: string, a: AuthorizerAttributes) => Decision>> = {
    secrets: (n, a) => read(n, 'secret', a),
    configmaps: (n, a) => read(n, 'configmap', a),
    persistentvolumeclaims: (n, a) => (a.subresource === 'status' ? updateStatus(n, 'pvc', a) : get(n, 'pvc', a)),
    persistentvolumes: (n, a) => get(n, 'pv', a),
    serviceaccounts: serviceAccount,
    nodes: ownNode,
    pods: pod,
    'leases.coordination.k8s.io': lease,
    'csinodes.storage.k8s.io': csiNode,
    'volumeattachments.storage.k8s.io': (n, a) => get(n, 'volumeattachment', a),
    'resourceclaims.resource.k8s.io': (n, a) => get(n, 'resourceclaim', a),
    'resourceslices.resource.k8s.io': resourceSlice,
  };

  return {
    authorize(a) {
      const node = nodeIdentity(a.user);
      if (node === undefined) return no();
      if (!node) return no(`unknown node for user ${JSON.stringify(a.user.name)}`);
      if (a.isResource) {
        const decide = byResource[a.group ? `${a.resource}.${a.group}` : a.resource];
        if (decide) return decide(node, a);
      }
      return nodeRules.some((r) => ruleAllows(r, a)) ? allow : no();
    },
  };
}
