/** A pod, and a pod template, as `kubectl describe` shows them (upstream: describePod, DescribePodTemplate). */

import { at, listAt, numberAt, textAt, type Thing } from '../thing.ts';
import { labelsText } from '../print/table.ts';
import { writeContainers, writeResources } from './containers.ts';
import { writeVolumes } from './volumes.ts';
import {
  ago,
  controllerOf,
  createWriter,
  rfc1123z,
  type Writer,
  writeAnnotations,
  writeEvents,
  writeLabels,
} from './writer.ts';

type Map = Readonly<Record<string, string>>;

export function writeTolerations(w: Writer, title: string, tolerations: readonly unknown[]): void {
  w.write(0, `${title}:\t`);
  if (tolerations.length === 0) w.write(0, '<none>\n');
  const sorted = [...tolerations].sort((a, b) =>
    textAt(a, 'key') < textAt(b, 'key') ? -1 : textAt(a, 'key') > textAt(b, 'key') ? 1 : 0,
  );
  sorted.forEach((t, i) => {
    const [key, value, effect] = ['key', 'value', 'effect'].map((k) => textAt(t, k));
    const exists = textAt(t, 'operator') === 'Exists' && !value ? (key || effect ? ' op=Exists' : 'op=Exists') : '';
    const seconds = at(t, 'tolerationSeconds');
    w.write(
      0,
      `${i ? '\t' : ''}${key}${value ? `=${value}` : ''}${effect ? `:${effect}` : ''}${exists}${seconds === undefined ? '' : ` for ${seconds}s`}\n`,
    );
  });
}

function writeSpread(w: Writer, constraints: readonly unknown[], space: string): void {
  if (constraints.length === 0) return;
  w.write(0, `${space}Topology Spread Constraints:\t`);
  [...constraints]
    .sort((a, b) => (textAt(a, 'topologyKey') < textAt(b, 'topologyKey') ? -1 : 1))
    .forEach((c, i) => {
      const selector = at(c, 'labelSelector', 'matchLabels') as Map | undefined;
      w.write(
        0,
        `${i ? `${space}\t` : ''}${textAt(c, 'topologyKey')}:${textAt(c, 'whenUnsatisfiable')} when max skew ${numberAt(c, 'maxSkew')} is exceeded${selector ? ` for selector ${labelsText(selector)}` : ''}\n`,
      );
    });
}

export function writeTemplate(w: Writer, template: unknown): void {
  w.write(0, 'Pod Template:\n');
  const spec = at(template, 'spec');
  const annotations = at(template, 'metadata', 'annotations') as Map | undefined;
  writeLabels(w, '  Labels', at(template, 'metadata', 'labels') as Map | undefined);
  if (Object.keys(annotations ?? {}).length) writeAnnotations(w, '  Annotations', annotations);
  if (textAt(spec, 'serviceAccountName')) w.write(1, `Service Account:\t${textAt(spec, 'serviceAccountName')}\n`);
  if (listAt(spec, 'initContainers').length)
    writeContainers(w, 'Init Containers', listAt(spec, 'initContainers'), [], undefined, '  ');
  writeContainers(w, 'Containers', listAt(spec, 'containers'), [], undefined, '  ');
  writeVolumes(w, listAt(spec, 'volumes'), '  ');
  writeSpread(w, listAt(spec, 'topologySpreadConstraints'), '  ');
  if (textAt(spec, 'priorityClassName')) w.write(1, `Priority Class Name:\t${textAt(spec, 'priorityClassName')}\n`);
  writeLabels(w, '  Node-Selectors', at(spec, 'nodeSelector') as Map | undefined);
  writeTolerations(w, '  Tolerations', listAt(spec, 'tolerations'));
}

/** As `rollout history --revision` shows it: tabs are kept. */
export function describeTemplate(template: unknown): string {
  let out = '';
  writeTemplate(
    {
      write: (level, text) => {
        out += '  '.repeat(level) + text;
      },
      flush: () => undefined,
      end: () => out,
    },
    template,
  );
  return out;
}

