/** `kubectl debug`: a container beside those of a pod, a copy of a pod, or a pod on a node (upstream: kubectl/pkg/cmd/debug). */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { strategicMergePatch } from '../../schema/merge/index.ts';
import { parseYaml } from '../../schema/yaml.ts';
import { StatusError } from '../../machinery/status-error.ts';
import { CommandError } from '../failure.ts';
import { array, bool, list, text } from '../flags.ts';
import { type Mapping, pathOf } from '../mapper.ts';
import { fileFlags, type Session } from '../session.ts';
import { type Found, findObjects } from '../targets.ts';
import { at, isMap, type Json, listAt, textAt, type Thing } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { watchUntil } from '../waiting.ts';
import { checkProfile, type Keep, type Style, withProfile } from './debug-profiles.ts';

const letters = 'bcdfghjklmnpqrstvwxz2456789';
const suffix = (): string => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('');

export const debug: Verb = {
  usage: 'debug (POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]',
  summary: 'Create debugging sessions for troubleshooting workloads and nodes',
  flags: {
    filename: fileFlags['filename']!,
    'arguments-only': bool(
      'If specified, everything after -- will be passed to the new container as Args instead of Command.',
    ),
    attach: bool('If true, wait for the container to start running, and then attach as if kubectl attach were called.'),
    container: text('Container name to use for debug container.', 'c'),
    'copy-to': text('Create a copy of the target Pod with this name.'),
    custom: text(
      'Path to a JSON or YAML file containing a partial container spec to customize built-in debug profiles.',
    ),
    env: list('Environment variables to set in the container.'),
    image: text('Container image to use for debug container.'),
    'image-pull-policy': text('The image pull policy for the container.'),
    'keep-annotations': bool('If true, keep the original pod annotations.'),
    'keep-init-containers': bool('Run the init containers for the pod. Defaults to true.'),
    'keep-labels': bool('If true, keep the original pod labels.'),
    'keep-liveness': bool('If true, keep the original pod liveness probes.'),
    'keep-readiness': bool('If true, keep the original pod readiness probes.'),
    'keep-startup': bool('If true, keep the original startup probes.'),
    profile: text('Options are "legacy", "general", "baseline", "netadmin", "restricted" or "sysadmin".'),
    quiet: bool('If true, suppress informational messages.', 'q'),
    replace: bool("When used with '--copy-to', delete the original Pod."),
    'same-node': bool("When used with '--copy-to', schedule the copy of target Pod on the same node."),
    'set-image': array("When used with '--copy-to', a list of name=image pairs for changing container images."),
    'share-processes': bool("When used with '--copy-to', enable process namespace sharing in the copy."),
    stdin: bool('Keep stdin open on the container(s) in the pod, even if nothing is attached.', 'i'),
    target: text('When using an ephemeral container, target processes in this container name.'),
    tty: bool('Allocate a TTY for the debugging container.', 't'),
  },
  async run(s) {
    const { flags } = s;
    const refuse = (message: string): never => {
      throw new CommandError(message);
    };
    const [image, container, copyTo] = ['image', 'container', 'copy-to'].map((n) => flags.text(n, ''));
    const profile = flags.text('profile', 'general');
    checkProfile(profile);
    const args = flags.rest ?? [];
    const custom = customProfile(flags.text('custom', ''));
    const setImages = new Map(
      flags
        .list('set-image')
        .flatMap((x) => x.split(','))
        .map((p) => p.split('=') as [string, string]),
    );
    const attach = flags.has('attach') ? flags.bool('attach') : flags.bool('stdin');
    if (flags.has('attach') && attach && !image && !container)
      refuse('you must specify --container or create a new container using --image in order to attach.');
    if (copyTo) {
      if (!image && setImages.size === 0 && args.length === 0)
        refuse('you must specify --image, --set-image or command arguments.');
      if (args.length && !container && !image)
        refuse('you must specify an existing container or a new image when specifying args.');
    } else {
      if (flags.bool('replace')) refuse('--replace may only be used with --copy-to.');
      if (flags.bool('same-node')) refuse('--same-node may only be used with --copy-to.');
      if (setImages.size) refuse('--set-image may only be used with --copy-to.');
      if (!image) refuse('you must specify --image when not using --copy-to.');
    }
    if (/\s/.test(image!)) refuse(`invalid image name ${JSON.stringify(image)}: invalid reference format`);
    const names = flags.rest ? flags.before : flags.args;
    if (names.length === 0 && flags.list('filename').length === 0) refuse('NAME or filename is required for debug');
    if (!['', 'Always', 'IfNotPresent', 'Never'].includes(flags.text('image-pull-policy', '')))
      refuse(`invalid image pull policy: ${flags.text('image-pull-policy')}`);
    const target = flags.text('target', '');
    if (target && copyTo) refuse('--target is incompatible with --copy-to. Use --share-processes instead.');
    if (target && !flags.bool('quiet'))
      s.io.out(
        `Targeting container ${JSON.stringify(target)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`,
      );
    if (flags.bool('tty') && !flags.bool('stdin')) refuse('-i/--stdin is required for containers with -t/--tty=true');
    if (profile === 'legacy')
      s.io.err(
        '--profile=legacy is deprecated and planned to be removed in v1.39. It is recommended to specify other profile, for example "--profile=general".\n',
      );
    const what = { image: image!, container: container!, copyTo: copyTo!, profile, args, custom, setImages, target };
    const pods = (await s.mapper()).byName('pods');
    for (const f of await findObjects(s, { args: names, defaultType: 'pods' })) {
      const made = await debugOne(s, pods, f, what);
      if (attach && made.container) await joinIt(s, pods, made.pod, made.container);
    }
  },
};

