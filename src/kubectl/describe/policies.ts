/** How kinds without pods are described: accounts and roles, quotas and limits, budgets, classes, endpoints, ingresses, network policies, requests for certificates (upstream: kubectl/pkg/describe). */
import { podSelectorOf } from '../pod-of.ts';
import { labelsText } from '../print/table.ts';
import { at, isMap, listAt, numberAt, textAt, type Thing } from '../thing.ts';
import { type Around, described, type Describer, listOf } from './around.ts';
import { createWriter, rfc1123z, type Writer, writeAnnotations, writeHead, writeLabels } from './writer.ts';
import { subjectOf } from './certificate-request.ts';

type Map = Readonly<Record<string, string>>;
const keys = (v: unknown): readonly string[] => (isMap(v) ? Object.keys(v).sort() : []);
const pairs = (v: unknown): string => labelsText(v as Map | undefined);

/** Annotations as one line: all of them, that of apply too. */
const plainAnnotations = (o: Thing): string => pairs(o.metadata.annotations);

const selectorText = (selector: unknown): string =>
  podSelectorOf({ apiVersion: '', kind: 'Any', metadata: {}, spec: { selector } }) ?? '<none>';

const serviceAccount: Describer = async (o, a) => {
  const tokens = (await listOf(a, 'secrets', o.metadata.namespace).catch(() => []))
    .filter(
      (x) =>
        x['type'] === 'kubernetes.io/service-account-token' &&
        x.metadata.annotations?.['kubernetes.io/service-account.name'] === o.metadata.name &&
        x.metadata.annotations?.['kubernetes.io/service-account.uid'] === o.metadata.uid,
    )
    .map((x) => x.metadata.name ?? '');
  return described(a, (w) => {
    writeHead(w, o);
    const names = (k: string) => listAt(o, k).map((x) => textAt(x, 'name'));
    for (const [title, list] of [
      ['Image pull secrets', names('imagePullSecrets')],
      ['Mountable secrets', names('secrets')],
      ['Tokens', tokens],
    ] as const)
      w.write(0, `${title}:\t${list.join('\n                   \t') || '<none>'}\n`);
  });
};

/** Rules one by one: a resource or a path with one set of names, in upstream's order. */
const role: Describer = (o) => {
  const w = createWriter();
  w.write(0, `Name:\t${o.metadata.name}\n`);
  writeLabels(w, 'Labels', o.metadata.labels);
  writeAnnotations(w, 'Annotations', o.metadata.annotations);
  w.write(0, 'PolicyRule:\n');
  w.write(1, 'Resources\tNon-Resource URLs\tResource Names\tVerbs\n');
  w.write(1, '---------\t-----------------\t--------------\t-----\n');
  const simple = new Map<
    string,
    { resource: string; urls: readonly unknown[]; names: readonly unknown[]; verbs: unknown[]; key: string }
  >();
  for (const r of listAt(o, 'rules')) {
    const names = listAt(r, 'resourceNames');
    const verbs = listAt(r, 'verbs');
    const add = (resource: string, urls: readonly unknown[], name: unknown) => {
      const key = `${resource} ${urls.join(',')} ${name ?? ''}`;
      const have = simple.get(key);
      if (have) have.verbs.push(...verbs.filter((v) => !have.verbs.includes(v)));
      else simple.set(key, { resource, urls, names: name === undefined ? [] : [name], verbs: [...verbs], key: '' });
    };
    for (const g of listAt(r, 'apiGroups'))
      for (const res of listAt(r, 'resources'))
        for (const name of names.length ? names : [undefined]) {
          const [plural, sub] = String(res).split(/\/(.*)/s);
          add(g === '' ? String(res) : sub ? `${plural}.${g}/${sub}` : `${plural}.${g}`, [], name);
        }
    for (const u of listAt(r, 'nonResourceURLs')) add('', [u], undefined);
  }
  // As upstream sorts them: by the text of the rule, which begins with its verbs.
  const rows = [...simple.values()].map((r) => ({ ...r, key: sortText(r) })).sort((x, y) => (x.key < y.key ? -1 : 1));
  for (const r of rows)
    w.write(1, `${r.resource}\t[${r.urls.join(' ')}]\t[${r.names.join(' ')}]\t[${r.verbs.join(' ')}]\n`);
  return w.end();
};

