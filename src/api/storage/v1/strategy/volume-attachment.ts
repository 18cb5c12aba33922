/** How VolumeAttachments are written: their spec is fixed (upstream: registry/storage/volumeattachment). */
import { invalidValue } from '../../../../schema/field-error.ts';
import { withoutGeneration } from '../../../generation.ts';
import { fieldIsImmutable, semanticEqual } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import { clearsStatus } from '../../../status-part.ts';
import { VolumeAttachment } from '../types.ts';

export const volumeAttachmentStrategy: Strategy<VolumeAttachment> = {
  ...withoutGeneration,
  ...clearsStatus(VolumeAttachment),
  validateUpdate: (a, old) => (semanticEqual(a.spec, old.spec) ? [] : [invalidValue('spec', a.spec, fieldIsImmutable)]),
  allowUnconditionalUpdate: false,
};
