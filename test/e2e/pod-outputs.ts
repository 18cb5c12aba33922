/**
 * What containers find in their environment, volumes and rights: a table after upstream's conformance tests (test/e2e/common/node,
 * common/storage).
 */

export interface OutputCase {
  readonly name: string;
  /** Runs once; its output is compared. */
  readonly script?: string;
  readonly container?: object;
  readonly spec?: object;
  readonly metadata?: object;
  /** Every line in this order, or what must match. */
  readonly want: readonly string[] | RegExp;
  readonly phase?: 'Failed';
}

const labels = { 'test.k8ts/case': 'yes', app: 'outputs' };
const configMap = (name: string, data: object, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
  ...more,
});
const secret = (name: string, stringData: object) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  stringData,
});

export const objects: readonly object[] = [
  configMap('cm', { 'data-1': 'value-1', data_2: 'value-2', 'data-3': 'value-3' }),
  configMap(
    'cm-binary',
    { text: 'words' },
    { binaryData: { 'dump.bin': Buffer.from([0xde, 0xca, 0xfe, 0xba, 0xd0, 0xfe, 0xff]).toString('base64') } },
  ),
  secret('sec', { 'data-1': 'value-1', data_2: 'value-2' }),
  // a Service whose environment the pods below see
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'foo-service' },
    spec: { clusterIP: '10.96.77.77', ports: [{ port: 8765, targetPort: 8080, name: 'web' }] },
  },
];

const field = (path: string) => ({ valueFrom: { fieldRef: { fieldPath: path } } });
const resource = (name: string, divisor?: string) => ({
  valueFrom: { resourceFieldRef: { resource: name, ...(divisor && { divisor }) } },
});
const env = (list: Record<string, string | object>) =>
  Object.entries(list).map(([name, v]) => (typeof v === 'string' ? { name, value: v } : { name, ...v }));
const mount = (source: object, more: object = {}, pod: object = {}): Pick<OutputCase, 'container' | 'spec'> => ({
  container: { volumeMounts: [{ name: 'v', mountPath: '/v', ...more }] },
  spec: { volumes: [{ name: 'v', ...source }], ...pod },
});
const nonRoot = { securityContext: { runAsUser: 1000 } };
const limited = { resources: { requests: { cpu: '250m', memory: '32Mi' }, limits: { cpu: '1250m', memory: '64Mi' } } };

/** The same file of a ConfigMap, a Secret, and of both projected. */
const fileSources = (options: object, items?: readonly object[]): readonly (readonly [string, object])[] => {
  const i = items ? { items } : {};
  return [
    ['configmap', { configMap: { name: 'cm', ...options, ...i } }],
    ['secret', { secret: { secretName: 'sec', ...options, ...i } }],
    ['projected-configmap', { projected: { ...options, sources: [{ configMap: { name: 'cm', ...i } }] } }],
    ['projected-secret', { projected: { ...options, sources: [{ secret: { name: 'sec', ...i } }] } }],
  ];
};
const files: OutputCase[] = fileSources({}).flatMap(([kind, source]) => [
  {
    name: `${kind}-plain`,
    script: 'cat /v/data-1; echo; stat -Lc %a /v/data-1',
    ...mount(source),
    want: ['value-1', '644'],
  },
  { name: `${kind}-nonroot`, script: 'cat /v/data-1', ...mount(source, {}, nonRoot), want: ['value-1'] },
]);
files.push(
  ...fileSources({ defaultMode: 0o400 }).map(
    ([kind, source]): OutputCase => ({
      name: `${kind}-mode`,
      script: 'stat -Lc %a /v/data-1',
      ...mount(source),
      want: ['400'],
    }),
  ),
  ...fileSources({ defaultMode: 0o440 }).map(
    ([kind, source]): OutputCase => ({
      name: `${kind}-group`,
      script: 'cat /v/data-1; echo; stat -Lc "%a %g" /v/data-1',
      ...mount(source, {}, { securityContext: { runAsUser: 1000, fsGroup: 1001 } }),
      want: ['value-1', '440 1001'],
    }),
  ),
  ...fileSources({}, [{ key: 'data_2', path: 'path/to/data-2', mode: 0o400 }]).map(
    ([kind, source]): OutputCase => ({
      name: `${kind}-mapped`,
      script: 'cat /v/path/to/data-2; echo; stat -Lc %a /v/path/to/data-2; ls /v',
      ...mount(source),
      want: ['value-2', '400', 'path'],
    }),
  ),
);

