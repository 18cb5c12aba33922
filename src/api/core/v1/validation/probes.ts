/** Probes and lifecycle handlers (upstream: validation.go validateProbe, validateHandler, validateLifecycle). */
import { forbiddenField, invalidValue, required } from '../../../../schema/field-error.ts';
import { type Errors, notNegative, unsupported } from '../../../meta/v1/validation.ts';
import { isHttpHeaderName, isPortName, isPortNumber } from '../../../../machinery/names.ts';
import type { Container, Lifecycle, LifecycleHandler, PodOS, Probe } from '../types.ts';

export function validatePortNumOrName(port: string | number | undefined, path: string, errs: Errors): void {
  const p = port ?? 0;
  for (const m of typeof p === 'number' ? isPortNumber(p) : isPortName(p)) errs.push(invalidValue(path, p, m));
}

interface Handler extends LifecycleHandler {
  readonly grpc?: Probe['grpc'];
}

function validateHandler(h: Handler, grace: number | undefined, path: string, errs: Errors): void {
  let handlers = 0;
  const first = (name: string): boolean => {
    if (handlers++ === 0) return true;
    errs.push(forbiddenField(`${path}.${name}`, 'may not specify more than 1 handler type'));
    return false;
  };
  if (h.exec && first('exec') && !h.exec.command?.length) errs.push(required(`${path}.exec.command`));
  if (h.httpGet && first('httpGet')) {
    const get = h.httpGet;
    if (!get.path) errs.push(required(`${path}.httpGet.path`));
    validatePortNumOrName(get.port, `${path}.httpGet.port`, errs);
    if (get.scheme !== 'HTTP' && get.scheme !== 'HTTPS')
      errs.push(unsupported(`${path}.httpGet.scheme`, get.scheme ?? '', ['HTTP', 'HTTPS']));
    for (const header of get.httpHeaders ?? [])
      for (const m of isHttpHeaderName(header.name))
        errs.push(invalidValue(`${path}.httpGet.httpHeaders`, header.name, m));
  }
  if (h.tcpSocket && first('tcpSocket')) validatePortNumOrName(h.tcpSocket.port, `${path}.tcpSocket.port`, errs);
  if (h.grpc && first('grpc')) validatePortNumOrName(h.grpc.port, `${path}.grpc.port`, errs);
  if (h.sleep && first('sleep') && grace !== undefined && (h.sleep.seconds < 0 || h.sleep.seconds > grace))
    errs.push(
      invalidValue(
        `${path}.sleep`,
        h.sleep.seconds,
        `must be non-negative and less than terminationGracePeriodSeconds (${grace})`,
      ),
    );
  if (handlers === 0) errs.push(required(path, 'must specify a handler type'));
}

function validateProbe(p: Probe, grace: number | undefined, path: string, errs: Errors): void {
  validateHandler({ exec: p.exec, httpGet: p.httpGet, tcpSocket: p.tcpSocket, grpc: p.grpc }, grace, path, errs);
  notNegative(p.initialDelaySeconds, `${path}.initialDelaySeconds`, errs);
  notNegative(p.timeoutSeconds, `${path}.timeoutSeconds`, errs);
  notNegative(p.periodSeconds, `${path}.periodSeconds`, errs);
  notNegative(p.successThreshold, `${path}.successThreshold`, errs);
  notNegative(p.failureThreshold, `${path}.failureThreshold`, errs);
  if (p.terminationGracePeriodSeconds !== undefined && p.terminationGracePeriodSeconds <= 0)
    errs.push(
      invalidValue(`${path}.terminationGracePeriodSeconds`, p.terminationGracePeriodSeconds, 'must be greater than 0'),
    );
}

/** The three probes of a container that runs beside others. */
export function validateProbes(c: Container, grace: number | undefined, path: string, errs: Errors): void {
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    const p = c[name];
    if (!p) continue;
    const at = `${path}.${name}`;
    validateProbe(p, grace, at, errs);
    if (name === 'readinessProbe') {
      if (p.terminationGracePeriodSeconds !== undefined)
        errs.push(
          invalidValue(
            `${at}.terminationGracePeriodSeconds`,
            p.terminationGracePeriodSeconds,
            'must not be set for readinessProbes',
          ),
        );
    } else if (p.successThreshold !== 1)
      errs.push(invalidValue(`${at}.successThreshold`, p.successThreshold ?? 0, 'must be 1'));
  }
}

const windowsSignals = ['SIGKILL', 'SIGTERM'];
const realTime = [
  ...Array.from({ length: 15 }, (_, i) => (i === 0 ? 'SIGRTMAX' : `SIGRTMAX-${i}`)),
  ...Array.from({ length: 16 }, (_, i) => (i === 0 ? 'SIGRTMIN' : `SIGRTMIN+${i}`)),
];
const linuxSignals = [
  ...'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ'
    .split(' ')
    .map((s) => `SIG${s}`),
  ...realTime,
].sort();

export function validateLifecycle(
  l: Lifecycle | undefined,
  grace: number | undefined,
  os: PodOS | undefined,
  path: string,
  errs: Errors,
): void {
  if (!l) return;
  if (l.postStart) validateHandler(l.postStart, grace, `${path}.postStart`, errs);
  if (l.preStop) validateHandler(l.preStop, grace, `${path}.preStop`, errs);
  if (l.stopSignal === undefined) return;
  if (!os) {
    errs.push(forbiddenField(`${path}.stopSignal`, 'may not be set for containers with empty `spec.os.name`'));
    return;
  }
  const supported = os.name === 'windows' ? windowsSignals : os.name === 'linux' ? linuxSignals : undefined;
  if (supported && !supported.includes(l.stopSignal))
    errs.push(unsupported(`${path}.stopSignal`, l.stopSignal, supported));
}
