import type * as z from 'zod/mini';
import { ExactNumber } from '#kernel/decimal.ts';
import { beforeImportWindow, ignoredStatus, sameName } from '#mirror/import-scope.ts';
import { readCents, readDate, readStamp, readText, refuseRow, requireText } from '#mirror/read-fields.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import type { JobStatus } from '#model/entities.ts';
import type { MappedRow, SkipReason } from '#model/mapped-record.ts';
import { UNKNOWN_JOB } from '#model/unknown-fields.ts';
import { projectRow } from '../wire.ts';
import { companyBranchId, isEnabled, type MapContext } from './context.ts';
import { departmentId } from './organisation.ts';
import { mapRow, readId, refId } from './read.ts';

type Project = z.infer<typeof projectRow>;
/** Categories of the company's stages by stage id; names of stages are the company's own. */
export type Stages = ReadonlyMap<string, string>;
/** The one crew of a project, where it has exactly one. */
export type OnlyCrew = { readonly crewKey: string; readonly leadId: string | null };

/** What M-67 makes of a stage category; `draft` is anything before the contract. */
const CATEGORIES: Readonly<Record<string, JobStatus | 'draft'>> = {
  pre_construction: 'draft',
  course_of_construction: 'in_progress',
  post_construction: 'in_progress',
  completed: 'completed',
  not_awarded: 'canceled',
  canceled: 'canceled',
};
const STATUSES = ['draft', 'pending', 'in_progress', 'completed', 'canceled'] as const;

/**
 * Projects → job. One that no admin has switched on leaves a mark, or freezes what was mirrored (M-66); drafts and canceled ones are
 * marked to be skipped on first sight (M-45).
 */
export function mapProject(raw: unknown, context: MapContext, stages: Stages, crew: OnlyCrew | null): MappedRow {
  return mapRow(projectRow, raw, (row, sourceId) => {
    const { settings } = context;
    const enabled = isEnabled(settings, sourceId);
    const status = projectStatus(row, settings, stages);
    // What is not ours to keep needs no meaning of its status.
    if (status === null && enabled) return refuseRow('status_unmapped', 'project_stage', row.project_stage?.name ?? row.stage);
    const endDate =
      readDate(row.completion_date, 'completion_date') ?? readDate(row.projected_finish_date, 'projected_finish_date');
    const stage = readText(row.project_stage?.name ?? row.stage, 'project_stage');
    const skip = enabled
      ? (skipOfStatus(status) ??
        ignoredStatus(context, [stage]) ??
        beforeImportWindow(context, status === 'completed' ? endDate : null))
      : NOT_ENABLED;
    const parentJobId = readId(row.parent_job_id, 'parent_job_id');
    const used = usedFields(row.custom_fields ?? {}, settings);
    return {
      kind: 'record',
      also: [],
      record: {
        entity: 'job',
        space: 'job',
        sourceId,
        sourceUpdatedAt: readStamp(row.updated_at),
        sourceCreatedAt: readStamp(row.created_at),
        sourceStatus: stage,
        ...(skip === undefined ? {} : { skip }),
        fields: {
          ...UNKNOWN_JOB,
          name: requireText(row.name ?? row.display_name, 'name'),
          number: readText(row.project_number, 'project_number'),
          branchId: branchOf(row, context),
          divisionId: settings.divisionFrom === 'department' ? divisionOf(row) : null,
          routeId: crew?.crewKey ?? null,
          crewLeadId: crew?.leadId ?? null,
          parentJobId: parentJobId === sourceId ? null : parentJobId,
          status: status === null || status === 'draft' ? 'pending' : status,
          serviceType: used.find(([use]) => use === 'service_type')?.[2] ?? null,
          startDate: readDate(row.start_date ?? row.estimated_start_date, 'start_date'),
          endDate,
          contractPriceCents: readCents(row.total_value, 'total_value'),
          customFields: Object.fromEntries(used.filter(([use]) => use === 'exclusion').map(([, field, value]) => [field, value])),
        },
      },
    };
  });
}