interface What {
  readonly image: string;
  readonly container: string;
  readonly copyTo: string;
  readonly profile: string;
  readonly args: readonly string[];
  readonly custom: Json | undefined;
  readonly setImages: ReadonlyMap<string, string>;
  readonly target: string;
}
interface Made {
  readonly pod: Thing;
  readonly container: string;
}

function customProfile(file: string): Json | undefined {
  if (!file) return undefined;
  let body: unknown;
  try {
    [body] = parseYaml(readFileSync(file, 'utf8'));
  } catch {
    throw new CommandError(
      `must pass a container spec json file for custom profile: open ${file}: no such file or directory`,
    );
  }
  if (!isMap(body)) throw new CommandError(`${file} does not contain a valid container spec`);
  if (['name', 'command', 'image', 'lifecycle', 'volumeDevices'].some((k) => k in body))
    throw new CommandError('name, command, image, lifecycle and volume devices are not modifiable via custom profile');
  return body;
}

const keepOf = (s: Session): Keep => ({
  labels: s.flags.bool('keep-labels'),
  annotations: s.flags.bool('keep-annotations'),
  liveness: s.flags.bool('keep-liveness'),
  readiness: s.flags.bool('keep-readiness'),
  startup: s.flags.bool('keep-startup'),
  initContainers: s.flags.bool('keep-init-containers', true),
});

/** The container as flags make it. */
function containerOf(s: Session, w: What, name: string): Json {
  const { flags } = s;
  const env = flags.list('env').map((e) => ({ name: e.split('=')[0], value: e.slice(e.indexOf('=') + 1) }));
  const policy = flags.text('image-pull-policy', '');
  return {
    name,
    image: w.image,
    terminationMessagePolicy: 'File',
    ...(env.length && { env }),
    ...(policy && { imagePullPolicy: policy }),
    ...(flags.bool('stdin') && { stdin: true }),
    ...(flags.bool('tty') && { tty: true }),
    ...(w.args.length && { [flags.bool('arguments-only') ? 'args' : 'command']: w.args }),
  };
}

function newName(s: Session, w: What, spec: unknown): string {
  if (w.container) return w.container;
  const taken = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((l) =>
    listAt(spec, l).map((c) => textAt(c, 'name')),
  );
  let name = '';
  do name = `debugger-${suffix()}`;
  while (taken.includes(name));
  if (!s.flags.bool('quiet')) s.io.out(`Defaulting debug container name to ${name}.\n`);
  return name;
}

async function finished(
  w: What,
  style: Style,
  s: Session,
  pod: { readonly metadata: Json; readonly spec: Json },
  c: Json,
) {
  const made = withProfile(w.profile, style, pod, c, keepOf(s));
  if (!w.custom) return made;
  const { Container } = await import('../../api/core/v1/types.ts');
  return { pod: made.pod, container: strategicMergePatch(Container, made.container, w.custom) as Json };
}

async function debugOne(s: Session, pods: Mapping, f: Found, w: What): Promise<Made> {
  if (f.mapping.kind === 'Node') return onNode(s, pods, f, w);
  if (f.mapping.kind !== 'Pod')
    throw new CommandError(
      `"${f.mapping.group ? `${f.mapping.group}/` : '/'}${f.mapping.version}, Kind=${f.mapping.kind}" not supported by debug`,
    );
  return w.copyTo ? byCopy(s, pods, f, w) : beside(s, pods, f, w);
}

async function onNode(s: Session, pods: Mapping, f: Found, w: What): Promise<Made> {
  const container = w.container || 'debugger';
  const name = `node-debugger-${f.name}-${suffix()}`;
  if (!s.flags.bool('quiet'))
    s.io.out(`Creating debugging pod ${name} with container ${container} on node ${f.name}.\n`);
  const metadata = { name, labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' } };
  const spec = { nodeName: f.name, restartPolicy: 'Never', tolerations: [{ operator: 'Exists' }] };
  const made = await finished(w, 'node', s, { metadata, spec }, containerOf(s, w, container));
  const pod = await s.api.json<Thing>('POST', pathOf(pods, s.namespace), {
    body: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: made.pod.metadata,
      spec: { ...made.pod.spec, containers: [made.container] },
    },
  });
  return { pod, container };
}