/** The rule as its protobuf text, by which upstream sorts. */
function sortText(r: {
  readonly resource: string;
  readonly urls: readonly unknown[];
  readonly names: readonly unknown[];
  readonly verbs: readonly unknown[];
}): string {
  const dot = r.resource.indexOf('.');
  const slash = r.resource.indexOf('/');
  const hasGroup = dot >= 0 && (slash < 0 || dot < slash);
  const sub = slash < 0 ? '' : r.resource.slice(slash);
  const group = hasGroup ? r.resource.slice(dot + 1, slash < 0 ? undefined : slash) : '';
  const plural = (hasGroup ? r.resource.slice(0, dot) : slash < 0 ? r.resource : r.resource.slice(0, slash)) + sub;
  return `&PolicyRule{Verbs:[${r.verbs.join(' ')}],APIGroups:[${r.resource ? group : ''}],Resources:[${r.resource ? plural : ''}],ResourceNames:[${r.names.join(' ')}],NonResourceURLs:[${r.urls.join(' ')}],}`;
}

const binding: Describer = (o, a) =>
  described({ ...a, events: undefined }, (w) => {
    w.write(0, `Name:\t${o.metadata.name}\n`);
    writeLabels(w, 'Labels', o.metadata.labels);
    writeAnnotations(w, 'Annotations', o.metadata.annotations);
    w.write(
      0,
      `Role:\n  Kind:\t${textAt(o, 'roleRef', 'kind')}\n  Name:\t${textAt(o, 'roleRef', 'name')}\nSubjects:\n`,
    );
    w.write(1, 'Kind\tName\tNamespace\n');
    w.write(1, '----\t----\t---------\n');
    for (const x of listAt(o, 'subjects'))
      w.write(1, `${textAt(x, 'kind')}\t${textAt(x, 'name')}\t${textAt(x, 'namespace')}\n`);
  });

const quota: Describer = (o) => {
  const w = createWriter();
  w.write(0, `Name:\t${o.metadata.name}\nNamespace:\t${o.metadata.namespace}\n`);
  const scopes = listAt(o, 'spec', 'scopes').map(String).sort();
  if (scopes.length) {
    const told: Readonly<Record<string, string>> = {
      Terminating:
        'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
      NotTerminating:
        'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
      BestEffort:
        'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
      NotBestEffort:
        'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
    };
    w.write(0, `Scopes:\t${scopes.join(', ')}\n`);
    for (const sc of scopes) if (told[sc]) w.write(0, ` * ${told[sc]}\n`);
  }
  w.write(0, 'Resource\tUsed\tHard\n--------\t----\t----\n');
  const hard = at(o, 'status', 'hard');
  for (const k of keys(hard)) w.write(0, `${k}\t${textAt(o, 'status', 'used', k) || '0'}\t${textAt(hard, k)}\n`);
  return w.end();
};

const limits: Describer = (o) => {
  const w = createWriter();
  w.write(0, `Name:\t${o.metadata.name}\nNamespace:\t${o.metadata.namespace}\n`);
  w.write(0, 'Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio\n');
  w.write(0, '----\t--------\t---\t---\t---------------\t-------------\t-----------------------\n');
  const columns = ['min', 'max', 'defaultRequest', 'default', 'maxLimitRequestRatio'];
  for (const l of listAt(o, 'spec', 'limits'))
    for (const k of [...new Set(columns.flatMap((c) => keys(at(l, c))))].sort())
      w.write(0, `${textAt(l, 'type')}\t${k}\t${columns.map((c) => textAt(l, c, k) || '-').join('\t')}\n`);
  return w.end();
};

const budget: Describer = (o, a) =>
  described(a, (w) => {
    w.write(0, `Name:\t${o.metadata.name}\nNamespace:\t${o.metadata.namespace}\n`);
    const [min, max] = [at(o, 'spec', 'minAvailable'), at(o, 'spec', 'maxUnavailable')];
    if (min !== undefined) w.write(0, `Min available:\t${min}\n`);
    else if (max !== undefined) w.write(0, `Max unavailable:\t${max}\n`);
    w.write(0, `Selector:\t${at(o, 'spec', 'selector') ? selectorText(at(o, 'spec', 'selector')) : '<unset>'}\n`);
    w.write(0, 'Status:\n');
    for (const [title, k] of [
      ['Allowed disruptions', 'disruptionsAllowed'],
      ['Current', 'currentHealthy'],
      ['Desired', 'desiredHealthy'],
      ['Total', 'expectedPods'],
    ] as const)
      w.write(2, `${title}:\t${numberAt(o, 'status', k)}\n`);
  });

