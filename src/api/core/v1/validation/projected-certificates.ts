/** Trust bundles and certificates projected into volumes (upstream: validation.go validateProjectionSources). */
import { invalidValue, required } from '../../../../schema/field-error.ts';
import { type Errors, unsupported, validateLabelSelector } from '../../../meta/v1/validation.ts';
import type { VolumeProjection } from '../types.ts';
import { validateNonReservedPath } from './paths.ts';

const keyTypes = ['RSA3072', 'RSA4096', 'ECDSAP256', 'ECDSAP384', 'ECDSAP521', 'ED25519'];

/** Answers how many of the two sources are given. `claim` notes a path that a file takes. */
export function validateProjectedCertificates(
  s: VolumeProjection,
  path: string,
  claim: (path: string, culprit: string) => void,
  errs: Errors,
): number {
  let sources = 0;
  if (s.clusterTrustBundle) {
    sources++;
    const b = s.clusterTrustBundle;
    const p = `${path}.clusterTrustBundle`;
    if (b.name !== undefined && b.signerName !== undefined)
      errs.push(invalidValue(p, b, 'only one of name and signerName may be used'));
    else if (b.name !== undefined) {
      if (!b.name) errs.push(required(`${p}.name`, 'must be a valid object name'));
      if (b.labelSelector)
        errs.push(
          invalidValue(`${p}.labelSelector`, b.labelSelector, 'labelSelector must be unset if name is specified'),
        );
    } else if (b.signerName !== undefined) {
      if (!b.signerName) errs.push(required(`${p}.signerName`, 'must be a valid signer name'));
      validateLabelSelector(b.labelSelector, `${p}.labelSelector`, errs);
    } else errs.push(required(p, 'either name or signerName must be specified'));
    if (!b.path) errs.push(required(`${p}.path`));
    validateNonReservedPath(b.path ?? '', `${p}.path`, errs);
    claim(b.path, b.path);
  }
  if (s.podCertificate) {
    sources++;
    const c = s.podCertificate;
    const p = `${path}.podCertificate`;
    if (!c.signerName) errs.push(required(`${p}.signerName`));
    if (!keyTypes.includes(c.keyType)) errs.push(unsupported(`${p}.keyType`, c.keyType, keyTypes));
    const seconds = c.maxExpirationSeconds;
    if (seconds !== undefined && seconds < 3600)
      errs.push(
        invalidValue(`${p}.maxExpirationSeconds`, seconds, 'if provided, maxExpirationSeconds must be >= 3600'),
      );
    let files = 0;
    for (const name of ['credentialBundlePath', 'keyPath', 'certificateChainPath'] as const) {
      const file = c[name];
      if (!file) continue;
      files++;
      validateNonReservedPath(file, `${p}.${name}`, errs);
      claim(file, file);
    }
    if (files === 0)
      errs.push(required(p, 'specify at least one of credentialBundlePath, keyPath, and certificateChainPath'));
  }
  return sources;
}