async function beside(s: Session, pods: Mapping, f: Found, w: What): Promise<Made> {
  const name = newName(s, w, f.object['spec']);
  const base = { ...containerOf(s, w, name), ...(w.target && { targetContainerName: w.target }) };
  const made = await finished(w, 'ephemeral', s, { metadata: {}, spec: {} }, base);
  const pod = await s.api
    .json<Thing>('PATCH', pathOf(pods, f.namespace, f.name, 'ephemeralcontainers'), {
      body: { spec: { ephemeralContainers: [made.container] } },
      contentType: 'application/strategic-merge-patch+json',
    })
    .catch((e: unknown) => {
      if (e instanceof StatusError && e.reason === 'NotFound' && !e.status.details?.name)
        throw new CommandError(
          `ephemeral containers are disabled for this cluster (error from server: ${JSON.stringify(e.message)})`,
        );
      throw e;
    });
  return { pod, container: name };
}

async function byCopy(s: Session, pods: Mapping, f: Found, w: What): Promise<Made> {
  const { flags } = s;
  const { ephemeralContainers: _, nodeName, ...rest } = (f.object['spec'] ?? {}) as Json;
  const containers = (listAt(rest, 'containers') as readonly Json[]).map((c) => {
    const image = w.setImages.get(textAt(c, 'name')) ?? w.setImages.get('*');
    return image ? { ...c, image } : c;
  });
  const spec: Json = {
    ...rest,
    containers,
    ...(flags.bool('same-node') && { nodeName }),
    ...(flags.has('share-processes') && { shareProcessNamespace: flags.bool('share-processes') }),
  };
  const { labels, annotations } = f.object.metadata;
  const metadata: Json = {
    name: w.copyTo,
    namespace: f.namespace,
    ...(annotations && { annotations }),
    ...(labels && { labels }),
  };
  const create = async (m: Json, sp: Json): Promise<Thing> => {
    const pod = await s.api.json<Thing>('POST', pathOf(pods, f.namespace), {
      body: { apiVersion: 'v1', kind: 'Pod', metadata: m, spec: sp },
    });
    if (flags.bool('replace'))
      await s.api.json('DELETE', pathOf(pods, f.namespace, f.name), {
        body: { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0 },
      });
    return pod;
  };
  const existing = containers.find((c) => textAt(c, 'name') === w.container);
  if (!existing && !w.image) {
    if (w.setImages.size) return { pod: await create(metadata, spec), container: '' };
    throw new CommandError('you must specify image when creating new container');
  }
  const name = existing ? w.container : newName(s, w, spec);
  const fresh = containerOf(s, w, name);
  const { image: givenImage, terminationMessagePolicy: __, ...asked } = fresh;
  const { args: oldArgs, ...bare } = existing ?? {};
  const merged: Json = existing
    ? {
        ...bare,
        ...(oldArgs !== undefined && w.args.length === 0 && { args: oldArgs }),
        ...asked,
        ...(w.image && { image: givenImage }),
        stdin: flags.bool('stdin'),
        tty: flags.bool('tty'),
      }
    : fresh;
  const made = await finished(w, 'copy', s, { metadata, spec }, merged);
  const others = listAt(made.pod.spec, 'containers') as readonly Json[];
  const all = existing
    ? others.map((c) => (textAt(c, 'name') === name ? made.container : c))
    : [...others, made.container];
  return { pod: await create(made.pod.metadata, { ...made.pod.spec, containers: all }), container: name };
}

/** Attached when the container runs; its log when it has ended before. */
async function joinIt(s: Session, pods: Mapping, pod: Thing, container: string): Promise<void> {
  const state = await watchUntil(s, pods, pod.metadata.namespace, pod.metadata.name ?? '', (o) => {
    if (!o) throw new CommandError('pods "" not found');
    const status = ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses']
      .flatMap((l) => listAt(o, 'status', l))
      .find((c) => textAt(c, 'name') === container);
    if (at(status, 'state', 'running')) return 'running';
    return at(status, 'state', 'terminated') ? 'terminated' : undefined;
  });
  const log = async () => {
    for await (const c of await s.api.stream('GET', pathOf(pods, pod.metadata.namespace, pod.metadata.name, 'log'), {
      query: { container },
    }))
      s.io.out(c);
  };
  if (state === 'terminated') return log();
  const { attachTo } = await import('./exec.ts');
  try {
    await attachTo(s, pod.metadata.name ?? '', container);
  } catch (e) {
    s.io.err(
      `warning: couldn't attach to pod/${pod.metadata.name}, falling back to streaming logs: ${(e as Error).message}\n`,
    );
    await log();
  }
}