const storageClass: Describer = (o, a) =>
  described(a, (w) => {
    const line = (title: string, v: unknown) => w.write(0, `${title}:\t${v === undefined ? '<unset>' : v}\n`);
    const isDefault = [
      'storageclass.kubernetes.io/is-default-class',
      'storageclass.beta.kubernetes.io/is-default-class',
    ].some((k) => o.metadata.annotations?.[k] === 'true');
    line('Name', o.metadata.name);
    line('IsDefaultClass', isDefault ? 'Yes' : 'No');
    line('Annotations', plainAnnotations(o));
    line('Provisioner', o['provisioner']);
    line('Parameters', pairs(o['parameters']));
    line(
      'AllowVolumeExpansion',
      o['allowVolumeExpansion'] === undefined ? undefined : o['allowVolumeExpansion'] ? 'True' : 'False',
    );
    const options = listAt(o, 'mountOptions');
    if (options.length === 0) w.write(0, 'MountOptions:\t<none>\n');
    else {
      w.write(0, 'MountOptions:\n');
      for (const x of options) w.write(1, `${x}\n`);
    }
    if (o['reclaimPolicy'] !== undefined) line('ReclaimPolicy', o['reclaimPolicy']);
    if (o['volumeBindingMode'] !== undefined) line('VolumeBindingMode', o['volumeBindingMode']);
    const topologies = listAt(o, 'allowedTopologies');
    if (topologies.length) {
      w.write(0, 'AllowedTopologies:\t\n');
      topologies.forEach((t, i) => {
        const of = listAt(t, 'matchLabelExpressions').map(
          (e) => `${textAt(e, 'key')} in [${listAt(e, 'values').join(', ')}]\n`,
        );
        w.write(1, `Term ${i}:\t${of.join('    \t') || '<none>\n'}`);
      });
    }
  });

const priorityClass: Describer = (o, a) =>
  described(a, (w) => {
    w.write(0, `Name:\t${o.metadata.name}\nValue:\t${textAt(o, 'value')}\n`);
    w.write(0, `GlobalDefault:\t${o['globalDefault'] === true}\n`);
    w.write(0, `PreemptionPolicy:\t${textAt(o, 'preemptionPolicy')}\nDescription:\t${textAt(o, 'description')}\n`);
    w.write(0, `Annotations:\t${plainAnnotations(o)}\n`);
  });

const ingressClass: Describer = (o, a) =>
  described(a, (w) => {
    writeHead(w, o, false);
    w.write(0, `Controller:\t${textAt(o, 'spec', 'controller')}\n`);
    const p = at(o, 'spec', 'parameters');
    if (isMap(p)) {
      w.write(0, 'Parameters:\n');
      if (textAt(p, 'apiGroup')) w.write(1, `APIGroup:\t${textAt(p, 'apiGroup')}\n`);
      w.write(1, `Kind:\t${textAt(p, 'kind')}\n`);
      w.write(1, `Name:\t${textAt(p, 'name')}\n`);
    }
  });

const endpoints: Describer = (o, a) =>
  described(a, (w) => {
    writeHead(w, o);
    w.write(0, 'Subsets:\n');
    for (const s of listAt(o, 'subsets')) {
      const ips = (k: string) =>
        listAt(s, k)
          .map((x) => textAt(x, 'ip'))
          .join(',') || '<none>';
      w.write(1, `Addresses:\t${ips('addresses')}\n`);
      w.write(1, `NotReadyAddresses:\t${ips('notReadyAddresses')}\n`);
      const ports = listAt(s, 'ports');
      if (ports.length) {
        w.write(1, 'Ports:\n');
        w.write(2, 'Name\tPort\tProtocol\n');
        w.write(2, '----\t----\t--------\n');
        for (const p of ports)
          w.write(2, `${textAt(p, 'name') || '<unset>'}\t${numberAt(p, 'port')}\t${textAt(p, 'protocol')}\n`);
      }
      w.write(0, '\n');
    }
  });

