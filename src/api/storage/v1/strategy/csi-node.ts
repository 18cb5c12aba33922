/** How CSINodes are written (upstream: registry/storage/csinode). */
import { withoutGeneration } from '../../../generation.ts';
import type { Strategy } from '../../../resource-row.ts';
import type { CSINode } from '../types.ts';

export const csiNodeStrategy: Strategy<CSINode> = { ...withoutGeneration, allowUnconditionalUpdate: false };
