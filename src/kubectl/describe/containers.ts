/** Containers as `kubectl describe` shows them: image, ports, state, resources, probes, environment, mounts. */
import { at, type Json, isMap, listAt, numberAt, textAt, type Thing } from '../thing.ts';
import { rfc1123z, type Writer } from './writer.ts';

function probeText(p: Json): string {
  const attributes = `delay=${numberAt(p, 'initialDelaySeconds')}s timeout=${numberAt(p, 'timeoutSeconds')}s period=${numberAt(p, 'periodSeconds')}s #success=${numberAt(p, 'successThreshold')} #failure=${numberAt(p, 'failureThreshold')}`;
  if (at(p, 'exec')) return `exec [${listAt(p, 'exec', 'command').join(' ')}] ${attributes}`;
  const http = at(p, 'httpGet');
  if (http)
    return `http-get ${textAt(http, 'scheme').toLowerCase()}://${textAt(http, 'host')}:${textAt(http, 'port')}${textAt(http, 'path')} ${attributes}`;
  const tcp = at(p, 'tcpSocket');
  if (tcp) return `tcp-socket ${textAt(tcp, 'host')}:${textAt(tcp, 'port')} ${attributes}`;
  const grpc = at(p, 'grpc');
  if (grpc) return `grpc <pod>:${textAt(grpc, 'port')} ${textAt(grpc, 'service')} ${attributes}`;
  return `unknown ${attributes}`;
}

function writeState(w: Writer, title: string, state: unknown): void {
  const [running, waiting, terminated] = [at(state, 'running'), at(state, 'waiting'), at(state, 'terminated')];
  if (running) {
    w.write(2, `${title}:\tRunning\n`);
    w.write(3, `Started:\t${rfc1123z(textAt(running, 'startedAt'))}\n`);
  } else if (terminated) {
    w.write(2, `${title}:\tTerminated\n`);
    for (const k of ['reason', 'message'])
      if (textAt(terminated, k)) w.write(3, `${k === 'reason' ? 'Reason' : 'Message'}:\t${textAt(terminated, k)}\n`);
    w.write(3, `Exit Code:\t${numberAt(terminated, 'exitCode')}\n`);
    if (numberAt(terminated, 'signal') > 0) w.write(3, `Signal:\t${numberAt(terminated, 'signal')}\n`);
    w.write(3, `Started:\t${rfc1123z(textAt(terminated, 'startedAt'))}\n`);
    w.write(3, `Finished:\t${rfc1123z(textAt(terminated, 'finishedAt'))}\n`);
  } else {
    w.write(2, `${title}:\tWaiting\n`);
    if (textAt(waiting, 'reason')) w.write(3, `Reason:\t${textAt(waiting, 'reason')}\n`);
  }
}

/** Limits and requests of a container or pod. */
export function writeResources(w: Writer, resources: unknown, level: number): void {
  for (const k of ['limits', 'requests']) {
    const list = at(resources, k);
    if (!isMap(list) || Object.keys(list).length === 0) continue;
    w.write(level, `${k === 'limits' ? 'Limits' : 'Requests'}:\n`);
    for (const name of Object.keys(list).sort()) w.write(level + 1, `${name}:\t${String(list[name])}\n`);
  }
}

function writeEnvironment(w: Writer, c: unknown, pod: Thing | undefined): void {
  const from = listAt(c, 'envFrom');
  if (from.length) {
    w.write(2, 'Environment Variables from:\n');
    for (const e of from) {
      const map = at(e, 'configMapRef');
      const source = map ?? at(e, 'secretRef');
      const prefix = textAt(e, 'prefix');
      w.write(
        3,
        `${textAt(source, 'name')}\t${map ? 'ConfigMap' : 'Secret'}${prefix ? ` with prefix '${prefix}'` : ''}\tOptional: ${at(source, 'optional') === true}\n`,
      );
    }
  }
  const env = listAt(c, 'env');
  w.write(2, `Environment:${env.length ? '' : '\t<none>'}\n`);
  for (const e of env) {
    const name = textAt(e, 'name');
    const valueFrom = at(e, 'valueFrom');
    if (!valueFrom) {
      textAt(e, 'value')
        .split('\n')
        .forEach((line, i) => {
          w.write(3, `${i ? '' : `${name}:`}\t${line}\n`);
        });
      continue;
    }
    const [field, resource, secret, map] = ['fieldRef', 'resourceFieldRef', 'secretKeyRef', 'configMapKeyRef'].map(
      (k) => at(valueFrom, k),
    );
    if (field)
      w.write(
        3,
        `${name}:\t${fieldValue(pod, textAt(field, 'fieldPath'))} (${textAt(field, 'apiVersion')}:${textAt(field, 'fieldPath')})\n`,
      );
    else if (resource) {
      const path = textAt(resource, 'resource').split('.');
      const value =
        textAt(c, 'resources', path[0]!, path.slice(1).join('.')) || (path[0] === 'limits' ? 'node allocatable' : '0');
      w.write(3, `${name}:\t${value} (${path.join('.')})\n`);
    } else if (secret)
      w.write(
        3,
        `${name}:\t<set to the key '${textAt(secret, 'key')}' in secret '${textAt(secret, 'name')}'>\tOptional: ${at(secret, 'optional') === true}\n`,
      );
    else if (map)
      w.write(
        3,
        `${name}:\t<set to the key '${textAt(map, 'key')}' of config map '${textAt(map, 'name')}'>\tOptional: ${at(map, 'optional') === true}\n`,
      );
  }
}