const endpointSlice: Describer = (o, a) =>
  described(a, (w) => {
    writeHead(w, o);
    w.write(0, `AddressType:\t${textAt(o, 'addressType')}\n`);
    const ports = listAt(o, 'ports');
    if (ports.length === 0) w.write(0, 'Ports: <unset>\n');
    else {
      w.write(0, 'Ports:\n');
      w.write(1, 'Name\tPort\tProtocol\n');
      w.write(1, '----\t----\t--------\n');
      for (const p of ports)
        w.write(1, `${textAt(p, 'name') || '<unset>'}\t${textAt(p, 'port') || '<unset>'}\t${textAt(p, 'protocol')}\n`);
    }
    const all = listAt(o, 'endpoints');
    if (all.length === 0) w.write(0, 'Endpoints: <none>\n');
    else w.write(0, 'Endpoints:\n');
    for (const e of all) {
      w.write(1, `- Addresses:\t${listAt(e, 'addresses').join(', ')}\n`);
      w.write(2, `Conditions:\n      Ready:\t${textAt(e, 'conditions', 'ready') || '<unset>'}\n`);
      w.write(2, `Hostname:\t${textAt(e, 'hostname') || '<unset>'}\n`);
      const ref = at(e, 'targetRef');
      if (isMap(ref)) w.write(2, `TargetRef:\t${textAt(ref, 'kind')}/${textAt(ref, 'name')}\n`);
      w.write(2, `NodeName:\t${textAt(e, 'nodeName') || '<unset>'}\n`);
      w.write(2, `Zone:\t${textAt(e, 'zone') || '<unset>'}\n`);
    }
  });

/** `web:80 (10.0.0.1:8080)`, or why there is none. */
async function backendText(a: Around, ns: string | undefined, b: unknown): Promise<string> {
  const resource = at(b, 'resource');
  if (isMap(resource)) {
    const group = textAt(resource, 'apiGroup');
    return `APIGroup: ${group || '<none>'}, Kind: ${textAt(resource, 'kind')}, Name: ${textAt(resource, 'name')}`;
  }
  const name = textAt(b, 'service', 'name');
  const port = textAt(b, 'service', 'port', 'name') || textAt(b, 'service', 'port', 'number');
  const services = (await a.s.mapper()).byName('services');
  const { pathOf } = await import('../mapper.ts');
  try {
    const svc = await a.s.api.json<Thing>('GET', pathOf(services, ns, name));
    const slices = await listOf(a, 'endpointslices.discovery.k8s.io', ns, {
      labelSelector: `kubernetes.io/service-name=${name}`,
    });
    const sp = listAt(svc, 'spec', 'ports').find((p) => textAt(p, 'name') === port || textAt(p, 'port') === port);
    const ready = slices.flatMap((sl) =>
      listAt(sl, 'ports')
        .filter((p) => sp !== undefined && textAt(p, 'name') === textAt(sp, 'name'))
        .flatMap((p) =>
          listAt(sl, 'endpoints')
            .filter((e) => at(e, 'conditions', 'ready') !== false)
            .map((e) => `${listAt(e, 'addresses')[0]}:${textAt(p, 'port')}`),
        ),
    );
    const some = ready.length > 3 ? `${ready.slice(0, 3).join(',')} + ${ready.length - 3} more...` : ready.join(',');
    return `${name}:${port} (${slices.length ? some : '<none>'})`;
  } catch (e) {
    return `${name}:${port} (<error: ${(e as Error).message}>)`;
  }
}

