/** Image names as people write them: the default tag, the registry they mean, and what is no name at all. */

const component = '[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*';
const domain =
  '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*(?::[0-9]+)?|\\[[a-fA-F0-9:]+\\](?::[0-9]+)?';
const reference = new RegExp(
  `^((?:(?:${domain})/)?${component}(?:/${component})*)(?::([\\w][\\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$`,
);

/** What a name without a domain means (distribution/reference). */
export const defaultDomain = 'docker.io';

export interface ImageName {
  /** With `:latest` added when it had neither tag nor digest. */
  readonly image: string;
  /** The full name, domain first, without tag: what credentials are looked up by. */
  readonly repository: string;
}

/** Throws the reason why it is no image name (distribution's reference grammar). */
export function parseImageName(name: string): ImageName {
  const m = reference.exec(name);
  if (!m) {
    if (name !== '' && reference.test(name.toLowerCase()))
      throw new Error(
        `couldn't parse image name "${name}": invalid reference format: repository name (${name.replace(/:[^/]*$/, '')}) must be lowercase`,
      );
    throw new Error(`couldn't parse image name "${name}": invalid reference format`);
  }
  const [, path, tag, digest] = m;
  const [first, ...rest] = path!.split('/');
  const named = rest.length > 0 && (/[.:]/.test(first!) || first === 'localhost');
  const repository = named ? path! : `${defaultDomain}/${rest.length ? path : `library/${path}`}`;
  return { image: tag || digest ? name : `${name}:latest`, repository };
}
