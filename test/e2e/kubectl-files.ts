/** The files that the lines of kubectl-lines.ts name by `$DIR`, by path: one of every kind, and what is wrong in every way. */
export const files: Readonly<Record<string, string>> = {
  'bad.json': `{"a":`,
  'bad.yaml': `a: b
  c: d
- e`,
  'cols.txt': `NAME PH
metadata.name status.phase
`,
  'd/ignored.txt': `x
`,
  'd/one.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: d1}
data: {a: "1"}
`,
  'd/sub/three.yml': `apiVersion: v1
kind: ConfigMap
metadata: {name: d3}
`,
  'd/two.json': `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"d2"},"data":{"a":"2"}}`,
  'empty.yaml': ``,
  'env.txt': `A=1
# c
B=two words
`,
  'file.txt': `hello
`,
  'fixture.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: a, labels: {x: "1", tier: db}, annotations: {note: "hello world"}}
data: {k: v, multi: "one\\ntwo\\n"}
binaryData: {bin: AAEC}
---
apiVersion: v1
kind: Secret
metadata: {name: s}
type: Opaque
stringData: {user: admin, password: secret}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {terminationGracePeriodSeconds: 0, containers: [{name: c, image: "localhost/busybox:1", imagePullPolicy: Never, command: [sleep, "100000"], ports: [{containerPort: 80, name: http}], env: [{name: A, value: "1"}, {name: F, valueFrom: {fieldRef: {fieldPath: metadata.name}}}, {name: CM, valueFrom: {configMapKeyRef: {name: a, key: k}}}], volumeMounts: [{name: cfg, mountPath: /cfg}]}], volumes: [{name: cfg, configMap: {name: a}}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: st}
spec:
  serviceName: st
  selector: {matchLabels: {app: st}}
  template:
    metadata: {labels: {app: st}}
    spec: {terminationGracePeriodSeconds: 0, containers: [{name: c, image: "localhost/busybox:1", imagePullPolicy: Never, command: [sleep, "100000"]}]}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ds}
spec:
  selector: {matchLabels: {app: ds}}
  template:
    metadata: {labels: {app: ds}}
    spec: {terminationGracePeriodSeconds: 0, containers: [{name: c, image: "localhost/busybox:1", imagePullPolicy: Never, command: [sleep, "100000"]}]}
---
apiVersion: v1
kind: ReplicationController
metadata: {name: rc}
spec:
  replicas: 1
  selector: {app: rc}
  template:
    metadata: {labels: {app: rc}}
    spec: {terminationGracePeriodSeconds: 0, containers: [{name: c, image: "localhost/busybox:1", imagePullPolicy: Never, command: [sleep, "100000"]}]}
---
apiVersion: batch/v1
kind: Job
metadata: {name: job}
spec:
  template:
    spec: {restartPolicy: Never, containers: [{name: c, image: "localhost/busybox:1", imagePullPolicy: Never, command: [sh, -c, "echo one; echo two; echo three"]}]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: cron}
spec:
  schedule: "0 0 1 1 *"
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: "localhost/busybox:1", imagePullPolicy: Never, command: ["true"]}]}}}}
---
apiVersion: v1
kind: Pod
metadata: {name: two, labels: {run: two}, annotations: {kubectl.kubernetes.io/default-container: second}}
spec:
  terminationGracePeriodSeconds: 0
  initContainers: [{name: init, image: "localhost/busybox:1", imagePullPolicy: Never, command: [sh, -c, "echo from init"]}]
  containers:
  - {name: first, image: "localhost/busybox:1", imagePullPolicy: Never, command: [sh, -c, "echo first says; sleep 100000"]}
  - {name: second, image: "localhost/busybox:1", imagePullPolicy: Never, command: [sh, -c, "echo second says; sleep 100000"], livenessProbe: {exec: {command: ["true"]}}, resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 32Mi}}}
---
apiVersion: v1
kind: Pod
metadata: {name: pending, labels: {run: pending}}
spec:
  nodeSelector: {no: such}
  containers: [{name: c, image: "localhost/busybox:1"}]
---
apiVersion: v1
kind: Service
metadata: {name: web, labels: {app: web}}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http, name: http}, {port: 443, targetPort: 8443, name: https}]}
---
apiVersion: v1
kind: Service
metadata: {name: np}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: st}
spec: {clusterIP: None, selector: {app: st}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: ext}
spec: {type: ExternalName, externalName: example.org}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ing}
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: web, port: {number: 80}}}
  tls: [{hosts: [a.example.org], secretName: s}]
  rules: [{host: a.example.org, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}, {path: /x, pathType: Exact, backend: {service: {name: nope, port: {number: 1}}}}]}}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: np}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress, Egress]
  ingress: [{from: [{ipBlock: {cidr: 172.17.0.0/16, except: [172.17.1.0/24]}}, {namespaceSelector: {matchLabels: {p: q}}}, {podSelector: {matchLabels: {role: f}}}], ports: [{protocol: TCP, port: 6379}]}]
  egress: [{to: [{ipBlock: {cidr: 192.0.2.0/24}}]}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: pdb}
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: hpa}
spec: {minReplicas: 1, maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}], behavior: {scaleDown: {policies: [{type: Pods, value: 4, periodSeconds: 60}]}}}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: quota}
spec: {hard: {pods: "20", requests.cpu: "4", secrets: "10"}}
---
apiVersion: v1
kind: LimitRange
metadata: {name: limits}
spec: {limits: [{type: Container, max: {memory: 1Gi}, default: {memory: 64Mi}, defaultRequest: {memory: 32Mi}}, {type: PersistentVolumeClaim, max: {storage: 2Gi}}]}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: pvc}
spec: {accessModes: [ReadWriteOnce], storageClassName: "", resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot}
imagePullSecrets: [{name: s}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: role}
rules: [{apiGroups: ["", apps], resources: [pods, deployments/scale], verbs: [get, list], resourceNames: [web]}, {apiGroups: [""], resources: [secrets], verbs: ["*"]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: rb}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: role}
subjects: [{kind: ServiceAccount, name: robot, namespace: lab}, {kind: User, name: jane, apiGroup: rbac.authorization.k8s.io}]
---
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: {name: lease}
spec: {holderIdentity: me, leaseDurationSeconds: 3}
---
apiVersion: v1
kind: PodTemplate
metadata: {name: pt}
template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: x}]}}
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: lab-high}
value: 1000
description: important
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: lab-pv}
spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: manual, hostPath: {path: /tmp/lab-pv}, nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [m3]}]}]}}}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: lab-sc}
provisioner: example.org/p
parameters: {a: b}
reclaimPolicy: Retain
mountOptions: [ro]
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: lab-ic}
spec: {controller: example.org/c}
---
apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata: {name: lab-csi}
spec: {attachRequired: false}
---
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: lab-csr}
spec:
  request: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQklqQ0J5Z0lCQURBMU1Rc3dDUVlEVlFRR0V3SkVSVEVNTUFvR0ExVUVDZ3dEVEdGaU1SZ3dGZ1lEVlFRRApEQTlzWVdJdVpYaGhiWEJzWlM1dmNtY3dXVEFUQmdjcWhrak9QUUlCQmdncWhrak9QUU1CQndOQ0FBU0NRSFBRCjc4NEtZNTdTcWVKYWQvWmV2UzVYMkJkcExHbjdPeDErTUpoTHlCQjd5NlVoaFhVVTk4dHRBZlF6Z1V2RHJQZWIKQVhxWExFSFB6eXlVRWozZW9ETXdNUVlKS29aSWh2Y05BUWtPTVNRd0lqQWdCZ05WSFJFRUdUQVhnZzlzWVdJdQpaWGhoYlhCc1pTNXZjbWVIQkFFQ0F3UXdDZ1lJS29aSXpqMEVBd0lEUndBd1JBSWdNMU9EK0VuZGhwdkMxaEtPClA0L003eUpnT21CNkllRTNmeExnYmtvSHIwc0NJR212ZFIwai83S0ZoVktMTTYyTlVOYzdtOHdrcEtTWE1IcjIKWVRYT3ErbVQKLS0tLS1FTkQgQ0VSVElGSUNBVEUgUkVRVUVTVC0tLS0tCg==
  signerName: kubernetes.io/kube-apiserver-client
  usages: [client auth]
`,
  'jp.txt': `{.metadata.name}y`,
  'lab.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: pr1, labels: {tier: x}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: pr2, labels: {tier: x}}
`,
  'lab2.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: pr1, labels: {tier: x}}
`,
  'noversion.yaml': `kind: Pod
metadata: {name: x}
`,
  'small.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {terminationGracePeriodSeconds: 0, containers: [{name: c, image: "localhost/busybox:1", imagePullPolicy: Never, command: [sleep, "100000"]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: rb}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: role}
subjects: [{kind: User, name: jane, apiGroup: rbac.authorization.k8s.io}]
`,
  'ssa.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: ssa}
data: {a: "1"}
`,
  'tmpl.txt': `{{.metadata.name}}x
`,
  'unknown.yaml': `apiVersion: v1
kind: Pod
metadata: {name: x}
spec: {containers: [{name: c, image: x, nope: 1}], bogus: 2}
`,
  'wrongtype.yaml': `apiVersion: v1
kind: Pod
metadata: {name: x}
spec: {containers: [{name: c, image: 5}]}
`,
};