const emptyDirs: OutputCase[] = ['', 'Memory'].flatMap((medium) => {
  const kind = medium === '' ? 'disk' : 'memory';
  const source = { emptyDir: medium ? { medium } : {} };
  const type = 'stat -fc %T /v';
  const wanted = medium ? ['tmpfs'] : [];
  return [
    {
      name: `emptydir-${kind}-mode`,
      script: `stat -c %a /v${medium ? `; ${type}` : ''}`,
      ...mount(source),
      want: ['777', ...wanted],
    },
    ...[{}, nonRoot].map(
      (user): OutputCase => ({
        name: `emptydir-${kind}-${user === nonRoot ? 'user' : 'root'}`,
        script: `for m in 644 666 777; do echo new $m > /v/$m && chmod $m /v/$m && stat -c '%a %u' /v/$m && cat /v/$m; done`,
        ...mount(source, {}, user),
        want: [644, 666, 777].flatMap((m) => [`${m} ${user === nonRoot ? 1000 : 0}`, `new ${m}`]),
      }),
    ),
    {
      name: `emptydir-${kind}-group`,
      script: "umask 007; echo new > /v/f; stat -c '%a %g' /v/f /v",
      ...mount(source, {}, { securityContext: { runAsUser: 1000, fsGroup: 123 } }),
      want: ['660 123', '2777 123'],
    },
    {
      name: `emptydir-${kind}-subpath`,
      script: "stat -c '%a %g' /v",
      ...mount(source, { subPath: 'sub' }, { securityContext: { fsGroup: 123 } }),
      want: ['2777 123'],
    },
  ];
});

const facts: Record<string, string | object> = {
  NAME: field('metadata.name'),
  NS: field('metadata.namespace'),
  LABEL: field("metadata.labels['app']"),
  SA: field('spec.serviceAccountName'),
};

