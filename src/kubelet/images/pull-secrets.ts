/** Registry credentials of a pod's imagePullSecrets that fit an image (upstream: pkg/credentialprovider's keyring). */
import type { Secret } from '../../api/core/v1/types.ts';
import type { AuthConfig } from '../cri.ts';
import { defaultDomain } from './reference.ts';

interface Entry {
  readonly username?: string;
  readonly password?: string;
  readonly auth?: string;
  readonly identitytoken?: string;
  readonly registrytoken?: string;
}

const decoded = (data: string | undefined): Record<string, unknown> => {
  const parsed = JSON.parse(Buffer.from(data ?? '', 'base64').toString() || '{}') as unknown;
  return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
};

/** The registry entries of a secret; a secret of another type or with broken JSON has none. */
function entries(secret: Secret): Record<string, Entry> {
  try {
    if (secret.type === 'kubernetes.io/dockerconfigjson')
      return (decoded(secret.data?.['.dockerconfigjson'])['auths'] ?? {}) as Record<string, Entry>;
    if (secret.type === 'kubernetes.io/dockercfg') return decoded(secret.data?.['.dockercfg']) as Record<string, Entry>;
  } catch {
    return {};
  }
  return {};
}

const globMatch = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '[^.]*')
      .replaceAll('?', '[^.]')}$`,
  ).test(text);

/** `https://registry.example/v2/` → host and path; the default domain by its old name too. */
function matches(key: string, repository: string): number {
  const bare = key
    .replace(/^https?:\/\//, '')
    .replace(/\/+$/, '')
    .replace(/\/v[12]$/, '');
  const [rawHost, ...path] = bare.split('/');
  const host = rawHost === `index.${defaultDomain}` ? defaultDomain : rawHost!;
  const [imageHost, ...imagePath] = repository.split('/');
  if (!globMatch(host, imageHost!)) return -1;
  const prefix = path.join('/');
  return imagePath.join('/').startsWith(prefix) ? prefix.length : -1;
}

/** The credentials to try, the most specific first. */
export function credentialsFor(repository: string, secrets: readonly Secret[]): readonly AuthConfig[] {
  const found: { score: number; auth: AuthConfig }[] = [];
  for (const secret of secrets)
    for (const [key, e] of Object.entries(entries(secret))) {
      const score = matches(key, repository);
      if (score < 0) continue;
      const [username, ...password] = e.auth ? Buffer.from(e.auth, 'base64').toString().split(':') : [];
      found.push({
        score: score + key.length / 1000,
        auth: {
          username: e.username ?? username ?? '',
          password: e.password ?? password.join(':'),
          ...(e.identitytoken && { identityToken: e.identitytoken }),
          ...(e.registrytoken && { registryToken: e.registrytoken }),
        },
      });
    }
  return found.sort((a, b) => b.score - a.score).map((f) => f.auth);
}
