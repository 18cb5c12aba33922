/** What a ResourceQuota asks of each resource: which writes matter, what one object uses (upstream: pkg/quota/v1 Evaluator). */
import type { ResourceList } from '../../machinery/resource-lists.ts';
import type { ScopedResourceSelectorRequirement } from '../core/v1/types.ts';
import type { KubeObject } from '../resource-row.ts';

export interface QuotaWrite {
  readonly operation: 'CREATE' | 'UPDATE';
  /** '' = the object itself. */
  readonly subresource: string;
  readonly object: KubeObject;
  /** undefined on CREATE. */
  readonly old: KubeObject | undefined;
}

export interface QuotaEvaluator {
  /** Whether a write can change what is used. */
  handles(w: QuotaWrite): boolean;
  /** Those of the names that this resource has to do with. */
  matching(names: readonly string[]): readonly string[];
  /** What one object uses; `now` in ms. */
  usage(obj: KubeObject, now: number): ResourceList;
  matchesScope(scope: ScopedResourceSelectorRequirement, obj: KubeObject): boolean;
  /** What an object lacks that a quota on `names` asks of it; undefined = nothing. */
  lacks?(names: readonly string[], obj: KubeObject): string | undefined;
  /** Whether the object uses less after this update without being deleted. */
  frees?(old: KubeObject, obj: KubeObject, now: number): boolean;
}
