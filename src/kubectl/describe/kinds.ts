/** How each kind is described, by kind; a kind that is not here is shown field by field (upstream: kubectl/pkg/describe). */
import { podSelectorOf } from '../pod-of.ts';
import { labelsText } from '../print/table.ts';
import { at, goPrint, isMap, type Json, listAt, numberAt, textAt, type Thing } from '../thing.ts';
import { type Around, described, type Describer, listOf } from './around.ts';
import { describeNode } from './node.ts';
import { describePod, writeTemplate } from './pod.ts';
import { policies } from './policies.ts';
import { writeVolumeSource } from './volumes.ts';
import { workloads } from './workloads.ts';
import {
  controllerOf,
  createWriter,
  phaseOf,
  rfc1123z,
  type Writer,
  writeAnnotations,
  writeHead,
  writeLabels,
  writeReasonConditions,
} from './writer.ts';

type Map = Readonly<Record<string, string>>;

async function podCounts(o: Thing, a: Around): Promise<string> {
  const pods = (await listOf(a, 'pods', o.metadata.namespace, { labelSelector: podSelectorOf(o) ?? '' })).filter((p) =>
    p.metadata.ownerReferences?.some((r) => r.controller && r.uid === o.metadata.uid),
  );
  const n = (phase: string) => pods.filter((p) => textAt(p, 'status', 'phase') === phase).length;
  return `${n('Running')} Running / ${n('Pending')} Waiting / ${n('Succeeded')} Succeeded / ${n('Failed')} Failed\n`;
}

const sets = (list: readonly Thing[]): string =>
  list
    .map(
      (r) =>
        `${r.metadata.name} (${numberAt(r, 'status', 'replicas')}/${numberAt(r, 'spec', 'replicas')} replicas created)`,
    )
    .join(', ') || '<none>';

/** A template without the hash and what generators add, to know the replica set that is current. */
const templateKey = (t: unknown): string => {
  const { 'pod-template-hash': _, ...labels } = (at(t, 'metadata', 'labels') ?? {}) as Record<string, string>;
  return JSON.stringify([labels, at(t, 'metadata', 'annotations') ?? {}, at(t, 'spec')]);
};

const deployment: Describer = async (o, a) => {
  const all = (
    await listOf(a, 'replicasets.apps', o.metadata.namespace, { labelSelector: podSelectorOf(o) ?? '' })
  ).filter((r) => r.metadata.ownerReferences?.some((x) => x.controller && x.uid === o.metadata.uid));
  const key = templateKey(at(o, 'spec', 'template'));
  const current = all.filter((r) => templateKey(at(r, 'spec', 'template')) === key).slice(0, 1);
  const old = all.filter((r) => !current.includes(r));
  const n = (k: string) => numberAt(o, 'status', k);
  return described(a, (w) => {
    w.write(
      0,
      `Name:\t${o.metadata.name}\nNamespace:\t${o.metadata.namespace}\nCreationTimestamp:\t${rfc1123z(o.metadata.creationTimestamp ?? '')}\n`,
    );
    writeLabels(w, 'Labels', o.metadata.labels);
    writeAnnotations(w, 'Annotations', o.metadata.annotations);
    w.write(0, `Selector:\t${podSelectorOf(o) ?? ''}\n`);
    w.write(
      0,
      `Replicas:\t${numberAt(o, 'spec', 'replicas')} desired | ${n('updatedReplicas')} updated | ${n('replicas')} total | ${n('availableReplicas')} available | ${n('unavailableReplicas')} unavailable\n`,
    );
    w.write(
      0,
      `StrategyType:\t${textAt(o, 'spec', 'strategy', 'type')}\nMinReadySeconds:\t${numberAt(o, 'spec', 'minReadySeconds')}\n`,
    );
    const ru = at(o, 'spec', 'strategy', 'rollingUpdate');
    if (ru)
      w.write(
        0,
        `RollingUpdateStrategy:\t${textAt(ru, 'maxUnavailable')} max unavailable, ${textAt(ru, 'maxSurge')} max surge\n`,
      );
    writeTemplate(w, at(o, 'spec', 'template'));
    writeReasonConditions(w, o);
    if (all.length) w.write(0, `OldReplicaSets:\t${sets(old)}\nNewReplicaSet:\t${sets(current)}\n`);
  });
};

