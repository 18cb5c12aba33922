/** Image names, credentials, and the puller's policies and back-off. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Secret } from '../../api/core/v1/types.ts';
import { FakeClock } from '../../base/fake-clock.ts';
import type { ImageStore, SandboxConfig } from '../cri.ts';
import { createImagePuller, StartError } from './image-puller.ts';
import { credentialsFor } from './pull-secrets.ts';
import { defaultDomain, parseImageName } from './reference.ts';

test('names', () => {
  const cases: Record<string, [string, string]> = {
    busybox: ['busybox:latest', `${defaultDomain}/library/busybox`],
    'a/b:1': ['a/b:1', `${defaultDomain}/a/b`],
    'localhost/x': ['localhost/x:latest', 'localhost/x'],
    'r.io:5000/a/b:v1': ['r.io:5000/a/b:v1', 'r.io:5000/a/b'],
  };
  for (const [name, [image, repository]] of Object.entries(cases))
    assert.deepEqual(parseImageName(name), { image, repository });
  assert.throws(() => parseImageName('UPPER'), /must be lowercase/);
  assert.throws(() => parseImageName('a b'), /invalid reference format/);
});

const secret = (auths: object): Secret =>
  ({
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') },
  }) as unknown as Secret;
test('credentials fit by registry and path, the closest first', () => {
  const auth = Buffer.from('u:p:w').toString('base64');
  const found = credentialsFor('r.io/team/app', [
    secret({ 'r.io': { username: 'any', password: 'x' }, 'https://r.io/team': { auth }, 'other.io': { auth } }),
  ]);
  assert.deepEqual(found, [
    { username: 'u', password: 'p:w' },
    { username: 'any', password: 'x' },
  ]);
  assert.equal(
    credentialsFor(`${defaultDomain}/library/a`, [secret({ [`https://index.${defaultDomain}/v1/`]: { auth } })]).length,
    1,
  );
});

function lab(present: boolean) {
  const clock = new FakeClock();
  const pulls: string[] = [];
  let failing = !present;
  const images: ImageStore = {
    list: async () => [],
    status: async (image) =>
      present || image === 'ref'
        ? { id: 'sha256:x', repoTags: [], repoDigests: [], size: 7, username: '', pinned: false }
        : undefined,
    pull: async (image) => {
      pulls.push(image);
      if (failing) throw new Error('no such host');
      return 'ref';
    },
    remove: async () => undefined,
    fsInfo: async () => ({ mountpoint: '/', usedBytes: 0 }),
    mount: async () => undefined,
    unmount: async () => undefined,
  };
  const events: string[] = [];
  const puller = createImagePuller(images, clock);
  const ensure = (policy: string, image = 'img') =>
    puller.ensure({
      uid: 'u',
      image,
      policy,
      secrets: async () => [],
      sandbox: {} as SandboxConfig,
      event: (_t, reason, message) => void events.push(`${reason}: ${message}`),
    });
  const failure = async (policy: string, image?: string): Promise<string> => {
    const e = await ensure(policy, image).then(
      () => assert.fail('it should have failed'),
      (x) => x,
    );
    assert.ok(e instanceof StartError);
    return `${e.reason}: ${e.message}`;
  };
  return { clock, pulls, events, ensure, failure, heal: () => (failing = false) };
}

test('a present image is not pulled, unless Always', async () => {
  const l = lab(true);
  assert.equal(await l.ensure('IfNotPresent'), 'sha256:x');
  assert.deepEqual(l.pulls, []);
  assert.deepEqual(l.events, [
    'Pulled: Container image "img" already present on machine and can be accessed by the pod',
  ]);
  await l.ensure('Always');
  assert.deepEqual(l.pulls, ['img:latest']);
});

test('failures back off and keep their reason', async () => {
  const l = lab(false);
  assert.equal(
    await l.failure('Never'),
    'ErrImageNeverPull: Container image "img" is not present with pull policy of Never',
  );
  assert.match(
    await l.failure('Never', 'BAD'),
    /^InvalidImageName: Failed to apply default image tag "BAD": couldn't parse image name/,
  );
  assert.equal(await l.failure('IfNotPresent'), 'ErrImagePull: no such host');
  assert.equal(
    await l.failure('IfNotPresent'),
    'ImagePullBackOff: Back-off pulling image "img": ErrImagePull: no such host',
  );
  assert.equal(l.pulls.length, 1);
  await l.clock.advance(10_000);
  l.heal();
  assert.equal(await l.ensure('IfNotPresent'), 'ref');
  assert.match(
    l.events.at(-1)!,
    /^Pulled: Successfully pulled image "img" in \d+ms \(\d+ms including waiting\)\. Image size: 7 bytes\.$/,
  );
});
