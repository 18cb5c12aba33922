/** One run of a command: flags parsed, the kubeconfig read and the server connected when first asked for. */
import {
  type Connection,
  connectionOf,
  createHttpTransport,
  loadKubeconfig,
  type LoadedKubeconfig,
} from '../client/index.ts';
import { type Api, createApi } from './api.ts';
import { array, bool, type FlagSpecs, list, type Parsed, text } from './flags.ts';
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
  'insecure-skip-tls-verify': bool("If true, the server's certificate will not be checked for validity."),
  'certificate-authority': text('Path to a cert file for the certificate authority'),
  'request-timeout': text('The length of time to wait before giving up on a single server request.'),
  'cache-dir': text('Default cache directory'),
  as: text('Username to impersonate for the operation.'),
  'as-group': array('Group to impersonate for the operation'),
  v: text('number for the log level verbosity', 'v'),
  'warnings-as-errors': bool('Treat warnings received from the server as errors and exit with a non-zero exit code'),
  help: bool('Help for the command', 'h'),
};

/** Flags of verbs that read files. */
export const fileFlags: FlagSpecs = {
  filename: list('Filename, directory, or - for standard input', 'f'),
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
  close(): Promise<void>;
}

export function createSession(flags: Parsed, io: Io): Session {
  let config: LoadedKubeconfig | undefined;
  let connection: Connection | undefined;
  let api: Api | undefined;
  let mapper: Promise<Mapper> | undefined;
  const given = flags.text('kubeconfig');
  const session: Session = {
    io,
    flags,
    get config() {
      config ??= loadKubeconfig(given);
      return config;
    },
    get connection() {
      connection ??= connectionOf(session.config, {
        context: flags.text('context'),
        cluster: flags.text('cluster'),
        user: flags.text('user'),
        server: flags.text('server'),
        token: flags.text('token'),
        ...(flags.has('insecure-skip-tls-verify') && { insecureSkipTlsVerify: flags.bool('insecure-skip-tls-verify') }),
      });
      return connection;
    },
    get namespace() {
      return flags.text('namespace') ?? session.connection.namespace;
    },
    namespaceGiven: flags.has('namespace'),
    get api() {
      const t = session.connection.transport;
      api ??= createApi(createHttpTransport(t), t, (w) => io.err(`Warning: ${w}\n`));
      return api;
    },
    get host() {
      return new URL(session.connection.transport.server).host;
    },
    mapper() {
      mapper ??= discover(session.api);
      return mapper;
    },
    async close() {
      await api?.close();
    },
  };
  return session;
}
