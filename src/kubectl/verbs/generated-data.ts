/** Config maps and secrets made from literals, files, directories and env files (upstream: kubectl/pkg/cmd/create create_configmap.go, create_secret*.go). */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CommandError } from '../failure.ts';
import { array, bool, type FlagSpecs, list, type Parsed, text } from '../flags.ts';
import { type Json, sortedJson } from '../thing.ts';
import type { Generator } from './generators.ts';

const appendHash = bool('Append a hash of the object to its name.');
const sources: FlagSpecs = {
  'from-literal': array('Specify a key and literal value to insert (i.e. mykey=somevalue)'),
  'from-file': list('Key file can be specified using its file path, or with a name given: name=path.'),
  'from-env-file': list('Specify the path to a file to read lines of key=val pairs.'),
  'append-hash': appendHash,
};

/** What an operating system's refusal is called by Go. */
const goError = (e: unknown): string => {
  switch ((e as { readonly code?: string }).code) {
    case 'ENOENT':
      return 'no such file or directory';
    case 'EACCES':
      return 'permission denied';
    case 'EISDIR':
      return 'is a directory';
    default:
      return (e as Error).message;
  }
};

/** Why a key is none; undefined for a good one. */
function keyError(key: string): string | undefined {
  if (key.length > 253) return 'must be no more than 253 characters';
  if (!/^[-._a-zA-Z0-9]+$/.test(key))
    return "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
  if (key === '.') return "must not be '.'";
  if (key === '..') return "must not be '..'";
  return key.startsWith('..') ? "must not start with '..'" : undefined;
}

type Add = (key: string, value: Buffer) => void;

function fileSources(files: readonly string[], add: Add): void {
  for (const source of files) {
    const parts = source.split('=');
    if (parts.length > 2) throw new CommandError("key names or file paths cannot contain '='");
    const [key, path] = parts.length === 1 ? [undefined, parts[0]!] : [parts[0]!, parts[1]!];
    if (key === '') throw new CommandError(`key name for file path ${path} missing`);
    if (path === '') throw new CommandError(`file path for key name ${key} missing`);
    try {
      if (statSync(path).isDirectory()) {
        if (key !== undefined) throw new CommandError('cannot give a key name for a directory path');
        for (const e of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)))
          if (e.isFile()) add(e.name, readFileSync(join(path, e.name)));
      } else add(key ?? basename(path), readFileSync(path));
    } catch (e) {
      if (e instanceof CommandError) throw e;
      throw new CommandError(`error reading ${path}: ${goError(e)}`);
    }
  }
}

const envName = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

function envSources(files: readonly string[], what: string, add: Add): void {
  for (const f of files) {
    let text: string;
    try {
      if (statSync(f).isDirectory()) throw new CommandError(`env ${what} file cannot be a directory`);
      text = readFileSync(f, 'utf8').replace(/^\uFEFF/, '');
    } catch (e) {
      if (e instanceof CommandError) throw e;
      throw new CommandError(`error reading ${f}: ${goError(e)}`);
    }
    for (const raw of text.split(/\r?\n/)) {
      const line = raw.trimStart();
      if (!line || line.startsWith('#')) continue;
      const eq = line.indexOf('=');
      const key = eq < 0 ? line : line.slice(0, eq);
      if (!envName.test(key))
        throw new CommandError(
          `${JSON.stringify(key)} is not a valid key name: a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')`,
        );
      add(key, Buffer.from(eq < 0 ? (process.env[key] ?? '') : line.slice(eq + 1)));
    }
  }
}

function literals(flags: Parsed, add: Add): void {
  for (const l of flags.list('from-literal')) {
    const eq = l.indexOf('=');
    if (eq < 1) throw new CommandError(`invalid literal source ${l}, expected key=value`);
    add(l.slice(0, eq), Buffer.from(l.slice(eq + 1)));
  }
}