/** An enabled project that the source shows no more: what was mirrored is frozen, what never was leaves a mark (M-66, M-105). */
export function unpermittedProject(projectId: string): MappedRow {
  const skip: SkipReason = { kind: 'out_of_scope', code: 'project_not_permitted', rule: 'built-in' };
  return {
    kind: 'record',
    also: [],
    record: {
      entity: 'job',
      space: 'job',
      sourceId: projectId,
      sourceUpdatedAt: null,
      sourceCreatedAt: null,
      sourceStatus: null,
      skip,
      fields: { ...UNKNOWN_JOB, name: `Project ${projectId}`, status: 'pending' },
    },
  };
}

/** Status of a project (M-67): ended by its category, else by being inactive, else what an admin says of a category not known here. */
export function projectStatus(
  row: Pick<Project, 'active' | 'project_stage'>,
  settings: ConnectionSettings,
  stages: Stages,
): JobStatus | 'draft' | null {
  const stageId = refId(row.project_stage, 'project_stage');
  const category = stageId === null ? undefined : stages.get(stageId);
  const known = category !== undefined && Object.hasOwn(CATEGORIES, category) ? CATEGORIES[category] : undefined;
  const status = known ?? fromStatusMap(settings, [stageId, row.project_stage?.name ?? null, category ?? null]);
  if (status === 'canceled' || status === 'draft') return status;
  return row.active === false ? 'completed' : status;
}

function fromStatusMap(settings: ConnectionSettings, raw: readonly (string | null)[]): (typeof STATUSES)[number] | null {
  const wanted = new Set(raw.filter((status) => status !== null).map(sameName));
  const hit = Object.entries(settings.statusMap).find(([from]) => wanted.has(sameName(from)));
  return STATUSES.find((status) => status === hit?.[1]) ?? null;
}

function skipOfStatus(status: JobStatus | 'draft' | null): SkipReason | undefined {
  return status === 'draft' || status === 'canceled' ? { kind: 'ignored', code: status, rule: 'built-in' } : undefined;
}

const NOT_ENABLED: SkipReason = { kind: 'out_of_scope', code: 'project_not_enabled', rule: 'connection.projectAllowList' };

/** The office or region the setting names, else the branch of the whole company (M-28). */
function branchOf(row: Project, context: MapContext): string {
  const from = context.settings.branchFrom;
  const officeId = from === 'office' ? refId(row.office, 'office') : null;
  if (officeId !== null) return `office:${officeId}`;
  const regionId =
    from === 'region'
      ? (refId(row.project_region, 'project_region') ?? readId(row.project_region_id, 'project_region_id'))
      : null;
  return regionId === null ? companyBranchId(context) : `region:${regionId}`;
}

/** A project may have several departments; only one alone says where the job belongs. */
function divisionOf(row: Project): string | null {
  const ids = new Set((row.departments ?? []).map((one) => departmentId(one)).filter((id) => id !== null));
  return ids.size === 1 ? [...ids][0]! : null;
}

/** The name under which a row has a custom field that the settings name by id or by that name. */
export function customFieldKey(field: string): string {
  return /^\d+$/.test(field) ? `custom_field_${field}` : field;
}

/** Use, field id and text of every custom field that has a use (M-49); all others are not read. */
function usedFields(
  fields: Readonly<Record<string, unknown>>,
  settings: ConnectionSettings,
): (readonly [string, string, string])[] {
  return Object.entries(settings.customFieldUses ?? {}).flatMap(([field, use]) => {
    const key = customFieldKey(field);
    const text = use === 'ignore' || !Object.hasOwn(fields, key) ? null : customText(fields[key]);
    return text === null ? [] : [[use, field, text] as const];
  });
}

/** A custom field's value as text: a plain value, or the label of a choice. */
function customText(field: unknown): string | null {
  const value = typeof field === 'object' && field !== null && 'value' in field ? field.value : null;
  const plain = typeof value === 'object' && value !== null && 'label' in value ? value.label : value;
  if (typeof plain === 'string') return readText(plain, 'custom_fields');
  const written = typeof plain === 'number' || typeof plain === 'boolean' || plain instanceof ExactNumber;
  return written ? String(plain) : null;
}
