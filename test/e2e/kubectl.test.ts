/** Our kubectl prints what upstream's prints: hundreds of command lines, asked of both on one cluster, output, errors and exit codes compared. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { must, newCluster, run, skip, type TestCluster } from './cluster.ts';
import { files } from './kubectl-files.ts';
import { type Asked, changing, reading } from './kubectl-lines.ts';
import { type Difference, type Line, type Place, same, sameInTwo } from './kubectl-pair.ts';

const lineOf = (a: Asked): Line => (typeof a === 'string' ? { command: a } : { command: a[0], stdin: a[1] });
const shown = (ds: readonly (Difference | undefined)[]): string =>
  ds.flatMap((d) => (d ? [`kubectl ${d.command}\n=== ours\n${d.ours}\n=== upstream's\n${d.theirs}\n`] : [])).join('\n');

describe('both kubectls', { skip: skip || (!existsSync('/usr/bin/kubectl') && 'no upstream kubectl here') }, () => {
  let c: TestCluster;
  let directory: string;
  before(async () => {
    c = newCluster();
    await c.up();
    directory = mkdtempSync(join(tmpdir(), 'k8ts-kubectl-files-'));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), text);
    }
    const ssl = (...args: string[]) => must('openssl', run('openssl', args));
    const key = join(directory, 'k.pem');
    await ssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key);
    await ssl('req', '-x509', '-key', key, '-subj', '/CN=lab', '-days', '1', '-out', join(directory, 'crt.pem'));
    await c.kubectl('create', 'namespace', 'lab');
    await c.kubectl('apply', '-n', 'lab', '-f', join(directory, 'fixture.yaml'));
  });
  after(async () => {
    await c.destroy();
    rmSync(directory, { recursive: true, force: true });
  });

  /** A kubeconfig whose context is of a namespace. */
  const placeOf = async (namespace: string): Promise<Place> => {
    const kubeconfig = join(directory, `config-${namespace}`);
    writeFileSync(kubeconfig, readFileSync(c.kubeconfig));
    const args = ['--kubeconfig', kubeconfig, 'config', 'set-context', '--current', `--namespace=${namespace}`];
    await must('naming the namespace', run('kubectl', args));
    return { namespace, directory, kubeconfig };
  };

  test(`${reading.length} lines that change nothing`, async () => {
    const place = { namespace: 'lab', directory, kubeconfig: c.kubeconfig };
    const found: (Difference | undefined)[] = [];
    const left = [...reading];
    // A few at a time: the time is that of starting upstream's program.
    const lane = async () => {
      for (let a = left.shift(); a !== undefined; a = left.shift()) found.push(await same(lineOf(a), place));
    };
    await Promise.all([lane(), lane(), lane()]);
    assert.equal(shown(found), '');
  });

  changing.forEach((lines, i) => {
    test(`${lines.length} lines one after the other, from: ${lineOf(lines[0]!).command}`, async () => {
      const [ours, theirs] = [`zo${i}`, `zt${i}`];
      for (const ns of [ours, theirs]) await c.kubectl('create', 'namespace', ns);
      assert.equal(shown(await sameInTwo(lines.map(lineOf), await placeOf(ours), await placeOf(theirs))), '');
    });
  });
});
