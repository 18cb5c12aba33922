/** The lines of `kubectl describe pod` that differ between v1.32 (the kubectl here) and v1.36: named ports, projected volumes, states. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describePod } from './pod.ts';

test('a pod that has run, with events', () => {
  const now = Date.parse('2026-01-01T00:10:00Z');
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'p',
      namespace: 'n',
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: 'u', controller: true }],
    },
    spec: {
      nodeName: 'host',
      priority: 0,
      containers: [{ name: 'c', image: 'nginx', ports: [{ name: 'http', containerPort: 80, protocol: 'TCP' }] }],
      volumes: [
        {
          name: 'pr',
          projected: {
            sources: [
              { serviceAccountToken: { expirationSeconds: 3607 } },
              { configMap: { name: 'ca' } },
              { downwardAPI: {} },
            ],
          },
        },
      ],
    },
    status: {
      phase: 'Running',
      hostIP: '10.0.0.1',
      podIP: '10.1.0.1',
      podIPs: [{ ip: '10.1.0.1' }],
      qosClass: 'BestEffort',
      containerStatuses: [
        {
          name: 'c',
          containerID: 'containerd://1',
          imageID: 'x',
          ready: false,
          restartCount: 2,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: {},
        },
      ],
      conditions: [{ type: 'Ready', status: 'False' }],
    },
  };
  const events = [
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {},
      type: 'Warning',
      reason: 'BackOff',
      message: 'again',
      count: 3,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:09:50Z',
      source: { component: 'kubelet' },
      involvedObject: { fieldPath: 'spec.containers{c}' },
    },
  ];
  assert.equal(
    describePod(pod, events, now),
    `Name:         p
Namespace:    n
Priority:     0
Node:         host/10.0.0.1
Labels:       <none>
Annotations:  <none>
Status:       Running
IP:           10.1.0.1
IPs:
  IP:           10.1.0.1
Controlled By:  ReplicaSet/rs
Containers:
  c:
    Container ID:   containerd://1
    Image:          nginx
    Image ID:       x
    Port:           80/TCP (http)
    Host Port:      0/TCP (http)
    State:          Waiting
      Reason:       CrashLoopBackOff
    Ready:          False
    Restart Count:  2
    Environment:    <none>
    Mounts:         <none>
Conditions:
  Type    Status
  Ready   False 
Volumes:
  pr:
    Type:                    Projected (a volume that contains injected data from multiple sources)
    TokenExpirationSeconds:  3607
    ConfigMapName:           ca
    Optional:                false
    DownwardAPI:             true
QoS Class:                   BestEffort
Node-Selectors:              <none>
Tolerations:                 <none>
Events:
  Type     Reason   Age                From     Message
  ----     ------   ----               ----     -------
  Warning  BackOff  10s (x3 over 10m)  kubelet  spec.containers{c}: again
`,
  );
});