export function describePod(pod: Thing, events: readonly Thing[] | undefined, now: number): string {
  const w = createWriter();
  const spec = at(pod, 'spec');
  const status = at(pod, 'status');
  const phase = textAt(status, 'phase');
  w.write(0, `Name:\t${pod.metadata.name}\n`);
  w.write(0, `Namespace:\t${pod.metadata.namespace}\n`);
  if (at(spec, 'priority') !== undefined) w.write(0, `Priority:\t${numberAt(spec, 'priority')}\n`);
  const line = (title: string, value: string) => {
    if (value) w.write(0, `${title}:\t${value}\n`);
  };
  line('Priority Class Name', textAt(spec, 'priorityClassName'));
  line('Runtime Class Name', textAt(spec, 'runtimeClassName'));
  line('Service Account', textAt(spec, 'serviceAccountName'));
  w.write(
    0,
    `Node:\t${textAt(spec, 'nodeName') ? `${textAt(spec, 'nodeName')}/${textAt(status, 'hostIP')}` : '<none>'}\n`,
  );
  if (textAt(status, 'startTime')) w.write(0, `Start Time:\t${rfc1123z(textAt(status, 'startTime'))}\n`);
  writeLabels(w, 'Labels', pod.metadata.labels);
  writeAnnotations(w, 'Annotations', pod.metadata.annotations);
  if (pod.metadata.deletionTimestamp && phase !== 'Failed' && phase !== 'Succeeded') {
    w.write(0, `Status:\tTerminating (lasts ${ago(pod.metadata.deletionTimestamp, now)})\n`);
    w.write(0, `Termination Grace Period:\t${numberAt(pod, 'metadata', 'deletionGracePeriodSeconds')}s\n`);
  } else w.write(0, `Status:\t${phase}\n`);
  line('Reason', textAt(status, 'reason'));
  line('Message', textAt(status, 'message'));
  line('SeccompProfile', textAt(spec, 'securityContext', 'seccompProfile', 'type'));
  w.write(0, `IP:\t${textAt(status, 'podIP')}\n`);
  const ips = listAt(status, 'podIPs');
  w.write(0, ips.length ? 'IPs:\n' : 'IPs:\t<none>\n');
  for (const ip of ips) w.write(1, `IP:\t${textAt(ip, 'ip')}\n`);
  line('Controlled By', controllerOf(pod));
  line('NominatedNodeName', textAt(status, 'nominatedNodeName'));
  if (at(spec, 'resources')) {
    w.write(0, 'Resources:\n');
    writeResources(w, at(spec, 'resources'), 1);
  }
  const containers = (title: string, list: string, statuses: string) =>
    writeContainers(w, title, listAt(spec, list), listAt(status, statuses), pod, '');
  if (listAt(spec, 'initContainers').length) containers('Init Containers', 'initContainers', 'initContainerStatuses');
  containers('Containers', 'containers', 'containerStatuses');
  if (listAt(spec, 'ephemeralContainers').length)
    containers('Ephemeral Containers', 'ephemeralContainers', 'ephemeralContainerStatuses');
  const conditions = listAt(status, 'conditions');
  const gates = listAt(spec, 'readinessGates');
  if (gates.length) w.write(0, 'Readiness Gates:\n  Type\tStatus\n');
  for (const g of gates) {
    const c = conditions.find((x) => textAt(x, 'type') === textAt(g, 'conditionType'));
    w.write(1, `${textAt(g, 'conditionType')} \t${c ? textAt(c, 'status') : '<none>'} \n`);
  }
  if (conditions.length) w.write(0, 'Conditions:\n  Type\tStatus\n');
  for (const c of conditions) w.write(1, `${textAt(c, 'type')} \t${textAt(c, 'status')} \n`);
  writeVolumes(w, listAt(spec, 'volumes'), '');
  w.write(0, `QoS Class:\t${textAt(status, 'qosClass')}\n`);
  writeLabels(w, 'Node-Selectors', at(spec, 'nodeSelector') as Map | undefined);
  writeTolerations(w, 'Tolerations', listAt(spec, 'tolerations'));
  writeSpread(w, listAt(spec, 'topologySpreadConstraints'), '');
  writeEvents(w, events, now);
  return w.end();
}
