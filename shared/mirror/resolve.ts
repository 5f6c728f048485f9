import type { Attribution, EntityFields, EntityName, IdentitySpace } from '#model/entities.ts';
import { REFERENCES } from '#model/entities.ts';
import { mirrorId } from '#model/ids.ts';
import type { MappedRecord } from '#model/mapped-record.ts';
import type { TargetRef, TargetState } from '#model/sync-items.ts';

/** What the engine looks up for resolution; filled before `resolve` runs, so that resolution itself is pure. */
export interface TargetLookup {
  stateOf(target: TargetRef): TargetState;
}

/** A parent that is waited for; `skipped` when it was seen and is not mirrored. */
export interface WaitsFor {
  readonly parent: TargetRef;
  readonly skipped: boolean;
}

export type Resolution =
  | {
      readonly kind: 'stored';
      readonly fields: EntityFields[EntityName];
      readonly jobId: string | null;
      readonly pendingRefs: readonly string[];
      /** Targets that are not mirrored: the record is looked at again when one of them arrives. */
      readonly waitsFor: readonly WaitsFor[];
    }
  | { readonly kind: 'parked'; readonly parent: TargetRef }
  | { readonly kind: 'parent_skipped'; readonly parent: TargetRef };

/** Every reference a mapped record makes, with the mirror ids it computes to. */
export function targetsOf(
  record: MappedRecord,
  connectionId: string,
): readonly (TargetRef & { readonly field: string; readonly required: boolean })[] {
  const fields = record.fields as unknown as Readonly<Record<string, unknown>>;
  const targets: (TargetRef & { field: string; required: boolean })[] = [];
  for (const reference of REFERENCES[record.entity]) {
    const value = fields[reference.field];
    const sourceIds = reference.many
      ? ((value as readonly string[] | null) ?? [])
      : value === null || value === undefined
        ? []
        : [value as string];
    for (const sourceId of sourceIds) {
      targets.push({
        space: reference.to,
        sourceId,
        id: mirrorId(connectionId, reference.to as IdentitySpace, sourceId),
        field: reference.field,
        required: reference.required === true,
      });
    }
  }
  return targets;
}

/**
 * Turns a mapped record's source ids into mirror ids (M-26). A missing required parent parks the record, a skipped one makes it
 * skipped; every other unknown target is kept as a pending reference. Time never waits for its job: it is stored with the worker,
 * counts for the worker's hours, and is attributed when the job or ticket arrives (M-36).
 */
export function resolve(record: MappedRecord, connectionId: string, lookup: TargetLookup): Resolution {
  const targets = targetsOf(record, connectionId);
  for (const target of targets) {
    if (!target.required) continue;
    const state = lookup.stateOf(target);
    if (state.kind === 'unknown') return { kind: 'parked', parent: target };
    if (state.kind === 'skipped') return { kind: 'parent_skipped', parent: target };
  }
  const fields: Record<string, unknown> = { ...(record.fields as unknown as Record<string, unknown>) };
  const pendingRefs: string[] = [];
  const waitsFor: WaitsFor[] = [];
  for (const reference of REFERENCES[record.entity]) {
    const own = targets.filter((target) => target.field === reference.field);
    for (const target of own) {
      const state = lookup.stateOf(target);
      if (state.kind === 'mirrored') continue;
      if (!pendingRefs.includes(reference.field)) pendingRefs.push(reference.field);
      const parent = { space: target.space, sourceId: target.sourceId, id: target.id };
      waitsFor.push({ parent, skipped: state.kind === 'skipped' });
    }
    const ids = own.map((target) => presentId(target, lookup)).sort();
    if (own.length > 0) fields[reference.field] = reference.many ? ids : ids[0];
  }
  if (record.entity === 'time_entry' || record.entity === 'drive_time')
    return placeTime(record, fields, targets, lookup, { pendingRefs, waitsFor });
  const jobId = record.entity === 'material_allocation' ? jobOfMilestone(targets, lookup) : null;
  return { kind: 'stored', fields: fields as unknown as EntityFields[EntityName], jobId, pendingRefs, waitsFor };
}

/** The id a reference is stored as: that of the target's present generation (M-95), computed where it is not mirrored yet. */
function presentId(target: TargetRef, lookup: TargetLookup): string {
  const state = lookup.stateOf(target);
  return state.kind === 'mirrored' ? state.id : target.id;
}

function jobOfMilestone(targets: readonly (TargetRef & { field: string })[], lookup: TargetLookup): string | null {
  const milestone = targets.find((target) => target.space === 'milestone');
  const state = milestone ? lookup.stateOf(milestone) : undefined;
  return state?.kind === 'mirrored' ? state.jobId : null;
}

/**
 * M-36: where an entry belongs, decided by its milestone, else by its job. One whose milestone is not here yet counts on the job that it
 * names as well, until the milestone arrives.
 */
function placeTime(
  record: MappedRecord,
  fields: Record<string, unknown>,
  targets: readonly (TargetRef & { field: string })[],
  lookup: TargetLookup,
  open: { pendingRefs: string[]; waitsFor: WaitsFor[] },
): Resolution {
  const milestone = targets.find((target) => target.field === 'milestoneId');
  const job = targets.find((target) => target.field === 'jobId');
  const place = milestone && (!job || lookup.stateOf(milestone).kind !== 'unknown') ? milestone : job;
  const state = place ? lookup.stateOf(place) : undefined;
  const attribution: Attribution = !state
    ? 'none'
    : state.kind === 'mirrored'
      ? 'job'
      : state.kind === 'skipped'
        ? 'outside_scope'
        : 'pending';
  const mirrored = state?.kind === 'mirrored' ? state : null;
  const onMilestone = place?.field === 'milestoneId';
  const jobId = mirrored === null ? null : onMilestone ? mirrored.jobId : mirrored.id;
  // An entry is stored under its job or with its worker; a milestone that is not mirrored has no place to be stored under.
  const milestoneId = mirrored !== null && onMilestone ? mirrored.id : null;
  const overhead = mirrored?.overhead === true && fields.category === 'work';
  const resolved = {
    ...fields,
    attribution,
    jobId,
    milestoneId,
    // M-57: time on an overhead division is shop time: hours of the worker, cost of no ProPay.
    ...(record.entity === 'time_entry' && overhead ? { category: 'shop' } : {}),
  };
  return {
    kind: 'stored',
    fields: resolved as unknown as EntityFields[EntityName],
    jobId,
    pendingRefs: open.pendingRefs.filter(
      (field) => field !== 'jobId' && !(field === 'milestoneId' && attribution === 'outside_scope'),
    ),
    waitsFor: open.waitsFor,
  };
}