/** In upstream's order: literals, then files, then env files (config maps take files after literals too). */
function gather(
  flags: Parsed,
  what: 'config' | 'secret',
  check: (key: string, have: ReadonlyMap<string, Buffer>) => void,
) {
  const out = new Map<string, Buffer>();
  const add: Add = (key, value) => {
    check(key, out);
    out.set(key, value);
  };
  const env = flags.list('from-env-file');
  const [files, lits] = [flags.list('from-file'), flags.list('from-literal')];
  if (env.length && (files.length || lits.length))
    throw new CommandError('from-env-file cannot be combined with from-file or from-literal');
  if (what === 'config') {
    literals(flags, add);
    fileSources(files, add);
  } else {
    fileSources(files, add);
    literals(flags, add);
  }
  envSources(env, what, add);
  return out;
}

const isText = (b: Buffer): boolean => Buffer.from(b.toString('utf8')).equals(b);
const base64 = (m: ReadonlyMap<string, Buffer>) =>
  Object.fromEntries([...m].map(([k, v]) => [k, v.toString('base64')]));

/** Ten letters of a digest without vowels (upstream: kubectl/pkg/util/hash). */
export function shortHash(v: Json): string {
  const hex = createHash('sha256').update(sortedJson(v)).digest('hex');
  return hex.slice(0, 10).replace(/[013ae]/g, (c) => ({ '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' })[c]!);
}

export const configMap: Generator = {
  name: 'configmap',
  aliases: ['cm'],
  usage: 'create configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  summary: 'Create a config map from a local file, directory or literal value',
  flags: sources,
  apiVersion: 'v1',
  kind: 'ConfigMap',
  failed: 'failed to create configmap: ',
  make(flags, name) {
    const all = gather(flags, 'config', (key, have) => {
      const wrong = keyError(key);
      if (wrong) throw new CommandError(`${JSON.stringify(key)} is not a valid key name for a ConfigMap: ${wrong}`);
      if (have.has(key))
        throw new CommandError(
          `cannot add key ${JSON.stringify(key)}, another key by that name already exists in ${isText(have.get(key)!) ? 'Data' : 'BinaryData'} for ConfigMap ${JSON.stringify(name)}`,
        );
    });
    const data = Object.fromEntries([...all].filter(([, v]) => isText(v)).map(([k, v]) => [k, v.toString()]));
    const binary = base64(new Map([...all].filter(([, v]) => !isText(v))));
    const parts = {
      ...(Object.keys(data).length && { data }),
      ...(Object.keys(binary).length && { binaryData: binary }),
    };
    const hash = flags.bool('append-hash')
      ? `-${shortHash({ kind: 'ConfigMap', name, data, ...(Object.keys(binary).length && { binaryData: binary }) })}`
      : '';
    return { ...parts, metadata: { name: name + hash } };
  },
};

function secret(flags: Parsed, name: string, data: ReadonlyMap<string, Buffer>, type: string): Json {
  const encoded = base64(data);
  const hash = flags.bool('append-hash') ? `-${shortHash({ kind: 'Secret', type, name, data: encoded })}` : '';
  return {
    ...(data.size && { data: encoded }),
    metadata: { name: name + hash },
    ...(type && { type }),
  };
}

const secretKeys = (key: string, have: ReadonlyMap<string, Buffer>): void => {
  const wrong = keyError(key);
  if (wrong) throw new CommandError(`${JSON.stringify(key)} is not valid key name for a Secret ${wrong}`);
  if (have.has(key)) throw new CommandError(`cannot add key ${key}, another key by that name already exists`);
};

const failed = 'failed to create secret ';

