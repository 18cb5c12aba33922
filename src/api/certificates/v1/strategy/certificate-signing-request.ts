/** How CertificateSigningRequests are written: who asks is the server's to say (upstream: registry/certificates/certificates). */
import { withoutGeneration } from '../../../generation.ts';
import { semanticEqual } from '../../../meta/v1/validation.ts';
import { rfc3339 } from '../../../../base/clock.ts';
import { required } from '../../../../schema/field-error.ts';
import type { Errors } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import type { CertificateSigningRequest } from '../types.ts';

type Conditions = CertificateSigningRequest['status']['conditions'];
const decisions = ['Approved', 'Denied'];

/** Times of new and changed conditions. */
function stamped(list: Conditions, old: Conditions, now: string): Conditions {
  return list?.map((c) => {
    const was = old?.find((o) => o.type === c.type);
    const same = was && semanticEqual({ ...was, lastUpdateTime: c.lastUpdateTime }, c);
    return {
      ...c,
      status: c.status || 'True',
      lastUpdateTime: c.lastUpdateTime ?? (same ? was.lastUpdateTime : undefined) ?? now,
      lastTransitionTime:
        c.lastTransitionTime ?? (was?.status === c.status ? was?.lastTransitionTime : undefined) ?? now,
    };
  });
}

export const certificateSigningRequestStrategy: Strategy<CertificateSigningRequest> = {
  ...withoutGeneration,
  prepareForCreate: (c, ctx) => {
    const { extra: _, uid: _u, ...spec } = c.spec;
    return { ...c, spec: { ...spec, username: ctx.user.name, groups: ctx.user.groups }, status: {} };
  },
  // The request itself never changes.
  prepareForUpdate: (c, old) => ({ ...c, spec: old.spec, status: old.status }),
  validate: (c) => {
    const errs: Errors = [];
    if (!c.spec.usages?.length) errs.push(required('spec.usages'));
    if (!c.spec.signerName) errs.push(required('spec.signerName'));
    return errs;
  },
};

/** Signers write the certificate; decisions stay as they are. */
export const certificateSigningRequestStatusStrategy: Strategy<CertificateSigningRequest> = {
  prepareForUpdate: (c, old, ctx) => {
    const kept = old.status.conditions?.filter((x) => decisions.includes(x.type)) ?? [];
    const own = c.status.conditions?.filter((x) => !decisions.includes(x.type)) ?? [];
    const conditions = stamped([...kept, ...own], old.status.conditions, rfc3339(ctx.now));
    return { ...old, metadata: c.metadata, status: { ...c.status, ...(conditions?.length && { conditions }) } };
  },
};

/** Approvers write conditions; the certificate stays as it is. */
export const certificateSigningRequestApprovalStrategy: Strategy<CertificateSigningRequest> = {
  prepareForUpdate: (c, old, ctx) => ({
    ...old,
    metadata: c.metadata,
    status: { ...old.status, conditions: stamped(c.status.conditions, old.status.conditions, rfc3339(ctx.now)) },
  }),
};
