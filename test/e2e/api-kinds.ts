/** One valid object of every kind that can be created, as upstream's conformance tests make them: the data of api-lifecycle.test.ts. */
export type Body = Readonly<Record<string, unknown>>;

const container = { name: 'c', image: 'registry.example/pause:1' };
const labels = { app: 'sample' };
const template = { metadata: { labels }, spec: { containers: [container] } };
const selector = { matchLabels: labels };
const webhook = (name: string): Body => ({
  name,
  clientConfig: { url: 'https://hook.example' },
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  rules: [{ operations: ['CREATE'], apiGroups: ['none.example'], apiVersions: ['v1'], resources: ['nones'] }],
});
const constraints = {
  resourceRules: [{ operations: ['CREATE'], apiGroups: ['none.example'], apiVersions: ['v1'], resources: ['nones'] }],
};

/** What is beside metadata, by `group/plural`; a function gets the number of the object. */
export const samples: Readonly<Record<string, Body | ((n: number) => Body)>> = {
  '/configmaps': { data: { a: 'b' } },
  '/endpoints': { subsets: [{ addresses: [{ ip: '10.9.0.1' }], ports: [{ port: 80 }] }] },
  '/events': { involvedObject: { kind: 'Pod', name: 'p', namespace: 'life' }, reason: 'Sample', type: 'Normal' },
  '/limitranges': { spec: { limits: [{ type: 'Container', max: { cpu: '20' } }] } },
  '/namespaces': {},
  '/nodes': {},
  '/persistentvolumeclaims': {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: '' },
  },
  '/persistentvolumes': {
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/tmp/life' } },
  },
  '/pods': { spec: { containers: [container], terminationGracePeriodSeconds: 0 } },
  '/podtemplates': { template },
  '/replicationcontrollers': { spec: { replicas: 0, selector: labels, template } },
  '/resourcequotas': { spec: { hard: { pods: '100' } } },
  '/secrets': { data: { a: 'Yg==' } },
  '/serviceaccounts': {},
  '/services': { spec: { ports: [{ port: 80 }], selector: labels } },
  'admissionregistration.k8s.io/mutatingadmissionpolicies': {
    spec: {
      matchConstraints: constraints,
      reinvocationPolicy: 'Never',
      mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression: '[]' } }],
    },
  },
  'admissionregistration.k8s.io/mutatingadmissionpolicybindings': { spec: { policyName: 'p' } },
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': { webhooks: [webhook('a.hook.example')] },
  'admissionregistration.k8s.io/validatingadmissionpolicies': {
    spec: { matchConstraints: constraints, validations: [{ expression: 'true' }] },
  },
  'admissionregistration.k8s.io/validatingadmissionpolicybindings': {
    spec: { policyName: 'p', validationActions: ['Deny'] },
  },
  'admissionregistration.k8s.io/validatingwebhookconfigurations': { webhooks: [webhook('b.hook.example')] },
  'apps/controllerrevisions': { data: { a: 1 }, revision: 1 },
  'apps/daemonsets': { spec: { selector, template } },
  'apps/deployments': { spec: { replicas: 0, selector, template } },
  'apps/replicasets': { spec: { replicas: 0, selector, template } },
  'apps/statefulsets': { spec: { replicas: 0, selector, template, serviceName: 's' } },
  'autoscaling/horizontalpodautoscalers': {
    spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' } },
  },
  'batch/cronjobs': {
    spec: {
      schedule: '0 0 1 1 *',
      jobTemplate: { spec: { template: { spec: { containers: [container], restartPolicy: 'Never' } } } },
    },
  },
  'batch/jobs': { spec: { suspend: true, template: { spec: { containers: [container], restartPolicy: 'Never' } } } },
  'coordination.k8s.io/leases': { spec: { holderIdentity: 'me', leaseDurationSeconds: 30 } },
  'discovery.k8s.io/endpointslices': {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.9.0.1'] }],
    ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
  },
  'events.k8s.io/events': {
    eventTime: '2026-01-01T00:00:00.000000Z',
    reportingController: 'sample.example',
    reportingInstance: 'one',
    action: 'Did',
    reason: 'Sample',
    type: 'Normal',
    regarding: { kind: 'Pod', name: 'p', namespace: 'life' },
  },
  'flowcontrol.apiserver.k8s.io/flowschemas': (n) => ({
    spec: {
      matchingPrecedence: 9000 + n,
      priorityLevelConfiguration: { name: 'global-default' },
      rules: [
        {
          subjects: [{ kind: 'User', user: { name: 'nobody-at-all' } }],
          nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
        },
      ],
    },
  }),
  'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations': {
    spec: { type: 'Limited', limited: { nominalConcurrencyShares: 2, limitResponse: { type: 'Reject' } } },
  },
  'networking.k8s.io/ingressclasses': { spec: { controller: 'example.com/c' } },
  'networking.k8s.io/ingresses': { spec: { defaultBackend: { service: { name: 's', port: { number: 80 } } } } },
  'networking.k8s.io/ipaddresses': {
    spec: { parentRef: { resource: 'services', namespace: 'life', name: 's' } },
  },
  'networking.k8s.io/networkpolicies': { spec: { podSelector: {} } },
  'networking.k8s.io/servicecidrs': (n) => ({ spec: { cidrs: [`10.200.${n}.0/24`] } }),
  'node.k8s.io/runtimeclasses': { handler: 'h' },
  'policy/poddisruptionbudgets': { spec: { minAvailable: 1, selector } },
  'rbac.authorization.k8s.io/clusterrolebindings': {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [],
  },
  'rbac.authorization.k8s.io/clusterroles': { rules: [] },
  'rbac.authorization.k8s.io/rolebindings': {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
    subjects: [],
  },
  'rbac.authorization.k8s.io/roles': { rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }] },
  'resource.k8s.io/deviceclasses': { spec: { selectors: [{ cel: { expression: 'true' } }] } },
  'resource.k8s.io/resourceclaims': {
    spec: { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'gpu.example' } }] } },
  },
  'resource.k8s.io/resourceclaimtemplates': {
    spec: { spec: { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'gpu.example' } }] } } },
  },
  'resource.k8s.io/resourceslices': (n) => ({
    spec: {
      driver: 'gpu.example',
      nodeName: 'n1',
      pool: { name: `p${n}`, generation: 1, resourceSliceCount: 1 },
      devices: [{ name: 'd' }],
    },
  }),
  'scheduling.k8s.io/priorityclasses': (n) => ({ value: 1000 + n }),
  'storage.k8s.io/csidrivers': { spec: { attachRequired: true } },
  'storage.k8s.io/csinodes': { spec: { drivers: [] } },
  'storage.k8s.io/csistoragecapacities': { storageClassName: 'sc', capacity: '1Gi' },
  'storage.k8s.io/storageclasses': { provisioner: 'example.com/p' },
  'storage.k8s.io/volumeattachments': {
    spec: { attacher: 'example.com/a', nodeName: 'n1', source: { persistentVolumeName: 'pv' } },
  },
  'storage.k8s.io/volumeattributesclasses': { driverName: 'example.com', parameters: { a: 'b' } },
  'apiregistration.k8s.io/apiservices': (n) => ({
    spec: { group: `g${n}.example`, version: 'v1', groupPriorityMinimum: 100, versionPriority: 10 },
  }),
  'apiextensions.k8s.io/customresourcedefinitions': (n) => ({
    spec: {
      group: 'crd.example',
      scope: 'Namespaced',
      names: { plural: `things${n}`, singular: `thing${n}`, kind: `Thing${n}`, listKind: `Thing${n}List` },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  }),
  'certificates.k8s.io/certificatesigningrequests': {
    spec: { signerName: 'example.com/s', usages: ['digital signature', 'client auth'], request: '' },
  },
};

/** Names that kinds have rules for. */
export const sampleNames: Readonly<Record<string, (n: number) => string>> = {
  'networking.k8s.io/ipaddresses': (n) => `10.96.77.${n}`,
  'apiregistration.k8s.io/apiservices': (n) => `v1.g${n}.example`,
  'apiextensions.k8s.io/customresourcedefinitions': (n) => `things${n}.crd.example`,
};
