import { refuseRow, requireText, tryRead } from '#mirror/read-fields.ts';
import type { MappedRecord, MappedRow, SkipReason } from '#model/mapped-record.ts';
import { UNKNOWN_JOB, UNKNOWN_MILESTONE } from '#model/unknown-fields.ts';
import { idIn } from '../joins.ts';
import { jobcodeRow } from '../wire.ts';
import { mapBudget } from './budget.ts';
import { branchSource, type MapContext, type Project } from './context.ts';
import { exclusionValues, valueWithUse } from './custom-fields.ts';
import { type Place, placeOf, type Role } from './place.ts';
import { mapRow, readCustomFields, readFlag, readName, readRef, readStampOf } from './read.ts';
import { stateOf } from './status.ts';

type Row = (typeof jobcodeRow)['_zod']['output'];

/** A row that another stream of the same list maps. */
export const NOT_OURS = Symbol('not ours');

/** Which roles each of the three streams of jobcodes tells about. What is no record leaves its marker beside the jobs. */
const OWN: Readonly<Record<'clients' | 'jobs' | 'milestones', ReadonlySet<Role>>> = {
  clients: new Set(['client']),
  jobs: new Set(['job', 'overhead', 'drive', 'ignore', 'leave', 'break_paid', 'break_unpaid', 'rolled_up']),
  milestones: new Set(['milestone', 'unknown']),
};

/**
 * Jobcodes → client, job or milestone, as their place in the tree says (M-62). A row that cannot be read at all is told by every stream,
 * since nobody knows whose it is.
 */
export function mapJobcode(stream: keyof typeof OWN, raw: unknown, context: MapContext): MappedRow | typeof NOT_OURS {
  const role = roleOf(raw, context);
  if (role !== null && !OWN[stream].has(role)) return NOT_OURS;
  return mapRow(jobcodeRow, raw, (row, sourceId) => {
    const place = placeOf(context.joins.nodes, sourceId, context.settings);
    if (place.role === 'client') return clientOf(row, sourceId);
    if (place.role === 'job') return jobOf(row, sourceId, place, context);
    if (place.role === 'milestone' || place.role === 'unknown') return milestoneOf(row, sourceId, place, context);
    return notAJob(row, sourceId, place, context);
  });
}

/** What the row is to us, also where something else of it cannot be read; null where its place is not known. */
function roleOf(raw: unknown, context: MapContext): Role | null {
  const id = idIn(raw, 'id');
  let role: Role | null = null;
  if (id !== null && context.joins.nodes.has(id))
    tryRead(() => {
      role = placeOf(context.joins.nodes, id, context.settings).role;
    });
  return role;
}

function stamps(row: Row): Pick<MappedRecord, 'sourceUpdatedAt' | 'sourceCreatedAt'> {
  return { sourceUpdatedAt: readStampOf(row.last_modified), sourceCreatedAt: readStampOf(row.created) };
}

function nameOf(row: Row): string {
  return requireText(readName(row.name, 'name'), 'name');
}

function clientOf(row: Row, sourceId: string): MappedRow {
  return {
    kind: 'record',
    also: [],
    record: {
      entity: 'client',
      space: 'client',
      sourceId,
      ...stamps(row),
      sourceStatus: null,
      fields: {
        kind: 'client',
        name: nameOf(row),
        number: readName(row.short_code, 'short_code'),
        parentId: null,
        line1: null,
        city: null,
        region: null,
        postalCode: null,
        country: null,
        active: readFlag(row.active, 'active') !== false,
      },
    },
  };
}

function projectOf(row: Row, sourceId: string, context: MapContext): Project | null {
  const project = context.joins.projects.get(sourceId) ?? null;
  return typeof project === 'string' ? refuseRow(project, 'projects.jobcode_id', row.project_id) : project;
}

/** What jobs and milestones have in common. */
function common(row: Row, sourceId: string, context: MapContext) {
  const stamped = stamps(row);
  const project = projectOf(row, sourceId, context);
  const active = readFlag(row.active, 'active') !== false;
  const state = stateOf(context, { active, sourceUpdatedAt: stamped.sourceUpdatedAt }, project);
  const values = readCustomFields(row.customfields);
  const { settings } = context;
  return {
    stamped,
    project,
    state,
    values,
    skip: state.skip === undefined ? {} : { skip: state.skip },
    serviceType:
      settings.jobcodeSettings?.[sourceId]?.serviceType ?? valueWithUse(values, settings, 'service_type')?.value ?? null,
    invoiceType: valueWithUse(values, settings, 'invoice_type')?.value ?? null,
  };
}

