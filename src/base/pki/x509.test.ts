/** Certificates and requests made here are what other X.509 implementations take them for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ipText, oidText } from './der.ts';
import {
  createCa,
  createCsr,
  generateKeyPair,
  inspectCertificate,
  isIssuedBy,
  parseCsr,
  signCsr,
  signLeaf,
} from './x509.ts';

const day = 86_400_000;
const validity = { notBefore: Date.parse('2026-01-01T00:00:00Z'), notAfter: Date.parse('2027-01-01T00:00:00Z') };

test('a leaf carries its subject, names and usages and is signed by its authority', async () => {
  const ca = await createCa({ commonName: 'kubernetes', ...validity });
  const leaf = await signLeaf(ca, {
    commonName: 'system:node:n, "1"+x=y',
    organizations: ['system:nodes', 'b\\,c', 'a"system:masters"', '#0c0161'],
    dnsNames: ['n1'],
    ipAddresses: ['10.0.0.1', 'fd00::1'],
    usages: ['client', 'server'],
    ...validity,
    notAfter: validity.notAfter + day,
  });
  const facts = inspectCertificate(leaf.cert);
  assert.equal(facts.commonName, 'system:node:n, "1"+x=y');
  assert.deepEqual(facts.organizations, ['system:nodes', 'b\\,c', 'a"system:masters"', '#0c0161']);
  assert.deepEqual(facts.dnsNames, ['n1']);
  assert.deepEqual(facts.ipAddresses, ['10.0.0.1', 'fd00::1']);
  assert.deepEqual(facts.usages, ['client', 'server']);
  assert.equal(facts.isCa, false);
  assert.equal(facts.notAfter, validity.notAfter, 'a leaf ends with its authority');
  assert.ok(isIssuedBy(facts, leaf.key, inspectCertificate(ca.cert).certificate));
  assert.ok(!isIssuedBy(facts, ca.key, inspectCertificate(ca.cert).certificate), 'a foreign key does not match');
  const other = await createCa({ commonName: 'kubernetes', ...validity });
  assert.ok(!isIssuedBy(facts, leaf.key, inspectCertificate(other.cert).certificate), 'a foreign authority does not');
});

test('a request is verified, read and signed; a tampered one is refused', async () => {
  const ca = await createCa({ commonName: 'kubernetes', ...validity });
  const { csr, key } = await createCsr({
    commonName: 'system:node:a',
    organizations: ['system:nodes'],
    dnsNames: ['a'],
    ipAddresses: ['::1'],
  });
  const facts = parseCsr(csr);
  assert.ok(facts.signatureValid);
  assert.deepEqual(
    [facts.commonName, facts.organizations, facts.dnsNames, facts.ipAddresses],
    ['system:node:a', ['system:nodes'], ['a'], ['::1']],
  );
  const cert = inspectCertificate(await signCsr(ca, csr, { usages: ['client'], ...validity }));
  assert.ok(isIssuedBy(cert, key, inspectCertificate(ca.cert).certificate));
  assert.deepEqual(cert.usages, ['client']);

  const der = Buffer.from(csr.replaceAll(/-----[A-Z ]+-----|\s/g, ''), 'base64');
  der[der.indexOf('system:node:a') + 12] = 'b'.charCodeAt(0);
  const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
  assert.equal(parseCsr(forged).commonName, 'system:node:b');
  assert.equal(parseCsr(forged).signatureValid, false);
  await assert.rejects(signCsr(ca, forged, { usages: ['client'], ...validity }), /signature does not verify/);
});

test('garbage is refused with an error, never read past its end', () => {
  assert.throws(() => parseCsr('nothing'), /no PEM block/);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const text = `-----BEGIN CERTIFICATE REQUEST-----\n${Buffer.from(bytes).toString('base64') || '='}\n-----END CERTIFICATE REQUEST-----`;
      assert.throws(() => parseCsr(text));
    }),
  );
});

test('identifiers and addresses have their usual text', () => {
  assert.equal(oidText(Buffer.from([0x55, 0x04, 0x03])), '2.5.4.3');
  assert.equal(oidText(Buffer.from('2a864886f70d01090e', 'hex')), '1.2.840.113549.1.9.14');
  assert.equal(ipText(Buffer.from([10, 96, 0, 1])), '10.96.0.1');
  assert.equal(ipText(Buffer.from('00000000000000000000000000000001', 'hex')), '::1');
});

test('a key pair is PKCS#8 and SubjectPublicKeyInfo', async () => {
  const keys = await generateKeyPair();
  assert.match(keys.privateKey, /^-----BEGIN PRIVATE KEY-----\n/);
  assert.match(keys.publicKey, /^-----BEGIN PUBLIC KEY-----\n/);
});
