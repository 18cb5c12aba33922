/** The kernel's packet rules as a thing that takes nftables scripts: the real one runs `nft`, the recording one remembers. */
import { spawn } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface PacketRules {
  /** Applies one script as one transaction; rejects with nft's own words and leaves everything as it was. */
  apply(script: string): Promise<void>;
  /** Names of the chains and sets that a table (`ip kube-proxy`) has; none when there is no such table. */
  names(table: string): Promise<{ readonly chains: readonly string[]; readonly sets: readonly string[] }>;
  close(): Promise<void>;
}

/**
 * Runs `nft -f` on a file below `dir` that has no name any more (nft cannot read a script from Node's pipes: they are sockets; and a file
 * with a name would stay when this process is killed). Scripts are applied one after the other, in the order given.
 */
export function createNft(dir: string): PacketRules {
  let last: Promise<unknown> = Promise.resolve();
  let n = 0;
  const run = async (script: string): Promise<void> => {
    const file = join(dir, `rules-${process.pid}-${n++}.nft`);
    const handle = await open(file, 'wx+', 0o600);
    try {
      await rm(file, { force: true });
      await handle.writeFile(script);
      await new Promise<void>((resolve, reject) => {
        const stdio = ['ignore', 'ignore', 'pipe', handle.fd] as const;
        const child = spawn('nft', ['-f', '/dev/fd/3'], { stdio: [...stdio], timeout: 30_000 });
        let words = '';
        child.stderr!.setEncoding('utf8').on('data', (d: string) => (words += d));
        child.on('error', (e) => reject(new Error(`nft cannot be run: ${e.message}`)));
        child.on('close', (code) =>
          code === 0
            ? resolve()
            : reject(
                new Error(`nft refused the rules (code ${code}): ${words.trim().split('\n').slice(0, 4).join(' | ')}`),
              ),
        );
      });
    } finally {
      await handle.close();
    }
  };
  return {
    apply(script) {
      const mine = last.then(() => run(script));
      last = mine.catch(() => {});
      return mine;
    },
    async names(table) {
      await last;
      const [family = '', name] = table.split(' ');
      const list = async (what: 'chain' | 'set') => {
        const text = await listed(['-j', '-t', 'list', `${what}s`, family]);
        const all = (JSON.parse(text) as Listing).nftables.flatMap((o) => o[what] ?? []);
        return all.filter((x) => x.table === name).map((x) => x.name);
      };
      return { chains: await list('chain'), sets: await list('set') };
    },
    async close() {
      await last;
    },
  };
}

interface Named {
  readonly table: string;
  readonly name: string;
}
interface Listing {
  readonly nftables: readonly { readonly chain?: Named; readonly set?: Named }[];
}

function listed(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('nft', args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 });
    let [text, words] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (d: string) => (text += d));
    child.stderr.setEncoding('utf8').on('data', (d: string) => (words += d));
    child.on('error', (e) => reject(new Error(`nft cannot be run: ${e.message}`)));
    child.on('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`nft ${args.join(' ')} failed: ${words.trim()}`)),
    );
  });
}

/** Remembers what it was given; for tests and for dry runs. */
export function createRecordingRules(): PacketRules & { readonly scripts: string[] } {
  const scripts: string[] = [];
  return {
    scripts,
    async apply(script) {
      scripts.push(script);
    },
    async names() {
      return { chains: [], sets: [] };
    },
    async close() {},
  };
}