/** `kubectl create secret …` */
export const secrets: readonly Generator[] = [
  {
    name: 'docker-registry',
    usage:
      'create secret docker-registry NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]',
    summary: 'Create a secret for use with a Docker registry',
    flags: {
      'append-hash': appendHash,
      'docker-username': text('Username for Docker registry authentication'),
      'docker-password': text('Password for Docker registry authentication'),
      'docker-email': text('Email for Docker registry'),
      'docker-server': text('Server location for Docker registry'),
      'from-file': list('Key files can be specified using their file path.'),
    },
    apiVersion: 'v1',
    kind: 'Secret',
    failed,
    make(flags, name) {
      const files = flags.list('from-file');
      const [username, password] = [flags.text('docker-username', ''), flags.text('docker-password', '')];
      // unlike upstream's, this one has no registry of its own to fall back on
      const server = flags.text('docker-server', '');
      const email = flags.text('docker-email', '');
      if (files.length === 0 && !(username && password && server))
        throw new CommandError(
          'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required',
        );
      const data = new Map<string, Buffer>();
      if (files.length)
        fileSources(files, (k, v) => {
          secretKeys(k, data);
          data.set(k, v);
        });
      else {
        const auth = {
          ...(username && { username }),
          ...(password && { password }),
          ...(email && { email }),
          auth: Buffer.from(`${username}:${password}`).toString('base64'),
        };
        data.set('.dockerconfigjson', Buffer.from(JSON.stringify({ auths: { [server]: auth } })));
      }
      return secret(flags, name, data, 'kubernetes.io/dockerconfigjson');
    },
  },
  {
    name: 'generic',
    usage:
      'create secret generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
    summary: 'Create a secret from a local file, directory, or literal value',
    flags: { ...sources, type: text('The type of secret to create') },
    apiVersion: 'v1',
    kind: 'Secret',
    failed,
    make: (flags, name) => secret(flags, name, gather(flags, 'secret', secretKeys), flags.text('type', '')),
  },
  {
    name: 'tls',
    usage: 'create secret tls NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]',
    summary: 'Create a TLS secret',
    flags: {
      'append-hash': appendHash,
      cert: text('Path to PEM encoded public key certificate.'),
      key: text('Path to private key associated with given certificate.'),
    },
    apiVersion: 'v1',
    kind: 'Secret',
    failed,
    make(flags, name) {
      const [cert, key] = [flags.text('cert'), flags.text('key')];
      if (!cert || !key) throw new CommandError('key and cert must be specified');
      const read = (file: string) => {
        try {
          return readFileSync(file);
        } catch (e) {
          throw new CommandError(`Cannot read file ${file}, open ${file}: ${goError(e)}`);
        }
      };
      const data = new Map([
        ['tls.crt', read(cert)],
        ['tls.key', read(key)],
      ]);
      checkPair(data.get('tls.crt')!.toString(), data.get('tls.key')!.toString());
      return secret(flags, name, data, 'kubernetes.io/tls');
    },
  },
];

/** @throws CommandError with the words of Go's tls.X509KeyPair */
function checkPair(cert: string, key: string): void {
  const refuse = (why: string) => {
    throw new CommandError(`tls: ${why}`);
  };
  const kinds = (pem: string) => [...pem.matchAll(/-----BEGIN ([^-]+)-----/g)].map((m) => m[1]!);
  if (kinds(cert).length === 0) refuse('failed to find any PEM data in certificate input');
  if (!kinds(cert).includes('CERTIFICATE'))
    refuse(
      kinds(cert)[0]!.endsWith('PRIVATE KEY')
        ? 'failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched'
        : `failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${kinds(cert).join(' ')}]`,
    );
  if (kinds(key).length === 0) refuse('failed to find any PEM data in key input');
  if (!kinds(key).some((k) => k.endsWith('PRIVATE KEY')))
    refuse(
      kinds(key)[0] === 'CERTIFICATE'
        ? 'found a certificate rather than a key in the PEM for the private key'
        : `failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${kinds(key).join(' ')}]`,
    );
  try {
    if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
      refuse('private key does not match public key');
  } catch (e) {
    if (e instanceof CommandError) throw e;
    refuse('failed to parse private key');
  }
}