const ingress: Describer = async (o, a) => {
  const ns = o.metadata.namespace;
  const fallback = at(o, 'spec', 'defaultBackend');
  const fallbackText = fallback ? await backendText(a, ns, fallback) : '<default>';
  const rules = await Promise.all(
    listAt(o, 'spec', 'rules').map(async (r) => ({
      host: textAt(r, 'host') || '*',
      paths: await Promise.all(
        listAt(r, 'http', 'paths').map(
          async (p) => `${textAt(p, 'path')} \t${await backendText(a, ns, at(p, 'backend'))}`,
        ),
      ),
      any: at(r, 'http') !== undefined,
    })),
  );
  return described(a, (w) => {
    w.write(0, `Name:\t${o.metadata.name}\n`);
    writeLabels(w, 'Labels', o.metadata.labels);
    w.write(0, `Namespace:\t${ns}\n`);
    const addresses = listAt(o, 'status', 'loadBalancer', 'ingress').map(
      (i) => textAt(i, 'ip') || textAt(i, 'hostname'),
    );
    w.write(0, `Address:\t${addresses.join(',')}\n`);
    w.write(0, `Ingress Class:\t${textAt(o, 'spec', 'ingressClassName') || '<none>'}\n`);
    w.write(0, `Default backend:\t${fallbackText}\n`);
    const tls = listAt(o, 'spec', 'tls');
    if (tls.length) {
      w.write(0, 'TLS:\n');
      for (const t of tls) {
        const [secret, hosts] = [textAt(t, 'secretName'), listAt(t, 'hosts').join(',')];
        w.write(1, secret ? `${secret} terminates ${hosts}\n` : `SNI routes ${hosts}\n`);
      }
    }
    w.write(0, 'Rules:\n');
    w.write(1, 'Host\tPath\tBackends\n');
    w.write(1, '----\t----\t--------\n');
    for (const r of rules) {
      if (!r.any) continue;
      w.write(1, `${r.host}\t\n`);
      for (const p of r.paths) w.write(2, `\t${p}\n`);
    }
    if (rules.length === 0) w.write(1, `*\t*\t${fallbackText}\n`);
    writeAnnotations(w, 'Annotations', o.metadata.annotations);
  });
};

function peers(w: Writer, list: readonly unknown[], word: string): void {
  if (list.length === 0) {
    w.write(2, `${word}: <any> (traffic not restricted by ${word === 'From' ? 'source' : 'destination'})\n`);
    return;
  }
  for (const p of list) {
    w.write(2, `${word}:\n`);
    const [pod, ns, block] = [at(p, 'podSelector'), at(p, 'namespaceSelector'), at(p, 'ipBlock')];
    if (pod && ns) {
      w.write(3, `NamespaceSelector: ${selectorText(ns)}\n`);
      w.write(3, `PodSelector: ${selectorText(pod)}\n`);
    } else if (pod) w.write(3, `PodSelector: ${selectorText(pod)}\n`);
    else if (ns) w.write(3, `NamespaceSelector: ${selectorText(ns)}\n`);
    else if (block) {
      w.write(3, 'IPBlock:\n');
      w.write(4, `CIDR: ${textAt(block, 'cidr')}\n`);
      w.write(4, `Except: ${listAt(block, 'except').join(', ')}\n`);
    }
  }
}

function policyRules(w: Writer, rules: readonly unknown[], peer: string, word: string, selected: boolean): void {
  if (rules.length === 0) {
    w.write(2, selected ? `<none> (Selected pods are isolated for ${word} connectivity)\n` : '<none>\n');
    return;
  }
  rules.forEach((r, i) => {
    const ports = listAt(r, 'ports');
    if (ports.length === 0) w.write(2, 'To Port: <any> (traffic allowed to all ports)\n');
    for (const p of ports) {
      const end = textAt(p, 'endPort');
      const port = textAt(p, 'port') || '<any>';
      w.write(2, `To Port: ${end ? `${port}-${end}` : port}/${textAt(p, 'protocol') || 'TCP'}\n`);
    }
    peers(w, listAt(r, peer), peer === 'from' ? 'From' : 'To');
    if (i < rules.length - 1) w.write(2, '----------\n');
  });
}

