import type { MirrorRecord } from '#model/mirror-record.ts';
import type { MaterialTracking, TenantContext } from '#model/settings.ts';
import { type ProgressBasis, progressOf, type TrackedMaterial } from '../rules/progress.ts';
import { isLive } from './live.ts';

/** Which items of material are tracked, and how (B-37). */
export type Tracking = Pick<TenantContext, 'materialTracking'>;

/** How far along a milestone is, and by which signal (B-37); null without any. Hours used are no progress. */
export function progressOfMilestone(
  milestone: MirrorRecord<'milestone'>,
  materials: readonly MirrorRecord<'material_allocation'>[],
  { materialTracking }: Tracking,
): { readonly completionBp: number; readonly basis: ProgressBasis } | null {
  return progressOf({
    completedAtSource: milestone.fields.status === 'completed',
    materials: trackedMaterials(milestone, materials, materialTracking),
    manualBp: latestReport(milestone)?.progressBp ?? null,
  });
}

/**
 * The latest of the report by hand and the source's percentage (E-8). The source has spoken later where its percentage is no longer the
 * one that stood beside the report when it was made, and its change is not dated before it.
 */
export function latestReport({
  fields: { percentBp },
  own: { progress },
  sourceUpdatedAt,
  lastChangedAt,
}: MirrorRecord<'milestone'>): { readonly progressBp: number; readonly by: 'hand' | 'source' } | null {
  const source = percentBp === null ? null : ({ progressBp: percentBp, by: 'source' } as const);
  if (progress === null) return source;
  const movedLater = percentBp !== progress.sourceBp && (sourceUpdatedAt ?? lastChangedAt) > progress.at;
  return source !== null && movedLater ? source : { progressBp: progress.progressBp, by: 'hand' };
}

/**
 * The tracked materials of a milestone: what is allocated to it of items that the tenant tracks. Installed is what the source says, else
 * what somebody entered (E-9). While nothing is known to be installed anywhere there is no signal; once something is, an item nobody
 * spoke of has none. Where an item's value is unknown, values are left out and each item counts the same.
 */
function trackedMaterials(
  { id, own }: MirrorRecord<'milestone'>,
  materials: readonly MirrorRecord<'material_allocation'>[],
  tracking: Readonly<Record<string, MaterialTracking>>,
): TrackedMaterial[] {
  const known = materials
    .filter((material) => isLive(material) && material.fields.milestoneId === id)
    .flatMap(({ id: materialId, fields: { item, allocatedE4, installedE4, unitValueCents } }) => {
      const rule = tracking[item];
      if (rule === undefined || !rule.tracked) return [];
      return {
        id: materialId,
        totalQuantityE4: rule.totalQuantityE4 ?? allocatedE4,
        installedQuantityE4: installedE4 ?? own.installed?.[item]?.quantityE4 ?? null,
        unitValueCents: rule.unitValueCents ?? unitValueCents,
      };
    });
  if (known.every(({ installedQuantityE4 }) => installedQuantityE4 === null)) return [];
  const valued = known.every(({ unitValueCents }) => unitValueCents !== null);
  return known.map(({ installedQuantityE4, unitValueCents, ...material }) => ({
    ...material,
    installedQuantityE4: installedQuantityE4 ?? 0,
    unitValueCents: valued ? (unitValueCents ?? 0) : 0,
  }));
}
