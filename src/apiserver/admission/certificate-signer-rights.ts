/** May this user approve or sign for this signer: the right to the signer by name, or to its domain's every signer (pkg/certauthorization). */
import type { Authorizer, UserInfo } from '../attributes.ts';

export async function mayActForSigner(
  authorizer: Authorizer,
  user: UserInfo,
  verb: 'approve' | 'sign' | 'attest',
  signerName: string,
): Promise<boolean> {
  for (const name of [signerName, `${signerName.split('/')[0]}/*`]) {
    const d = await authorizer.authorize({
      user,
      verb,
      isResource: true,
      path: '',
      group: 'certificates.k8s.io',
      version: '*',
      resource: 'signers',
      subresource: '',
      namespace: '',
      name,
    });
    if (d.decision === 'allow') return true;
  }
  return false;
}
