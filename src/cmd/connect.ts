/** Clients of this machine's cluster, from the certificates on disk. */
import { createClient, createHttpTransport } from '../client/index.ts';
import type { Client } from '../client/client.ts';
import { type ClusterSettings, paths } from './cluster-settings.ts';
import { readFile } from 'node:fs/promises';

/** The administrator's client (system:masters). */
export const adminClient = (s: ClusterSettings): Promise<Client> => certificateClient(s, 'admin', 'k8ts');

/** A client with the certificate `<pki>/<file>.crt`. */
export async function certificateClient(s: ClusterSettings, file: string, userAgent: string): Promise<Client> {
  const pki = paths(s).pki;
  const [ca, cert, key] = await Promise.all([
    readFile(`${pki}/ca.crt`, 'utf8'),
    readFile(`${pki}/${file}.crt`, 'utf8'),
    readFile(`${pki}/${file}.key`, 'utf8'),
  ]);
  return createClient(createHttpTransport({ server: `https://127.0.0.1:${s.apiPort}`, ca, cert, key }), { userAgent });
}
