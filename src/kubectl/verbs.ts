/** The table of verbs, in the order the help shows them. A verb's code is loaded when it runs. */
import type { VerbRow } from './verb.ts';

export const verbs: readonly VerbRow[] = [
  {
    name: 'create',
    summary: 'Create a resource from a file or from stdin',
    load: async () => (await import('./verbs/create.ts')).create,
    verbs: async () => (await import('./verbs/create.ts')).createRows,
  },
  {
    name: 'expose',
    summary: 'Take a service, deployment or pod and expose it as a new Kubernetes service',
    load: async () => (await import('./verbs/expose.ts')).expose,
  },
  {
    name: 'run',
    summary: 'Run a particular image on the cluster',
    load: async () => (await import('./verbs/run.ts')).run,
  },
  {
    name: 'set',
    summary: 'Set specific features on objects',
    verbs: async () => (await import('./verbs/set.ts')).setRows,
  },
  {
    name: 'get',
    suggestFor: ['list', 'ps'],
    summary: 'Display one or many resources',
    load: async () => (await import('./verbs/get.ts')).get,
  },
  {
    name: 'delete',
    summary: 'Delete resources by file names, stdin, resources and names, or by resources and label selector',
    load: async () => (await import('./verbs/delete.ts')).remove,
  },
  {
    name: 'scale',
    summary: 'Set a new size for a deployment, replica set, or replication controller',
    load: async () => (await import('./verbs/scale.ts')).scale,
  },
  {
    name: 'patch',
    summary: 'Update fields of a resource',
    load: async () => (await import('./verbs/patch.ts')).patch,
  },
  {
    name: 'apply',
    summary: 'Apply a configuration to a resource by file name or stdin',
    load: async () => (await import('./verbs/apply.ts')).apply,
    verbs: async () => (await import('./verbs/apply-annotation.ts')).applyRows,
  },
  {
    name: 'label',
    summary: 'Update the labels on a resource',
    load: async () => (await import('./verbs/metadata.ts')).label,
  },
  {
    name: 'annotate',
    summary: 'Update the annotations on a resource',
    load: async () => (await import('./verbs/metadata.ts')).annotate,
  },
  {
    name: 'logs',
    suggestFor: ['log'],
    summary: 'Print the logs for a container in a pod',
    load: async () => (await import('./verbs/logs.ts')).logs,
  },
  {
    name: 'attach',
    summary: 'Attach to a running container',
    load: async () => (await import('./verbs/exec.ts')).attach,
  },
  {
    name: 'exec',
    summary: 'Execute a command in a container',
    load: async () => (await import('./verbs/exec.ts')).exec,
  },
  {
    name: 'port-forward',
    summary: 'Forward one or more local ports to a pod',
    load: async () => (await import('./verbs/port-forward.ts')).portForward,
  },
  {
    name: 'describe',
    summary: 'Show details of a specific resource or group of resources',
    load: async () => (await import('./verbs/describe.ts')).describe,
  },
  {
    name: 'explain',
    summary: 'Get documentation for a resource',
    load: async () => (await import('./verbs/explain.ts')).explain,
  },
  {
    name: 'edit',
    summary: 'Edit a resource on the server',
    load: async () => (await import('./verbs/edit.ts')).edit,
  },
  {
    name: 'replace',
    summary: 'Replace a resource by file name or stdin',
    load: async () => (await import('./verbs/replace.ts')).replace,
  },
  {
    name: 'diff',
    summary: 'Diff the live version against a would-be applied version',
    load: async () => (await import('./verbs/diff.ts')).diff,
  },
  {
    name: 'autoscale',
    summary: 'Auto-scale a deployment, replica set, stateful set, or replication controller',
    load: async () => (await import('./verbs/autoscale.ts')).autoscale,
  },
  {
    name: 'cp',
    summary: 'Copy files and directories to and from containers',
    load: async () => (await import('./verbs/cp.ts')).cp,
  },
  {
    name: 'proxy',
    summary: 'Run a proxy to the Kubernetes API server',
    load: async () => (await import('./verbs/proxy.ts')).proxy,
  },
  {
    name: 'debug',
    summary: 'Create debugging sessions for troubleshooting workloads and nodes',
    load: async () => (await import('./verbs/debug.ts')).debug,
  },
  {
    name: 'top',
    summary: 'Display resource (CPU/memory) usage',
    verbs: async () => (await import('./verbs/top.ts')).topRows,
  },
  {
    name: 'certificate',
    summary: 'Modify certificate resources',
    verbs: async () => (await import('./verbs/certificate.ts')).certificateRows,
  },
  {
    name: 'kustomize',
    summary: 'Build a kustomization target from a directory or URL',
    load: async () => (await import('./verbs/kustomize.ts')).kustomize,
  },
  {
    name: 'rollout',
    summary: 'Manage the rollout of a resource',
    verbs: async () => (await import('./verbs/rollout.ts')).rolloutRows,
  },
  {
    name: 'wait',
    suggestFor: ['list', 'ps'],
    summary: 'Wait for a specific condition on one or many resources',
    load: async () => (await import('./verbs/wait.ts')).wait,
  },
  {
    name: 'cordon',
    summary: 'Mark node as unschedulable',
    load: async () => (await import('./verbs/drain.ts')).cordon,
  },
  {
    name: 'uncordon',
    summary: 'Mark node as schedulable',
    load: async () => (await import('./verbs/drain.ts')).uncordon,
  },
  {
    name: 'drain',
    summary: 'Drain node in preparation for maintenance',
    load: async () => (await import('./verbs/drain.ts')).drain,
  },
  {
    name: 'taint',
    summary: 'Update the taints on one or more nodes',
    load: async () => (await import('./verbs/drain.ts')).taint,
  },
  { name: 'events', summary: 'List events', load: async () => (await import('./verbs/about.ts')).events },
  { name: 'auth', summary: 'Inspect authorization', verbs: async () => (await import('./verbs/about.ts')).authRows },
  {
    name: 'cluster-info',
    summary: 'Display cluster information',
    load: async () => (await import('./verbs/about.ts')).clusterInfo,
  },
  {
    name: 'api-resources',
    summary: 'Print the supported API resources on the server',
    load: async () => (await import('./verbs/about.ts')).apiResources,
  },
  {
    name: 'api-versions',
    summary: 'Print the supported API versions on the server',
    load: async () => (await import('./verbs/about.ts')).apiVersions,
  },
  {
    name: 'config',
    summary: 'Modify kubeconfig files',
    verbs: async () => (await import('./verbs/about.ts')).configRows,
  },
  {
    name: 'plugin',
    summary: 'Provides utilities for interacting with plugins',
    verbs: [
      {
        name: 'list',
        summary: "List all visible plugin executables on a user's PATH",
        load: async () => (await import('./verbs/plugin.ts')).pluginList(verbOf),
      },
    ],
  },
  {
    name: 'version',
    summary: 'Print the client and server version information',
    load: async () => (await import('./verbs/about.ts')).version,
  },
  {
    name: 'options',
    summary: 'Print the list of flags inherited by all commands',
    load: async () => (await import('./verbs/about.ts')).options,
  },
];

/** The rows below a row. */
export const below = async (row: VerbRow): Promise<readonly VerbRow[]> =>
  typeof row.verbs === 'function' ? row.verbs() : (row.verbs ?? []);

/** The words of the verb that words lead to, as far as they lead: `rollout status` for `rollout status x`. */
async function verbOf(words: readonly string[]): Promise<string | undefined> {
  const found: string[] = [];
  let table = verbs;
  for (const word of words) {
    const row = table.find((v) => v.name === word || v.aliases?.includes(word));
    if (!row) break;
    found.push(row.name);
    table = await below(row);
  }
  return found.length ? found.join(' ') : undefined;
}