const replicaSet: Describer = async (o, a) => {
  const counts = await podCounts(o, a);
  return described(a, (w) => {
    w.write(
      0,
      `Name:\t${o.metadata.name}\nNamespace:\t${o.metadata.namespace}\nSelector:\t${podSelectorOf(o) ?? '<none>'}\n`,
    );
    writeLabels(w, 'Labels', o.metadata.labels);
    writeAnnotations(w, 'Annotations', o.metadata.annotations);
    if (controllerOf(o)) w.write(0, `Controlled By:\t${controllerOf(o)}\n`);
    w.write(
      0,
      `Replicas:\t${numberAt(o, 'status', 'replicas')} current / ${numberAt(o, 'spec', 'replicas')} desired\n`,
    );
    w.write(0, `Pods Status:\t${counts}`);
    writeTemplate(w, at(o, 'spec', 'template'));
    writeReasonConditions(w, o);
  });
};

/** The first three ready addresses of a port, `+ N more...` after them. */
function endpointsText(slices: readonly Thing[], portName: string): string {
  if (slices.length === 0) return '<none>';
  const all = slices.flatMap((slice) => {
    const ready = listAt(slice, 'endpoints').filter((e) => at(e, 'conditions', 'ready') !== false);
    const ports = listAt(slice, 'ports');
    const address = (e: unknown) => String(listAt(e, 'addresses')[0] ?? '');
    if (ports.length === 0) return ready.map(address);
    const join = (host: string, port: string) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
    return ports
      .filter((p) => textAt(p, 'name') === portName)
      .flatMap((p) => ready.map((e) => join(address(e), textAt(p, 'port'))));
  });
  return all.length > 3 ? `${all.slice(0, 3).join(',')} + ${all.length - 3} more...` : all.join(',');
}

const service: Describer = async (o, a) => {
  const slices = await listOf(a, 'endpointslices.discovery.k8s.io', o.metadata.namespace, {
    labelSelector: `kubernetes.io/service-name=${o.metadata.name}`,
  });
  return described(a, (w) => {
    const spec = at(o, 'spec');
    writeHead(w, o);
    const line = (title: string, text: string) => w.write(0, `${title}:\t${text}\n`);
    const some = (title: string, text: string) => {
      if (text) line(title, text);
    };
    line('Selector', labelsText(at(spec, 'selector') as Map | undefined));
    line('Type', textAt(spec, 'type'));
    some('IP Family Policy', textAt(spec, 'ipFamilyPolicy'));
    line('IP Families', listAt(spec, 'ipFamilies').join(',') || '<none>');
    line('IP', textAt(spec, 'clusterIP'));
    line('IPs', listAt(spec, 'clusterIPs').join(',') || '<none>');
    some('External IPs', listAt(spec, 'externalIPs').join(','));
    some('Desired LoadBalancer IP', textAt(spec, 'loadBalancerIP'));
    some('External Name', textAt(spec, 'externalName'));
    for (const p of listAt(spec, 'ports')) {
      const name = textAt(p, 'name') || '<unset>';
      const protocol = textAt(p, 'protocol');
      line('Port', `${name}\t${numberAt(p, 'port')}/${protocol}`);
      line('TargetPort', `${textAt(p, 'targetPort')}/${protocol}`);
      some('AppProtocol', textAt(p, 'appProtocol'));
      if (numberAt(p, 'nodePort')) line('NodePort', `${name}\t${numberAt(p, 'nodePort')}/${protocol}`);
      line('Endpoints', endpointsText(slices, textAt(p, 'name')));
    }
    line('Session Affinity', textAt(spec, 'sessionAffinity'));
    some('External Traffic Policy', textAt(spec, 'externalTrafficPolicy'));
    some('Internal Traffic Policy', textAt(spec, 'internalTrafficPolicy'));
    if (numberAt(spec, 'healthCheckNodePort')) line('HealthCheck NodePort', textAt(spec, 'healthCheckNodePort'));
    some('LoadBalancer Source Ranges', listAt(spec, 'loadBalancerSourceRanges').join(','));
    some('Traffic Distribution', textAt(spec, 'trafficDistribution'));
  });
};