const networkPolicy: Describer = (o) => {
  const w = createWriter();
  const spec = at(o, 'spec');
  const created = (o.metadata.creationTimestamp ?? '').replace('T', ' ').replace('Z', ' +0000 UTC');
  w.write(0, `Name:\t${o.metadata.name}\nNamespace:\t${o.metadata.namespace}\nCreated on:\t${created}\n`);
  writeLabels(w, 'Labels', o.metadata.labels);
  writeAnnotations(w, 'Annotations', o.metadata.annotations);
  const types = listAt(spec, 'policyTypes').map(String);
  w.write(0, 'Spec:\n');
  const selected = selectorText(at(spec, 'podSelector'));
  w.write(
    1,
    `PodSelector:     ${selected === '<none>' ? '<none> (Allowing the specific traffic to all pods in this namespace)' : selected}\n`,
  );
  for (const [type, key, peer] of [
    ['Ingress', 'ingress', 'from'],
    ['Egress', 'egress', 'to'],
  ] as const)
    if (types.includes(type)) {
      w.write(1, `Allowing ${key} traffic:\n`);
      policyRules(w, listAt(spec, key), peer, key, true);
    } else w.write(1, `Not affecting ${key} traffic\n`);
  w.write(1, `Policy Types: ${types.join(', ')}\n`);
  return w.end();
};

const certificateRequest: Describer = (o, a) =>
  described(a, (w) => {
    w.write(0, `Name:\t${o.metadata.name}\nLabels:\t${pairs(o.metadata.labels)}\n`);
    w.write(0, `Annotations:\t${plainAnnotations(o)}\n`);
    w.write(0, `CreationTimestamp:\t${rfc1123z(o.metadata.creationTimestamp ?? '')}\n`);
    w.write(0, `Requesting User:\t${textAt(o, 'spec', 'username')}\n`);
    if (textAt(o, 'spec', 'signerName')) w.write(0, `Signer:\t${textAt(o, 'spec', 'signerName')}\n`);
    if (at(o, 'spec', 'expirationSeconds') !== undefined)
      w.write(0, `Requested Duration:\t${textAt(o, 'spec', 'expirationSeconds')}s\n`);
    const types = listAt(o, 'status', 'conditions').map((c) => textAt(c, 'type'));
    const status = types.includes('Denied') ? 'Denied' : types.includes('Approved') ? 'Approved' : 'Pending';
    const failed = types.includes('Failed') ? ',Failed' : '';
    w.write(0, `Status:\t${status}${failed}${textAt(o, 'status', 'certificate') ? ',Issued' : ''}\n`);
    const subject = subjectOf(Buffer.from(textAt(o, 'spec', 'request'), 'base64').toString());
    w.write(0, 'Subject:\n');
    w.write(0, `\tCommon Name:\t${subject.commonName}\n\tSerial Number:\t${subject.serialNumber}\n`);
    for (const [title, list] of [
      ['Organization', subject.organization],
      ['Organizational Unit', subject.organizationalUnit],
      ['Country', subject.country],
      ['Locality', subject.locality],
      ['Province', subject.province],
      ['StreetAddress', subject.streetAddress],
      ['PostalCode', subject.postalCode],
    ] as const)
      if (list.length) w.write(0, `\t${title}:\t${list.join('\n\t\t')}\n`);
    const names = [
      ['DNS Names', subject.dns],
      ['Email Addresses', subject.email],
      ['URIs', subject.uri],
      ['IP Addresses', subject.ip],
    ] as const;
    if (names.some(([, l]) => l.length)) {
      w.write(0, 'Subject Alternative Names:\n');
      for (const [title, list] of names) if (list.length) w.write(0, `\t${title}:\t${list.join('\n\t\t')}\n`);
    }
  });

export const policies: Readonly<Record<string, Describer>> = {
  '/ServiceAccount': serviceAccount,
  '/ResourceQuota': quota,
  '/LimitRange': limits,
  '/Endpoints': endpoints,
  'discovery.k8s.io/EndpointSlice': endpointSlice,
  'rbac.authorization.k8s.io/Role': role,
  'rbac.authorization.k8s.io/ClusterRole': role,
  'rbac.authorization.k8s.io/RoleBinding': binding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': binding,
  'policy/PodDisruptionBudget': budget,
  'storage.k8s.io/StorageClass': storageClass,
  'scheduling.k8s.io/PriorityClass': priorityClass,
  'networking.k8s.io/Ingress': ingress,
  'networking.k8s.io/IngressClass': ingressClass,
  'networking.k8s.io/NetworkPolicy': networkPolicy,
  'certificates.k8s.io/CertificateSigningRequest': certificateRequest,
};