export const cases: readonly OutputCase[] = [
  ...files,
  ...emptyDirs,
  {
    name: 'binary',
    script: 'cat /v/text; echo; hexdump -e \'1/1 "%02x "\' /v/dump.bin',
    ...mount({ configMap: { name: 'cm-binary' } }),
    want: ['words', 'de ca fe ba d0 fe ff'],
  },
  {
    name: 'two-volumes',
    script: 'cat /a/data-1 /b/data-1 /c/data-1',
    container: { volumeMounts: ['a', 'b', 'c'].map((name) => ({ name, mountPath: `/${name}`, readOnly: true })) },
    spec: {
      volumes: [
        { name: 'a', configMap: { name: 'cm' } },
        { name: 'b', configMap: { name: 'cm' } },
        { name: 'c', secret: { secretName: 'sec' } },
      ],
    },
    want: ['value-1value-1value-1'],
  },
  {
    name: 'all-projected',
    script: 'cat /v/podname; echo; cat /v/cm/d /v/sec/d; echo; test -s /v/token && ls /v',
    ...mount({
      projected: {
        sources: [
          { downwardAPI: { items: [{ path: 'podname', fieldRef: { fieldPath: 'metadata.name' } }] } },
          { configMap: { name: 'cm', items: [{ key: 'data-1', path: 'cm/d' }] } },
          { secret: { name: 'sec', items: [{ key: 'data_2', path: 'sec/d' }] } },
          { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
        ],
      },
    }),
    want: ['all-projected', 'value-1value-2', 'cm', 'podname', 'sec', 'token'],
  },
  {
    name: 'optional-missing',
    script: 'ls -A /v | wc -l; echo "[$A]"',
    container: {
      volumeMounts: [{ name: 'v', mountPath: '/v' }],
      env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'none', key: 'x', optional: true } } }],
      envFrom: [{ secretRef: { name: 'none', optional: true } }],
    },
    spec: { volumes: [{ name: 'v', configMap: { name: 'none', optional: true } }] },
    want: ['2', '[]'],
  },
  // environment
  {
    name: 'env-refs',
    script: 'echo $A $B',
    container: {
      env: [
        { name: 'A', valueFrom: { configMapKeyRef: { name: 'cm', key: 'data-1' } } },
        { name: 'B', valueFrom: { secretKeyRef: { name: 'sec', key: 'data_2' } } },
      ],
    },
    want: ['value-1 value-2'],
  },
  {
    name: 'env-from',
    container: {
      command: ['env'],
      envFrom: [
        { configMapRef: { name: 'cm' } },
        { prefix: 'p-', configMapRef: { name: 'cm' } },
        { prefix: 's_', secretRef: { name: 'sec' } },
      ],
    },
    want: /^data-1=value-1$[\s\S]*^data_2=value-2$[\s\S]*^p-data-1=value-1$[\s\S]*^p-data_2=value-2$[\s\S]*^s_data-1=value-1$[\s\S]*^s_data_2=value-2$/m,
  },
  {
    name: 'env-file',
    script: 'echo "$A|$B"; env | grep -c ^C=; true',
    container: {
      env: [
        { name: 'A', valueFrom: { fileKeyRef: { volumeName: 'v', path: 'made.env', key: 'ONE' } } },
        { name: 'B', valueFrom: { fileKeyRef: { volumeName: 'v', path: 'made.env', key: 'TWO' } } },
        { name: 'C', valueFrom: { fileKeyRef: { volumeName: 'v', path: 'made.env', key: 'NONE', optional: true } } },
      ],
    },
    spec: {
      volumes: [{ name: 'v', emptyDir: {} }],
      initContainers: [
        {
          name: 'maker',
          image: 'localhost/busybox:1',
          imagePullPolicy: 'IfNotPresent',
          command: ['sh', '-c', `printf "# made\\nONE='1 and a half' # yes\\nTWO='two\\nlines'\\n" > /v/made.env`],
          volumeMounts: [{ name: 'v', mountPath: '/v' }],
        },
      ],
    },
    want: ['1 and a half|two', 'lines', '0'],
  },
  {
    name: 'env-expansion',
    container: {
      env: env({ A: 'a', B: 'b', C: '$(A);;$(B);;$(LATER);;$$(A)', LATER: 'l' }),
      command: ['sh', '-c', 'echo "$C"; for x in "$@"; do echo "$x"; done', 'x'],
      args: ['$(A)', '$$(A)', '$(NONE)', '$(B)$'],
    },
    want: ['a;;b;;$(LATER);;$(A)', 'a', '$(A)', '$(NONE)', 'b$'],
  },
  {
    name: 'downward-env',
    script:
      'echo $NAME $NS $LABEL $SA; [ "$IP" = "$IPS" ] && [ "$HOST" = "$HOSTS" ] && [ -n "$NODE" ] && [ "$(echo -n $UID_ | wc -c)" = 36 ] && hostname -i | grep -qw "$IP" && echo ok',
    container: {
      env: env({
        ...facts,
        IP: field('status.podIP'),
        IPS: field('status.podIPs'),
        HOST: field('status.hostIP'),
        HOSTS: field('status.hostIPs'),
        NODE: field('spec.nodeName'),
        UID_: field('metadata.uid'),
      }),
    },
    metadata: { labels },
    want: ['downward-env default outputs default', 'ok'],
  },
  {
    name: 'downward-resources',
    script: 'echo $CL $CR $ML $MR $CM $MM; cat /v/cl; echo; cat /v/ml; echo; cat /v/crm; echo; cat /v/mr',
    container: {
      ...limited,
      env: env({
        CL: resource('limits.cpu'),
        CR: resource('requests.cpu'),
        ML: resource('limits.memory'),
        MR: resource('requests.memory'),
        CM: resource('limits.cpu', '1m'),
        MM: resource('limits.memory', '1Mi'),
      }),
      volumeMounts: [{ name: 'v', mountPath: '/v' }],
    },
    spec: {
      volumes: [
        {
          name: 'v',
          downwardAPI: {
            items: [
              { path: 'cl', resourceFieldRef: { containerName: 'c', resource: 'limits.cpu' } },
              { path: 'ml', resourceFieldRef: { containerName: 'c', resource: 'limits.memory' } },
              { path: 'crm', resourceFieldRef: { containerName: 'c', resource: 'requests.cpu', divisor: '1m' } },
              { path: 'mr', resourceFieldRef: { containerName: 'c', resource: 'requests.memory' } },
            ],
          },
        },
      ],
    },
    want: ['2 1 67108864 33554432 1250 64', '2', '67108864', '250', '33554432'],
  },
  {
    name: 'downward-allocatable',
    script: 'echo $CL; cat /v/cl; echo; [ $ML = $(cat /v/ml) ] && [ $ML -gt 100000000 ] && echo ok',
    container: {
      env: env({ CL: resource('limits.cpu'), ML: resource('limits.memory') }),
      volumeMounts: [{ name: 'v', mountPath: '/v' }],
    },
    spec: {
      volumes: [
        {
          name: 'v',
          projected: {
            sources: [
              {
                downwardAPI: {
                  items: [
                    { path: 'cl', resourceFieldRef: { containerName: 'c', resource: 'limits.cpu' } },
                    { path: 'ml', resourceFieldRef: { containerName: 'c', resource: 'limits.memory' } },
                  ],
                },
              },
            ],
          },
        },
      ],
    },
    want: /^(\d+)\n\1\nok\n$/,
  },
  {
    name: 'downward-modes',
    script: 'cat /v/name; echo; cat /v/labels; echo; stat -Lc %a /v/name /v/labels',
    ...mount({
      downwardAPI: {
        defaultMode: 0o400,
        items: [
          { path: 'name', fieldRef: { fieldPath: 'metadata.name' } },
          { path: 'labels', mode: 0o444, fieldRef: { fieldPath: 'metadata.labels' } },
        ],
      },
    }),
    metadata: { labels },
    want: ['downward-modes', 'app="outputs"', 'test.k8ts/case="yes"', '400', '444'],
  },
  {
    name: 'service-links',
    script: 'env | grep ^FOO_SERVICE_ | sort; [ -n "$KUBERNETES_SERVICE_HOST" ] && echo api',
    want: [
      'FOO_SERVICE_PORT=tcp://10.96.77.77:8765',
      'FOO_SERVICE_PORT_8765_TCP=tcp://10.96.77.77:8765',
      'FOO_SERVICE_PORT_8765_TCP_ADDR=10.96.77.77',
      'FOO_SERVICE_PORT_8765_TCP_PORT=8765',
      'FOO_SERVICE_PORT_8765_TCP_PROTO=tcp',
      'FOO_SERVICE_SERVICE_HOST=10.96.77.77',
      'FOO_SERVICE_SERVICE_PORT=8765',
      'FOO_SERVICE_SERVICE_PORT_WEB=8765',
      'api',
    ],
  },
  {
    name: 'no-service-links',
    script: 'env | grep -c ^FOO_SERVICE_; [ -n "$KUBERNETES_SERVICE_HOST" ] && echo api',
    spec: { enableServiceLinks: false },
    want: ['0', 'api'],
  },
  {
    name: 'subpath-expr',
    script: 'test -d /all/$POD; echo $?; touch /v/f; ls /all/$POD',
    container: {
      env: env({ POD: field('metadata.name') }),
      volumeMounts: [
        { name: 'v', mountPath: '/v', subPathExpr: '$(POD)' },
        { name: 'v', mountPath: '/all' },
      ],
    },
    spec: { volumes: [{ name: 'v', emptyDir: {} }] },
    want: ['0', 'f'],
  },
  {
    name: 'shared-volume',
    script: 'while [ ! -f /v/f ]; do sleep 0.1; done; cat /v/f',
    container: { volumeMounts: [{ name: 'v', mountPath: '/v' }] },
    spec: {
      volumes: [{ name: 'v', emptyDir: {} }],
      initContainers: [],
      more: [{ name: 'writer', script: 'echo from the other > /v/f', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
    },
    want: ['from the other'],
  },
  // the node's part: names, hosts, rights
  {
    name: 'hosts-file',
    script:
      "grep -v '^#' /etc/hosts | grep -E '123.45.67.89|hosts-file' | tr '\\t' ' ' | sed \"s/^$IP /IP /\"; head -1 /etc/hosts",
    container: { env: env({ IP: field('status.podIP') }) },
    spec: { hostAliases: [{ ip: '123.45.67.89', hostnames: ['foo', 'bar'] }] },
    want: ['IP hosts-file', '123.45.67.89 foo bar', '# Kubernetes-managed hosts file.'],
  },
  {
    name: 'hosts-own',
    script: 'cat /etc/hosts',
    container: { volumeMounts: [{ name: 'v', mountPath: '/etc/hosts', subPath: 'data-1' }] },
    spec: { volumes: [{ name: 'v', configMap: { name: 'cm' } }] },
    want: ['value-1'],
  },
  {
    name: 'hosts-node',
    script: 'head -1 /etc/hosts; hostname | grep -c hosts-node; true',
    spec: { hostNetwork: true },
    want: ['# Kubernetes-managed hosts file (host network).', '0'],
  },
  {
    name: 'hostname',
    script: 'hostname; hostname -f',
    spec: { hostname: 'me', subdomain: 'here' },
    want: ['me', 'me.here.default.svc.cluster.local'],
  },
  {
    name: 'fqdn-host',
    script: 'hostname',
    spec: { hostname: 'me', subdomain: 'here', setHostnameAsFQDN: true },
    want: ['me.here.default.svc.cluster.local'],
  },
  {
    name: 'dns-config',
    script: 'cat /etc/resolv.conf',
    spec: {
      dnsPolicy: 'None',
      dnsConfig: {
        nameservers: ['1.1.1.1'],
        searches: ['resolv.conf.local'],
        options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }],
      },
    },
    want: ['search resolv.conf.local', 'nameserver 1.1.1.1', 'options ndots:2 edns0'],
  },
  { name: 'user-65534', script: 'id -u', spec: { securityContext: { runAsUser: 65534 } }, want: ['65534'] },
  {
    name: 'user-of-pod',
    script: 'id -u; id -g; id -G',
    spec: { securityContext: { runAsUser: 1001, runAsGroup: 2002, supplementalGroups: [1234, 5678], fsGroup: 77 } },
    want: ['1001', '2002', '2002 77 1234 5678'],
  },
  {
    name: 'user-of-container',
    script: 'id -u; id -g',
    container: { securityContext: { runAsUser: 1003, runAsGroup: 2003 } },
    spec: { securityContext: { runAsUser: 1001, runAsGroup: 2002 } },
    want: ['1003', '2003'],
  },
  {
    name: 'rootfs-readonly',
    script: 'echo x > /f',
    container: { securityContext: { readOnlyRootFilesystem: true } },
    want: /Read-only file system/,
    phase: 'Failed',
  },
  {
    name: 'rootfs-writable',
    script: 'echo x > /f && cat /f',
    container: { securityContext: { readOnlyRootFilesystem: false } },
    want: ['x'],
  },
  {
    name: 'unprivileged',
    script: 'ip link add dummy0 type bridge 2>&1',
    container: { securityContext: { privileged: false } },
    want: /Operation not permitted/,
    phase: 'Failed',
  },
  {
    name: 'privileged',
    script: 'ip link add br9 type bridge && echo made',
    container: { securityContext: { privileged: true } },
    want: ['made'],
  },
  {
    name: 'no-escalation',
    script: 'grep NoNewPrivs /proc/self/status',
    container: { securityContext: { allowPrivilegeEscalation: false, runAsUser: 1000 } },
    want: ['NoNewPrivs:\t1'],
  },
  {
    name: 'escalation',
    script: 'grep NoNewPrivs /proc/self/status',
    container: { securityContext: { runAsUser: 1000 } },
    want: ['NoNewPrivs:\t0'],
  },
  {
    name: 'capabilities',
    script: 'grep CapEff /proc/self/status; chown 1 /tmp 2>&1',
    container: { securityContext: { capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } } },
    want: /^CapEff:\t0000000000000400\n.*Operation not permitted/,
    phase: 'Failed',
  },
  {
    name: 'seccomp',
    script: 'grep Seccomp: /proc/self/status',
    spec: { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } },
    want: ['Seccomp:\t2'],
  },
  {
    name: 'seccomp-off',
    script: 'grep Seccomp: /proc/self/status',
    container: { securityContext: { seccompProfile: { type: 'Unconfined' } } },
    spec: { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } },
    want: ['Seccomp:\t0'],
  },
  {
    name: 'sysctls',
    script: 'cat /proc/sys/kernel/shm_rmid_forced /proc/sys/net/ipv4/ip_unprivileged_port_start',
    spec: {
      securityContext: {
        sysctls: [
          { name: 'kernel.shm_rmid_forced', value: '1' },
          { name: 'net/ipv4/ip_unprivileged_port_start', value: '80' },
        ],
      },
    },
    want: ['1', '80'],
  },
  {
    name: 'share-pids',
    script:
      'for i in $(seq 300); do p=$(ps | grep "[m]ark 77" | awk "{print \\$1}"); [ "$p" ] && kill $p && echo seen && break; sleep 0.1; done; cat /proc/1/comm',
    spec: {
      shareProcessNamespace: true,
      more: [{ name: 'other', script: 'trap "exit 0" TERM; : mark 77; while :; do sleep 0.1; done' }],
    },
    want: ['seen', 'pause'],
  },
  { name: 'host-pid', script: '[ "$(ps | wc -l)" -gt 10 ] && echo many', spec: { hostPID: true }, want: ['many'] },
  { name: 'working-dir', script: 'pwd', container: { workingDir: '/made/here' }, want: ['/made/here'] },
  {
    name: 'image-volume',
    script: 'ls /v; test -e /part/busybox && echo part; touch /v/x 2>&1',
    container: {
      volumeMounts: [
        { name: 'v', mountPath: '/v' },
        { name: 'v', mountPath: '/part', subPath: 'bin' },
      ],
    },
    spec: { volumes: [{ name: 'v', image: { reference: 'localhost/says:1', pullPolicy: 'IfNotPresent' } }] },
    want: ['bin', 'part', 'touch: /v/x: Read-only file system'],
    phase: 'Failed',
  },
  // the image's own command
  {
    name: 'image-defaults',
    container: { command: undefined, image: 'localhost/says:1' },
    want: ['entry default words'],
  },
  {
    name: 'image-args',
    container: { command: undefined, image: 'localhost/says:1', args: ['other', 'args'] },
    want: ['entry other args'],
  },
  { name: 'image-command', container: { image: 'localhost/says:1', command: ['/bin/echo', 'mine'] }, want: ['mine'] },
  {
    name: 'image-both',
    container: { image: 'localhost/says:1', command: ['/bin/echo', 'mine'], args: ['too'] },
    want: ['mine too'],
  },
  {
    name: 'termination-limits',
    script:
      'cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu/cpu.shares',
    container: limited,
    want: ['67108864', '125000', '256'],
  },
];

/** The pod of a case. */
export function podOf(c: OutputCase): object {
  const { more = [], ...spec } = (c.spec ?? {}) as { more?: readonly { name: string; script: string }[] };
  const base = { image: 'localhost/busybox:1', imagePullPolicy: 'IfNotPresent' };
  const command = c.script === undefined ? {} : { command: ['sh', '-c', c.script] };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: c.name, ...c.metadata },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 1,
      ...spec,
      containers: [
        { name: 'c', ...base, ...command, ...c.container },
        ...more.map(({ script, ...rest }) => ({ ...base, ...rest, command: ['sh', '-c', script] })),
      ],
    },
  };
}
