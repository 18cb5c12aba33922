import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inClusterOptions } from './index.ts';

test('a pod finds its server in the environment and its identity on disk', () => {
  const dir = mkdtempSync(join(tmpdir(), 'k8ts-in-cluster-'));
  try {
    writeFileSync(join(dir, 'ca.crt'), 'CA');
    const found = (host: string) =>
      inClusterOptions({ KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: '443' }, dir);
    assert.deepEqual(found('10.96.0.1'), { server: 'https://10.96.0.1:443', ca: 'CA', tokenFile: join(dir, 'token') });
    assert.equal(found('fd00::1').server, 'https://[fd00::1]:443');
    assert.throws(() => inClusterOptions({}, dir), /unable to load in-cluster configuration/);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