const namespace: Describer = async (o, a) => {
  const [quotas, ranges] = await Promise.all(
    ['resourcequotas', 'limitranges'].map((r) => listOf(a, r, o.metadata.name).catch(() => undefined)),
  );
  const w = createWriter();
  writeHead(w, o, false);
  w.write(0, `Status:\t${textAt(o, 'status', 'phase')}\n`);
  const conditions = listAt(o, 'status', 'conditions');
  if (conditions.length) {
    w.write(0, 'Conditions:\n');
    w.write(1, 'Type\tStatus\tLastTransitionTime\tReason\tMessage\n');
    w.write(1, '----\t------\t------------------\t------\t-------\n');
  }
  for (const c of conditions)
    w.write(
      1,
      `${textAt(c, 'type')}\t${textAt(c, 'status')}\t${rfc1123z(textAt(c, 'lastTransitionTime'))}\t${textAt(c, 'reason')}\t${textAt(c, 'message')}\n`,
    );
  if (quotas) {
    w.write(0, '\n');
    w.write(0, quotas.length ? 'Resource Quotas\n' : 'No resource quota.\n');
    for (const q of quotas) {
      w.write(1, `Name:\t${q.metadata.name}\n`);
      w.write(1, 'Resource\tUsed\tHard\n');
      w.write(1, '--------\t---\t---\n');
      const hard = (at(q, 'status', 'hard') ?? {}) as Map;
      for (const k of Object.keys(hard).sort())
        w.write(1, `${k}\t${textAt(q, 'status', 'used', k) || '0'}\t${hard[k]}\n`);
    }
  }
  if (ranges) {
    w.write(0, '\n');
    w.write(
      0,
      ranges.length
        ? 'Resource Limits\n Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio\n ----\t--------\t---\t---\t---------------\t-------------\t-----------------------\n'
        : 'No LimitRange resource.\n',
    );
    for (const l of ranges.flatMap((r) => listAt(r, 'spec', 'limits'))) {
      const keys = new Set(
        ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'].flatMap((k) =>
          Object.keys((at(l, k) ?? {}) as object),
        ),
      );
      for (const k of [...keys].sort())
        w.write(
          0,
          ` ${textAt(l, 'type')}\t${k}\t${['min', 'max', 'defaultRequest', 'default', 'maxLimitRequestRatio'].map((f) => textAt(l, f, k) || '-').join('\t')}\n`,
        );
    }
  }
  return w.end();
};

const configMap: Describer = (o, a) =>
  described(a, (w) => {
    writeHead(w, o);
    w.write(0, '\nData\n====\n');
    const data = (at(o, 'data') ?? {}) as Map;
    for (const k of Object.keys(data).sort()) w.write(0, `${k}:\n----\n${data[k]}\n\n`);
    w.write(0, '\nBinaryData\n====\n');
    const binary = (at(o, 'binaryData') ?? {}) as Map;
    for (const k of Object.keys(binary).sort()) w.write(0, `${k}: ${Buffer.from(binary[k]!, 'base64').length} bytes\n`);
    w.write(0, '\n');
  });

const secret: Describer = (o) => {
  const w = createWriter();
  writeHead(w, o);
  w.write(0, `\nType:\t${textAt(o, 'type')}\n\nData\n====\n`);
  const data = (at(o, 'data') ?? {}) as Map;
  for (const k of Object.keys(data).sort()) {
    const bytes = Buffer.from(data[k]!, 'base64');
    w.write(
      0,
      k === 'token' && o['type'] === 'kubernetes.io/service-account-token'
        ? `${k}:\t${bytes}\n`
        : `${k}:\t${bytes.length} bytes\n`,
    );
  }
  return w.end();
};

const shortModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};
const modes = (list: readonly unknown[]): string =>
  Object.keys(shortModes)
    .filter((m) => list.includes(m))
    .map((m) => shortModes[m])
    .join(',');
const storageClass = (o: Thing): string =>
  o.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? textAt(o, 'spec', 'storageClassName');

const persistentVolume: Describer = (o, a) =>
  described(a, (w) => {
    const spec = at(o, 'spec');
    const claim = at(spec, 'claimRef');
    writeHead(w, o, false);
    w.write(
      0,
      `Finalizers:\t${goPrint(o.metadata['finalizers'] ?? [])}\nStorageClass:\t${storageClass(o)}\nStatus:\t${phaseOf(o, a.now)}\n`,
    );
    w.write(0, `Claim:\t${claim ? `${textAt(claim, 'namespace')}/${textAt(claim, 'name')}` : ''}\n`);
    w.write(
      0,
      `Reclaim Policy:\t${textAt(spec, 'persistentVolumeReclaimPolicy')}\nAccess Modes:\t${modes(listAt(spec, 'accessModes'))}\n`,
    );
    if (textAt(spec, 'volumeMode')) w.write(0, `VolumeMode:\t${textAt(spec, 'volumeMode')}\n`);
    w.write(0, `Capacity:\t${textAt(spec, 'capacity', 'storage') || '0'}\n`);
    const required = at(spec, 'nodeAffinity', 'required');
    w.write(0, `Node Affinity:\t${required ? '' : '<none>'}\n`);
    if (required) {
      const terms = listAt(required, 'nodeSelectorTerms');
      w.write(1, `Required Terms:\t${terms.length ? '' : '<none>'}\n`);
      terms.forEach((t, i) => {
        const of = listAt(t, 'matchExpressions').map((e) => {
          const values = listAt(e, 'values');
          return `${textAt(e, 'key')} ${textAt(e, 'operator').toLowerCase()}${values.length ? ` [${values.join(', ')}]` : ''}\n`;
        });
        w.write(2, `Term ${i}:\t${of.join('    \t') || '<none>\n'}`);
      });
    }
    w.write(0, `Message:\t${textAt(o, 'status', 'message')}\nSource:\n`);
    writeVolumeSource(w, spec);
  });

