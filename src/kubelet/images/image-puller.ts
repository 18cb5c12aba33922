/** Brings a container's image to the node by its pull policy, with back-off (upstream: pkg/kubelet/images/image_manager.go). */
import type { Secret } from '../../api/core/v1/types.ts';
import type { Clock } from '../../base/clock.ts';
import { type AuthConfig, type ImageStore, RuntimeError, type SandboxConfig } from '../cri.ts';
import { type Backoff, createBackoff } from '../pod/backoff.ts';
import { credentialsFor } from './pull-secrets.ts';
import { parseImageName } from './reference.ts';

/** Why a container waits: the reason and message of its status. */
export class StartError extends Error {
  readonly reason: string;
  /** When to try again; undefined = at the next sync. */
  readonly retryAt: number | undefined;
  /** The event has been recorded. */
  constructor(reason: string, message: string, retryAt?: number) {
    super(message);
    this.name = 'StartError';
    this.reason = reason;
    this.retryAt = retryAt;
  }
}

export type PullEvent = (type: 'Normal' | 'Warning', reason: string, message: string) => void;
export interface PullRequest {
  readonly uid: string;
  readonly image: string;
  readonly policy: string;
  readonly secrets: () => Promise<readonly Secret[]>;
  readonly sandbox: SandboxConfig;
  readonly event: PullEvent;
  readonly signal?: AbortSignal;
}

export interface ImagePuller {
  /** Resolves with the runtime's reference of the image; throws StartError. */
  ensure(request: PullRequest): Promise<string>;
  forget(uid: string): void;
}

export function createImagePuller(images: ImageStore, clock: Clock): ImagePuller {
  const backoff: Backoff = createBackoff(() => clock.now());
  const lastError = new Map<string, string>();
  /** The same image asked for twice at once is pulled once. */
  let queue: Promise<unknown> = Promise.resolve();
  const serially = <T>(work: () => Promise<T>): Promise<T> => {
    const done = queue.then(work, work);
    queue = done.catch(() => undefined);
    return done;
  };
  const seconds = (ms: number) => (ms < 1000 ? `${Math.floor(ms)}ms` : `${(Math.floor(ms) / 1000).toString()}s`);

  return {
    async ensure(r) {
      let name: ReturnType<typeof parseImageName>;
      try {
        name = parseImageName(r.image);
      } catch (e) {
        const message = `Failed to apply default image tag "${r.image}": ${(e as Error).message}`;
        r.event('Warning', 'InspectFailed', message);
        throw new StartError('InvalidImageName', message);
      }
      if (r.policy !== 'Always') {
        let ref: string | undefined;
        try {
          ref = (await images.status(name.image))?.id;
        } catch (e) {
          const message = `Failed to inspect image "": ${(e as Error).message}`;
          r.event('Warning', 'InspectFailed', message);
          throw new StartError('ImageInspectError', message);
        }
        if (ref !== undefined) {
          r.event(
            'Normal',
            'Pulled',
            `Container image "${r.image}" already present on machine and can be accessed by the pod`,
          );
          return ref;
        }
        if (r.policy === 'Never') {
          const message = `Container image "${r.image}" is not present with pull policy of Never`;
          r.event('Warning', 'ErrImageNeverPull', message);
          throw new StartError('ErrImageNeverPull', message);
        }
      }
      const key = `${r.uid}_${r.image}`;
      if (backoff.isInBackOffSinceUpdate(key, clock.now())) {
        const message = `Back-off pulling image "${r.image}"`;
        r.event('Normal', 'BackOff', message);
        const last = lastError.get(key);
        const until = backoff.endsAt(key, backoff.lastUpdate(key));
        throw new StartError('ImagePullBackOff', last ? `${message}: ${last}` : message, until);
      }
      lastError.delete(key);
      r.event('Normal', 'Pulling', `Pulling image "${r.image}"`);
      const asked = clock.monotonic();
      try {
        const { ref, took } = await serially(async () => {
          const began = clock.monotonic();
          return { ref: await pull(images, name, r), took: clock.monotonic() - began };
        });
        const size = (await images.status(ref))?.size ?? 0;
        r.event(
          'Normal',
          'Pulled',
          `Successfully pulled image "${r.image}" in ${seconds(took)} (${seconds(clock.monotonic() - asked)} including waiting). Image size: ${size} bytes.`,
        );
        return ref;
      } catch (e) {
        // an unknown code adds nothing: upstream leaves it out
        const text = e instanceof RuntimeError && e.code !== 2 ? e.rpcText : (e as Error).message;
        r.event('Warning', 'Failed', `Failed to pull image "${r.image}": ${text}`);
        backoff.next(key, clock.now());
        const [reason, message] = pullFailure(r.image, text);
        lastError.set(key, `${reason}: ${message}`);
        throw new StartError(reason, message);
      }
    },
    forget(uid) {
      backoff.reset(`${uid}_`);
      for (const key of lastError.keys()) if (key.startsWith(`${uid}_`)) lastError.delete(key);
    },
  };
}

/** Two failures have names of their own (cri-api/pkg/errors). */
function pullFailure(image: string, text: string): readonly [reason: string, message: string] {
  for (const [reason, words] of [
    ['RegistryUnavailable', 'the registry is unavailable'],
    ['SignatureValidationFailed', 'the signature validation failed'],
  ] as const)
    if (text.startsWith(reason))
      return [reason, `image pull failed for ${image} because ${words}${text.slice(reason.length)}`];
  return ['ErrImagePull', text];
}

/** With each credential in turn; without any when the pod has none that fits. */
async function pull(images: ImageStore, name: { image: string; repository: string }, r: PullRequest): Promise<string> {
  const credentials: (AuthConfig | undefined)[] = [...credentialsFor(name.repository, await r.secrets())];
  if (credentials.length === 0) credentials.push(undefined);
  let failure: unknown;
  for (const auth of credentials)
    try {
      return await images.pull(name.image, auth, r.sandbox, r.signal ? { signal: r.signal } : {});
    } catch (e) {
      failure = e;
    }
  throw failure;
}
