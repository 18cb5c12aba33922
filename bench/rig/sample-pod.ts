/** The pod that the API and schema benchmarks write: probes, resources, twelve variables, 1.8 KB as JSON. */

export const samplePod = (name: string, namespace: string, shard: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace,
    labels: { app: 'bench', shard: `s${shard}`, 'app.kubernetes.io/managed-by': 'bench' },
    annotations: { note: 'x'.repeat(400) },
  },
  spec: {
    schedulerName: 'none',
    automountServiceAccountToken: false,
    containers: [
      {
        name: 'c',
        image: 'registry.example/app:v1',
        command: ['/bin/app', `--flag=${'y'.repeat(200)}`],
        env: Array.from({ length: 12 }, (_, i) => ({ name: `E${i}`, value: `value-${i}` })),
        resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '200m', memory: '256Mi' } },
        ports: [{ containerPort: 8080 }],
        livenessProbe: { httpGet: { path: '/healthz', port: 8080 } },
        readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
      },
    ],
  },
});