const persistentVolumeClaim: Describer = async (o, a) => {
  const users = (await listOf(a, 'pods', o.metadata.namespace)).filter((p) =>
    listAt(p, 'spec', 'volumes').some((v) => textAt(v, 'persistentVolumeClaim', 'claimName') === o.metadata.name),
  );
  return described(a, (w) => {
    const bound = textAt(o, 'spec', 'volumeName');
    w.write(
      0,
      `Name:\t${o.metadata.name}\nNamespace:\t${o.metadata.namespace}\nStorageClass:\t${storageClass(o)}\nStatus:\t${phaseOf(o, a.now)}\nVolume:\t${bound}\n`,
    );
    writeLabels(w, 'Labels', o.metadata.labels);
    writeAnnotations(w, 'Annotations', o.metadata.annotations);
    w.write(0, `Finalizers:\t${goPrint(o.metadata['finalizers'] ?? [])}\n`);
    w.write(
      0,
      `Capacity:\t${bound ? textAt(o, 'status', 'capacity', 'storage') || '0' : ''}\nAccess Modes:\t${bound ? modes(listAt(o, 'status', 'accessModes')) : ''}\n`,
    );
    if (textAt(o, 'spec', 'volumeMode')) w.write(0, `VolumeMode:\t${textAt(o, 'spec', 'volumeMode')}\n`);
    const names = users.map((p) => p.metadata.name).sort();
    w.write(0, `Used By:\t${names.join('\n\t') || '<none>'}\n`);
  });
};

/** Words of a field's name: `lastTransitionTime` → `Last Transition Time`. */
export function labelFor(field: string): string {
  if (/[^\p{L}-]/u.test(field)) return field;
  const parts = field.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|-/gu) ?? [field];
  return parts
    .map((p) =>
      ['API', 'URL', 'UID', 'GUID'].includes(p.toUpperCase())
        ? p.toUpperCase()
        : p.toLowerCase() === p
          ? p[0]!.toUpperCase() + p.slice(1)
          : p,
    )
    .join(' ');
}

function writeContent(w: Writer, level: number, content: Json, prefix: string, skip: ReadonlySet<string>): void {
  for (const k of Object.keys(content).sort()) {
    const v = content[k];
    const path = `${prefix}.${k}`;
    if (skip.has(path)) continue;
    if (isMap(v)) {
      w.write(level, `${labelFor(k)}:\n`);
      writeContent(w, level + 1, v, path, skip);
    } else if (Array.isArray(v)) {
      w.write(level, `${labelFor(k)}:\n`);
      for (const e of v as readonly unknown[]) {
        if (isMap(e)) writeContent(w, level + 1, e, path, skip);
        else w.write(level + 1, `${goPrint(e)}\n`);
      }
    } else w.write(level, `${labelFor(k)}:\t${goPrint(v)}\n`);
  }
}
const shownAbove = new Set(
  ['managedFields', 'name', 'namespace', 'labels', 'annotations'].map((k) => `.metadata.${k}`),
);

/** Any kind, field by field. */
export const generic: Describer = (o, a) =>
  described(a, (w) => {
    writeHead(w, o);
    writeContent(w, 0, o, '', shownAbove);
  });

/** By `group/kind`. */
export const describers: Readonly<Record<string, Describer>> = {
  ...workloads,
  ...policies,
  '/Pod': (o, a) => describePod(o, a.events, a.now),
  '/Node': describeNode,
  '/Namespace': namespace,
  '/ConfigMap': configMap,
  '/Secret': secret,
  '/Service': service,
  '/PersistentVolume': persistentVolume,
  '/PersistentVolumeClaim': persistentVolumeClaim,
  'apps/Deployment': deployment,
  'apps/ReplicaSet': replicaSet,
};
