/** One run of a command: flags parsed, the kubeconfig read and the server connected when first asked for. */
import { createHttpTransport, loadKubeconfig, type LoadedKubeconfig } from '../client/index.ts';
import { type Api, createApi, gitVersion } from './api.ts';
import { CommandError } from './failure.ts';
import { connect, type Connection } from './connection.ts';
import { array, bool, duration, type FlagSpecs, list, type Parsed, text } from './flags.ts';
import type { Io } from './io.ts';
import { discover, type Mapper } from './mapper.ts';

/** Flags every verb takes. */
export const globalFlags: FlagSpecs = {
  kubeconfig: text('Path to the kubeconfig file to use for CLI requests.'),
  context: text('The name of the kubeconfig context to use'),
  cluster: text('The name of the kubeconfig cluster to use'),
  user: text('The name of the kubeconfig user to use'),
  namespace: text('If present, the namespace scope for this CLI request', 'n'),
  server: text('The address and port of the Kubernetes API server', 's'),
  token: text('Bearer token for authentication to the API server'),
  username: text('Username for basic authentication to the API server'),
  password: text('Password for basic authentication to the API server'),
  'client-certificate': text('Path to a client certificate file for TLS'),
  'client-key': text('Path to a client key file for TLS'),
  'certificate-authority': text('Path to a cert file for the certificate authority'),
  'insecure-skip-tls-verify': bool("If true, the server's certificate will not be checked for validity."),
  'tls-server-name': text('Server name to use for server certificate validation.'),
  'request-timeout': text('The length of time to wait before giving up on a single server request.'),
  'match-server-version': bool('Require server version to match client version'),
  as: text('Username to impersonate for the operation.'),
  'as-group': array('Group to impersonate for the operation'),
  'as-uid': text('UID to impersonate for the operation.'),
  'as-user-extra': array('User extras to impersonate for the operation, as key=value.'),
  'warnings-as-errors': bool('Treat warnings received from the server as errors and exit with a non-zero exit code'),
  help: bool('Help for the command', 'h'),
  // What these four choose, this program does not have: answers are never compressed, discovery is never kept on disk,
  // nothing is logged and no profile is taken of a Go program.
  'disable-compression': bool('Nothing is compressed; accepted for scripts that pass it.'),
  'cache-dir': text('Nothing is kept between runs; accepted for scripts that pass it.'),
  v: text('Nothing is logged; accepted for scripts that pass it.', 'v'),
  vmodule: text('Nothing is logged; accepted for scripts that pass it.'),
  'log-flush-frequency': duration('Nothing is logged; accepted for scripts that pass it.'),
  profile: text('Refused unless none: see node --cpu-prof.'),
  'profile-output': text('Refused unless --profile is none.'),
  kuberc: text('Refused: preferences files are not read.'),
};
/** Accepted because what they ask for is always so. */
export const withoutEffect = new Set(['disable-compression', 'cache-dir', 'v', 'vmodule', 'log-flush-frequency']);

/** Flags of verbs that read files. */
export const fileFlags: FlagSpecs = {
  filename: list('Filename, directory, URL, or - for standard input', 'f'),
  kustomize: text('Process a kustomization directory.', 'k'),
  recursive: bool('Process the directory used in -f, --filename recursively.', 'R'),
};
export const selectorFlags: FlagSpecs = {
  selector: text("Selector (label query) to filter on, supports '=', '==', '!=', 'in', 'notin'.", 'l'),
  'field-selector': text("Selector (field query) to filter on, supports '=', '==', and '!='."),
  all: bool('Select all resources in the namespace of the specified resource types'),
  'all-namespaces': bool('If present, across all namespaces.', 'A'),
};
export const outputFlags: FlagSpecs = {
  output: text('Output format: json, yaml, name, jsonpath, …', 'o'),
  'show-managed-fields': bool('If true, keep the managedFields when printing objects in JSON or YAML format.'),
  template: text('Template string to use when -o=jsonpath is given alone.'),
  'allow-missing-template-keys': bool('If true, ignore any errors in templates when a field is missing.'),
};
export const dryRunFlag: FlagSpecs = {
  'dry-run': text('Must be "none", "server", or "client".', undefined, 'unchanged'),
};

export interface Session {
  readonly io: Io;
  readonly flags: Parsed;
  readonly config: LoadedKubeconfig;
  readonly connection: Connection;
  readonly namespace: string;
  /** The namespace was given on the command line. */
  readonly namespaceGiven: boolean;
  readonly api: Api;
  /** `127.0.0.1:6443` */
  readonly host: string;
  mapper(): Promise<Mapper>;
  /** How many warnings the server has given. */
  readonly warnings: number;
  close(): Promise<void>;
}

/** `shadowed`: global flags that the verb has taken for itself. */
export function createSession(flags: Parsed, io: Io, shadowed: ReadonlySet<string> = new Set()): Session {
  let config: LoadedKubeconfig | undefined;
  let connection: Connection | undefined;
  let api: Api | undefined;
  let mapper: Promise<Mapper> | undefined;
  let warnings = 0;
  const given = flags.text('kubeconfig');
  const session: Session = {
    io,
    flags,
    get config() {
      config ??= loadKubeconfig(given);
      return config;
    },
    get connection() {
      connection ??= connect(session.config, flags, shadowed);
      return connection;
    },
    get namespace() {
      return (shadowed.has('namespace') ? '' : flags.text('namespace')) || session.connection.namespace;
    },
    get namespaceGiven() {
      return (!shadowed.has('namespace') && Boolean(flags.text('namespace'))) || session.connection.namespaceChosen;
    },
    get api() {
      const t = session.connection.transport;
      api ??= createApi(createHttpTransport(t), t, (w) => {
        warnings++;
        io.err(`Warning: ${w}\n`);
      });
      return api;
    },
    get host() {
      return new URL(session.connection.transport.server).host;
    },
    mapper() {
      mapper ??= discover(session.api).then(async (m) => {
        if (flags.bool('match-server-version')) await matchVersion(session.api);
        return m;
      });
      return mapper;
    },
    get warnings() {
      return warnings;
    },
    async close() {
      await api?.close();
    },
  };
  return session;
}

async function matchVersion(api: Api): Promise<void> {
  const server = await api.json<{ readonly gitVersion: string }>('GET', '/version');
  const plain = (v: string) => v.replace(/\+.*$/, '');
  if (plain(server.gitVersion) !== gitVersion)
    throw new CommandError(`server version (${server.gitVersion}) differs from client version (${gitVersion})`);
}