/** Metadata that the downward API gives; other fields are not known before the pod runs. */
function fieldValue(pod: Thing | undefined, path: string): string {
  const m = /^metadata\.(name|namespace|uid)$/.exec(path);
  if (m) return textAt(pod, 'metadata', m[1]!);
  const sub = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  return sub ? textAt(pod, 'metadata', sub[1]!, sub[2]!) : '';
}

const ports = (c: unknown, field: string): string =>
  listAt(c, 'ports')
    .map((p) => `${numberAt(p, field)}/${textAt(p, 'protocol')}${textAt(p, 'name') ? ` (${textAt(p, 'name')})` : ''}`)
    .join(', ');

/** `space` indents the containers of a template. */
export function writeContainers(
  w: Writer,
  title: string,
  containers: readonly unknown[],
  statuses: readonly unknown[],
  pod: Thing | undefined,
  space: string,
): void {
  w.write(0, `${space}${title}:${containers.length ? '' : ' <none>'}\n`);
  for (const c of containers) {
    const status = statuses.find((s) => textAt(s, 'name') === textAt(c, 'name'));
    w.write(1, `${space ? ' ' : ''}${textAt(c, 'name')}:\n`);
    if (status) w.write(2, `Container ID:\t${textAt(status, 'containerID')}\n`);
    w.write(2, `Image:\t${textAt(c, 'image')}\n`);
    if (status) w.write(2, `Image ID:\t${textAt(status, 'imageID')}\n`);
    for (const [word, field] of [
      ['Port', 'containerPort'],
      ['Host Port', 'hostPort'],
    ] as const) {
      const text = ports(c, field);
      w.write(2, text.includes(',') ? `${word}s:\t${text}\n` : `${word}:\t${text || '<none>'}\n`);
    }
    const seccomp = textAt(c, 'securityContext', 'seccompProfile', 'type');
    if (seccomp) w.write(2, `SeccompProfile:\t${seccomp}\n`);
    for (const [word, field] of [
      ['Command', 'command'],
      ['Args', 'args'],
    ] as const) {
      const words = listAt(c, field);
      if (words.length) w.write(2, `${word}:\n`);
      for (const line of words.flatMap((x) => String(x).split('\n'))) w.write(3, `${line}\n`);
    }
    if (status) {
      writeState(w, 'State', at(status, 'state'));
      if (at(status, 'lastState', 'terminated')) writeState(w, 'Last State', at(status, 'lastState'));
      w.write(2, `Ready:\t${at(status, 'ready') === true ? 'True' : 'False'}\n`);
      w.write(2, `Restart Count:\t${numberAt(status, 'restartCount')}\n`);
    }
    writeResources(w, at(c, 'resources'), 2);
    for (const [word, field] of [
      ['Liveness', 'livenessProbe'],
      ['Readiness', 'readinessProbe'],
      ['Startup', 'startupProbe'],
    ] as const) {
      const p = at(c, field);
      if (isMap(p)) w.write(2, `${word}:\t${probeText(p)}\n`);
    }
    writeEnvironment(w, c, pod);
    const mounts = [...listAt(c, 'volumeMounts')].sort((a, b) =>
      textAt(a, 'mountPath') < textAt(b, 'mountPath') ? -1 : 1,
    );
    w.write(2, `Mounts:${mounts.length ? '' : '\t<none>'}\n`);
    for (const m of mounts) {
      const sub = textAt(m, 'subPath');
      w.write(
        3,
        `${textAt(m, 'mountPath')} from ${textAt(m, 'name')} (${at(m, 'readOnly') === true ? 'ro' : 'rw'}${sub ? `,path=${JSON.stringify(sub)}` : ''})\n`,
      );
    }
    const devices = listAt(c, 'volumeDevices');
    if (devices.length) w.write(2, 'Devices:\n');
    for (const d of devices) w.write(3, `${textAt(d, 'devicePath')} from ${textAt(d, 'name')}\n`);
  }
}
