/** Which Debian packages a node needs, which are missing, and their installation. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from './command.ts';

/** A package and the file that shows it is there. */
interface Needed {
  readonly name: string;
  readonly shownBy: readonly string[];
  readonly why: string;
}

const sbin = (p: string) => [
  `/usr/sbin/${p}`,
  `/sbin/${p}`,
  `/usr/bin/${p}`,
  `/bin/${p}`,
  `/usr/local/bin/${p}`,
  `/usr/local/sbin/${p}`,
];

export const nodePackages: readonly Needed[] = [
  { name: 'containerd', shownBy: sbin('containerd'), why: 'runs containers' },
  { name: 'runc', shownBy: sbin('runc'), why: 'starts containers' },
  {
    name: 'containernetworking-plugins',
    shownBy: ['/usr/lib/cni/bridge', '/opt/cni/bin/bridge'],
    why: 'connects pods',
  },
  { name: 'nftables', shownBy: sbin('nft'), why: 'services and masquerade' },
  { name: 'iproute2', shownBy: sbin('ip'), why: 'interfaces and routes' },
  { name: 'conntrack', shownBy: sbin('conntrack'), why: 'forgets connections to gone endpoints' },
  { name: 'mount', shownBy: sbin('mount'), why: 'volumes' },
];

const exists = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );

/** The first of the files that exists, below `root`. */
export async function firstExisting(files: readonly string[], root = '/'): Promise<string | undefined> {
  for (const f of files) if (await exists(join(root, f))) return f;
  return undefined;
}

export async function missingPackages(
  needed: readonly Needed[] = nodePackages,
  root = '/',
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const p of needed) if (!(await firstExisting(p.shownBy, root))) missing.push(p.name);
  return missing;
}

/** Installs Debian packages without starting their services. Throws with what to do when apt is not there or refuses. */
export async function installPackages(names: readonly string[], say: (text: string) => void): Promise<void> {
  if (!(await firstExisting(sbin('apt-get'))))
    throw new Error(
      `these programs are missing and this machine has no apt-get to install them with: ${names.join(', ')}; install them and run this command again`,
    );
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const install = () =>
    command('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names], { env, timeoutMs: 600_000 });
  try {
    await install();
  } catch {
    // Package lists may be missing or old: fetch them once and try again.
    say('refreshing package lists');
    await command('apt-get', ['update', '-q'], { env, timeoutMs: 300_000 });
    await install();
  }
}