function withBudget(record: MappedRecord<'job' | 'milestone'>, budget: ReturnType<typeof mapBudget>): MappedRow {
  return 'refused' in budget
    ? { kind: 'record', record, also: [], refused: [budget.refused] }
    : { kind: 'record', record, also: [budget.record] };
}

function jobOf(row: Row, sourceId: string, place: Place, context: MapContext): MappedRow {
  const { stamped, project, state, values, skip, serviceType, invoiceType } = common(row, sourceId, context);
  const branch = branchOf(values, context);
  const record: MappedRecord<'job'> = {
    entity: 'job',
    space: 'job',
    sourceId,
    ...stamped,
    sourceStatus: state.raw,
    ...skip,
    ...(branch.known ? {} : { warnings: ['branch_unknown'] }),
    fields: {
      name: nameOf(row),
      number: readName(row.short_code, 'short_code'),
      clientId: place.clientId,
      propertyId: null,
      branchId: branch.id,
      divisionId: null,
      routeId: null,
      managerId: null,
      crewLeadId: null,
      parentJobId: null,
      status: state.status,
      recurring: isRecurring(values, context),
      serviceType,
      invoiceType,
      startDate: project?.startDate ?? null,
      endDate: project?.dueDate ?? null,
      completedAt: state.completedAt,
      canceledAt: null,
      contractPriceCents: null,
      customFields: exclusionValues(values, context.settings),
      sourceUrl: null,
    },
  };
  const of = { jobcodeId: sourceId, jobId: sourceId, milestoneId: null, sourceUpdatedAt: stamped.sourceUpdatedAt };
  return withBudget(record, mapBudget(context, { ...of, values, project }));
}

function milestoneOf(row: Row, sourceId: string, place: Place, context: MapContext): MappedRow {
  const { stamped, project, state, values, skip, serviceType, invoiceType } = common(row, sourceId, context);
  const jobId = place.jobId ?? readRef(row.parent_id, 'parent_id') ?? refuseRow('required_field_missing', 'parent_id', null);
  const record: MappedRecord<'milestone'> = {
    entity: 'milestone',
    space: 'milestone',
    sourceId,
    ...stamped,
    sourceStatus: state.raw,
    ...skip,
    fields: {
      ...UNKNOWN_MILESTONE,
      jobId,
      name: nameOf(row),
      number: readName(row.short_code, 'short_code'),
      status: state.status,
      review: state.status === 'completed' ? 'pending_review' : 'none',
      scheduledDate: project?.startDate ?? null,
      completedAt: state.completedAt,
      serviceType,
      invoiceType,
    },
  };
  const of = { jobcodeId: sourceId, jobId, milestoneId: sourceId, sourceUpdatedAt: stamped.sourceUpdatedAt };
  return withBudget(record, mapBudget(context, { ...of, values, project }));
}

/** A jobcode that stands for no job of its own: only a marker that says why, under its name. */
function notAJob(row: Row, sourceId: string, place: Place, context: MapContext): MappedRow {
  const state = stateOf(context, { active: readFlag(row.active, 'active') !== false, sourceUpdatedAt: null }, null);
  const record: MappedRecord<'job'> = {
    entity: 'job',
    space: 'job',
    sourceId,
    ...stamps(row),
    sourceStatus: state.raw,
    skip: skipOf(place.role),
    fields: { ...UNKNOWN_JOB, name: nameOf(row), number: readName(row.short_code, 'short_code'), status: state.status },
  };
  return { kind: 'record', record, also: [] };
}

function skipOf(role: Role): SkipReason {
  if (role === 'leave' || role === 'break_paid' || role === 'break_unpaid')
    return { kind: 'out_of_scope', code: 'type_not_read', rule: 'built-in' };
  const rule = role === 'rolled_up' ? 'connection.jobcodeLevels' : 'connection.jobcodeMap';
  return { kind: 'out_of_scope', code: 'jobcode_ignored', rule };
}

function branchOf(values: ReadonlyMap<string, string>, context: MapContext): { readonly id: string; readonly known: boolean } {
  const from = branchSource(context.settings);
  const value = from.kind === 'field' ? values.get(from.id) : undefined;
  if (value === undefined) return { id: context.accountBranchId, known: true };
  const id = context.joins.branchItems.get(value);
  return { id: id ?? context.accountBranchId, known: id !== undefined };
}

const YES: ReadonlySet<string> = new Set(['recurring', 'yes', 'true', '1']);

function isRecurring(values: ReadonlyMap<string, string>, { settings }: MapContext): boolean {
  const value = valueWithUse(values, settings, 'recurring')?.value.trim().toLowerCase();
  return (
    value !== undefined && (YES.has(value) || (settings.recurringTypes ?? []).some((one) => one.trim().toLowerCase() === value))
  );
}
