/** Printer columns of autoscaling/v1: those of the stored form. */
import type { Column } from '../../resource-row.ts';
import { horizontalPodAutoscalerColumns as v2Columns } from '../v2/columns.ts';
import { toV2 } from './strategy/horizontal-pod-autoscaler.ts';
import type { HorizontalPodAutoscaler } from './types.ts';

export const horizontalPodAutoscalerColumns: readonly Column<HorizontalPodAutoscaler>[] = v2Columns.map((c) => ({
  ...c,
  cell: (h, now) => c.cell(toV2(h), now),
}));
