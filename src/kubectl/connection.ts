/** Where a command goes and as whom: the kubeconfig's context with what the command line says instead (upstream: clientcmd, cli-runtime ConfigFlags). */
import { existsSync, readFileSync } from 'node:fs';
import { connectionOf, type HttpTransportOptions, type LoadedKubeconfig } from '../client/index.ts';
import { CommandError } from './failure.ts';
import { type Parsed, parseDuration } from './flags.ts';

/** A server with what every request to it carries. */
export interface Target extends HttpTransportOptions {
  /** Impersonation and basic authentication. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** How long one request may take; 0 = for ever. */
  readonly timeoutMs: number;
}

export interface Connection {
  readonly transport: Target;
  /** The context's namespace, or `default`. */
  readonly namespace: string;
  /** The pod this runs in says the namespace: objects of others are refused. */
  readonly namespaceChosen: boolean;
  readonly contextName: string;
}

const bad = (message: string) => new CommandError(`Error in configuration: ${message}`);

/** @param shadowed flags that the verb has taken for itself. @throws CommandError with upstream's words for what is not there or does not fit together */
export function connect(config: LoadedKubeconfig, flags: Parsed, shadowed: ReadonlySet<string>): Connection {
  // A flag that means something else to the verb is no flag of the connection.
  const given = (name: string) => (shadowed.has(name) ? undefined : flags.text(name) || undefined);
  const contextName = given('context') ?? config.currentContext;
  const context = config.contexts.get(contextName);
  if (contextName && !context) throw bad(`context was not found for specified context: ${contextName}`);
  const clusterName = given('cluster') ?? context?.cluster;
  if (clusterName && !config.clusters.has(clusterName))
    throw new CommandError(`no server found for cluster "${clusterName}"`);
  const userName = given('user') ?? context?.user;
  if (given('user') && !config.users.has(userName!)) throw new CommandError(`auth info "${userName}" does not exist`);
  const timeoutMs = timeoutOf(given('request-timeout'));
  const insecure = flags.bool('insecure-skip-tls-verify');
  const authority = given('certificate-authority');
  if (insecure && authority)
    throw new CommandError('specifying a root certificates file with the insecure flag is not allowed');
  const cluster = clusterName ? config.clusters.get(clusterName) : undefined;
  const user = userName ? config.users.get(userName) : undefined;
  const wrong: string[] = [];
  const file = (kind: string, path: string | undefined, owner: string | undefined): string | undefined => {
    if (!path) return undefined;
    if (existsSync(path)) return readFileSync(path, 'utf8');
    wrong.push(`unable to read ${kind} ${path} for ${owner ?? ''} due to open ${path}: no such file or directory`);
    return undefined;
  };
  const ca = file('certificate-authority', authority, clusterName);
  const [certFile, keyFile] = [given('client-certificate'), given('client-key')];
  const [username, password, token] = [given('username'), given('password'), given('token')];
  const ways = [...(token ? ['token'] : []), ...(username || password ? ['basicAuth'] : [])];
  if (ways.length > 1)
    wrong.push(
      `more than one authentication method found for ${userName ?? ''}; found [${ways.join(' ')}], only one is allowed`,
    );
  if (certFile && user?.['client-certificate-data'])
    wrong.push(
      `client-cert-data and client-cert are both specified for ${userName ?? ''}. client-cert-data will override.`,
    );
  if (keyFile && user?.['client-key-data'])
    wrong.push(
      `client-key-data and client-key are both specified for ${userName ?? ''}; client-key-data will override`,
    );
  const cert = file('client-cert', certFile, userName);
  const key = file('client-key', keyFile, userName);
  if (cert && !key && !user?.['client-key'] && !user?.['client-key-data'])
    wrong.push(
      `client-key-data or client-key must be specified for ${userName ?? ''} to use the clientCert authentication method.`,
    );
  const [as, groups, uid, extra] = [given('as'), flags.list('as-group'), given('as-uid'), flags.list('as-user-extra')];
  if (!as && (groups.length || uid || extra.length))
    wrong.push(`requesting uid, groups or user-extra for ${userName ?? ''} without impersonating a user`);
  if (wrong.length === 1) throw bad(wrong[0]!);
  if (wrong.length > 1) throw bad(`\n${wrong.map((w) => `* ${w}`).join('\n')}`);
  if (flags.text('profile', 'none') !== 'none' || flags.has('profile-output'))
    throw new CommandError('--profile is not supported: this kubectl is no Go program; use node --cpu-prof');
  if (flags.has('kuberc')) throw new CommandError('--kuberc is not supported: preferences files are not read');
  const c = connectionOf(config, { context: contextName || undefined, cluster: clusterName, user: userName });
  const t = c.transport;
  const server = given('server') ?? t.server;
  const url = /^\w+:\/\//.test(server) ? server : `${t.cert || t.ca ? 'https' : 'http'}://${server}`;
  return {
    contextName,
    namespace: c.namespace,
    namespaceChosen: false,
    transport: {
      ...t,
      server: url.replace(/\/$/, ''),
      ca: insecure ? undefined : (ca ?? (flags.has('insecure-skip-tls-verify') ? caOf(cluster) : t.ca)),
      insecureSkipTlsVerify: flags.has('insecure-skip-tls-verify') ? insecure : t.insecureSkipTlsVerify,
      cert: cert ?? t.cert,
      key: key ?? t.key,
      token: token ?? (username ? undefined : t.token),
      tokenFile: token ? undefined : t.tokenFile,
      serverName: given('tls-server-name') ?? t.serverName,
      timeoutMs,
      headers: {
        ...(username && {
          authorization: `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`,
        }),
        ...(as && { 'impersonate-user': as }),
        ...(groups.length && { 'impersonate-group': groups }),
        ...(uid && { 'impersonate-uid': uid }),
        ...extras(extra),
      },
    },
  };
}

const caOf = (
  c: { readonly 'certificate-authority-data'?: string; readonly 'certificate-authority'?: string } | undefined,
) =>
  c?.['certificate-authority-data']
    ? Buffer.from(c['certificate-authority-data'], 'base64').toString()
    : c?.['certificate-authority']
      ? readFileSync(c['certificate-authority'], 'utf8')
      : undefined;

function extras(pairs: readonly string[]): Record<string, readonly string[]> {
  const out: Record<string, string[]> = {};
  for (const p of pairs) {
    const eq = p.indexOf('=');
    if (eq < 1) throw new CommandError(`invalid --as-user-extra ${JSON.stringify(p)}: expected key=value`);
    const header = `impersonate-extra-${encodeURIComponent(p.slice(0, eq).toLowerCase())}`;
    out[header] = [...(out[header] ?? []), p.slice(eq + 1)];
  }
  return out;
}

/** A number of seconds, or a duration with its unit. */
function timeoutOf(given: string | undefined): number {
  if (given === undefined || given === '0') return 0;
  const ms = /^\d+$/.test(given) ? Number(given) * 1000 : parseDuration(given);
  if (ms === undefined)
    throw new CommandError(
      'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)',
    );
  return ms;
}
