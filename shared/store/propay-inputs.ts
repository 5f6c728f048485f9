import type { Instant } from '#kernel/instant.ts';
import { clientKey, jobKey, jobPartition, milestonePrefix, workerPartition } from '#model/keys.ts';
import { decodeMirrorRecord, isMirrorItem } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { LocalWage } from '#model/overrides.ts';
import type { ProPay, ProPayResult, Verdict } from '#model/propay.ts';
import { decodeProPay, decodeResult, decodeVerdict } from '#model/propay-item.ts';
import type { ProPayRecords, ProPayState, ProPayTarget } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import { decodeCallback } from './callback-repository.ts';
import { readLinkedJobs, withLinkedJobs } from './linked-jobs.ts';
import { decodeLocalWage } from './override-repository.ts';
import { decodePhase } from './phase-repository.ts';
import type { Item, Table } from './table.ts';

/** Says whether the drive time of a visit has to be read, once its ProPay is known. */
export type WantsDrives = (proPay: ProPay | null) => boolean;

/**
 * Everything that one ProPay is calculated from, read strongly and to the last page: a non-recurring job's partition with one Query; of
 * a recurring job the ranges of the visit, its time, and the job's header, in this order. `!` sorts before every other kind, so the
 * result and its revision are read before the inputs: a result written over a later one is noticed by its revision.
 */
export async function readProPayState(
  table: Table,
  scope: TenantScope,
  target: ProPayTarget,
  wantsDrives: WantsDrives,
): Promise<ProPayState> {
  const partition = jobPartition(scope, target.jobId);
  if (target.milestoneId === null)
    return withParent(table, scope, await withLinked(table, scope, stateOf(target, await table.queryAll(scope, { partition }))));
  const visit = await table.queryAll(scope, { partition, prefix: milestonePrefix(target.milestoneId) });
  const time = await table.queryAll(scope, { partition, prefix: `T#${target.milestoneId}#` });
  const drives = wantsDrives(latestOf(proPaysOf(visit), target))
    ? await table.queryAll(scope, { partition, prefix: `D#${target.milestoneId}#` })
    : [];
  const job = await table.get(scope, jobKey(scope, target.jobId));
  return withParent(table, scope, stateOf(target, [...visit, ...time, ...drives, ...(job === null ? [] : [job])]));
}

/** The same work under other jobs, where the job is linked. */
async function withLinked(table: Table, scope: TenantScope, state: ProPayState): Promise<ProPayState> {
  const { job } = state.records;
  if (job === null || (job.aliasOf === null && job.standsFor === undefined)) return state;
  const others = await readLinkedJobs(table, scope, job, (jobId, items) => {
    const { records, proPay } = stateOf({ jobId, milestoneId: null }, items);
    return { jobId, records, proPay };
  });
  return withLinkedJobs(state, others);
}

/** The parent of a job that has one: whether this is rework is told by it, too (B-150). */
async function withParent(table: Table, scope: TenantScope, state: ProPayState): Promise<ProPayState> {
  const parentId = state.records.job?.fields.parentJobId ?? null;
  return parentId === null ? state : { ...state, parent: await readJobHeader(table, scope, parentId) };
}

/** The records of jobs that are rework of another one, each with one Query. */
export async function readReworkRecords(
  table: Table,
  scope: TenantScope,
  jobIds: readonly string[],
): Promise<readonly ProPayRecords[]> {
  const read = (jobId: string) => table.queryAll(scope, { partition: jobPartition(scope, jobId) });
  return (await Promise.all(jobIds.map(read))).map(recordsOf);
}

/** The job-level ProPays of a recurring job: left over where the recurrence flag has flipped. */
export async function readJobLevelProPays(table: Table, scope: TenantScope, jobId: string): Promise<readonly ProPay[]> {
  return proPaysOf(await table.queryAll(scope, { partition: jobPartition(scope, jobId), prefix: '!P#' }));
}

/** A job's header, strongly; null where it is not mirrored. */
export async function readJobHeader(table: Table, scope: TenantScope, jobId: string): Promise<MirrorRecord<'job'> | null> {
  const item = await table.get(scope, jobKey(scope, jobId));
  return item === null ? null : decodeMirrorRecord<'job'>(item);
}

/** Source id and number of a job's property, which exclusion rules ask about (B-17); null where the job has none that is mirrored. */
export async function readPropertyNames(
  table: Table,
  scope: TenantScope,
  job: MirrorRecord<'job'> | null,
): Promise<{ readonly sourceId: string; readonly number: string | null } | null> {
  const propertyId = job?.fields.propertyId ?? null;
  const item = propertyId === null ? null : await table.get(scope, clientKey(scope, propertyId));
  if (item === null) return null;
  const { sourceId, fields } = decodeMirrorRecord<'client'>(item);
  return { sourceId, number: fields.number };
}

/** The budget records of a job itself, or of one of its milestones, deleted ones among them. */
export async function readBudgets(
  table: Table,
  scope: TenantScope,
  jobId: string,
  milestoneId: string | null,
): Promise<readonly MirrorRecord<'budget_info'>[]> {
  const prefix = `${milestoneId === null ? '' : milestonePrefix(milestoneId)}B#`;
  const items = await table.queryAll(scope, { partition: jobPartition(scope, jobId), prefix });
  return items.map((item) => decodeMirrorRecord<'budget_info'>(item));
}

/** The materials that are allocated to a milestone, deleted ones among them. */
export async function readMaterials(
  table: Table,
  scope: TenantScope,
  jobId: string,
  milestoneId: string,
): Promise<readonly MirrorRecord<'material_allocation'>[]> {
  const prefix = `${milestonePrefix(milestoneId)}I#`;
  const items = await table.queryAll(scope, { partition: jobPartition(scope, jobId), prefix });
  return items.map((item) => decodeMirrorRecord<'material_allocation'>(item));
}

/** The ids of all milestones of a job. */
export async function listMilestoneIds(table: Table, scope: TenantScope, jobId: string): Promise<readonly string[]> {
  const items = await table.queryAll(scope, { partition: jobPartition(scope, jobId), prefix: 'M#' });
  return items.flatMap((item) => (item.et === 'ms' ? [String(item.id)] : []));
}

/** Builds the state of a target from the items read for it. */
export function stateOf(target: ProPayTarget, items: readonly Item[]): ProPayState {
  const proPays = proPaysOf(items);
  const proPay = latestOf(proPays, target);
  return {
    target,
    records: recordsOf(items),
    proPay,
    result: proPay === null ? null : resultOf(items, target, proPay.n),
    verdict: verdictOf(items, target),
    proPays,
    callbacks: items.filter((item) => item.et === 'cb').map(decodeCallback),
    phases: items.filter((item) => item.et === 'fp').map(decodePhase),
    parent: null,
  };
}

function proPaysOf(items: readonly Item[]): readonly ProPay[] {
  return items.filter((item) => item.et === 'pp').map(decodeProPay);
}

/** The latest ProPay of a target: a later one exists only where the one before was deleted. */
function latestOf(proPays: readonly ProPay[], target: ProPayTarget): ProPay | null {
  const own = proPays.filter((proPay) => proPay.milestoneId === target.milestoneId);
  return own.reduce<ProPay | null>((latest, one) => (latest === null || one.n > latest.n ? one : latest), null);
}

function resultOf(items: readonly Item[], target: ProPayTarget, n: number): ProPayResult | null {
  const sk = `${target.milestoneId === null ? '' : milestonePrefix(target.milestoneId)}!R#${n}`;
  const item = items.find((one) => one.sk === sk);
  return item === undefined ? null : decodeResult(item);
}

function verdictOf(items: readonly Item[], target: ProPayTarget): Verdict | null {
  const sk = `${target.milestoneId === null ? '' : milestonePrefix(target.milestoneId)}!E`;
  const item = items.find((one) => one.sk === sk);
  return item === undefined ? null : decodeVerdict(item);
}

function recordsOf(items: readonly Item[]): ProPayRecords {
  let job: MirrorRecord<'job'> | null = null;
  const milestones: MirrorRecord<'milestone'>[] = [];
  const budgets: MirrorRecord<'budget_info'>[] = [];
  const materials: MirrorRecord<'material_allocation'>[] = [];
  const entries: MirrorRecord<'time_entry'>[] = [];
  const drives: MirrorRecord<'drive_time'>[] = [];
  for (const item of items) {
    if (!isMirrorItem(item)) continue;
    const record = decodeMirrorRecord(item);
    if (record.entity === 'job') job = record as MirrorRecord<'job'>;
    else if (record.entity === 'milestone') milestones.push(record as MirrorRecord<'milestone'>);
    else if (record.entity === 'budget_info') budgets.push(record as MirrorRecord<'budget_info'>);
    else if (record.entity === 'material_allocation') materials.push(record as MirrorRecord<'material_allocation'>);
    else if (record.entity === 'time_entry') entries.push(record as MirrorRecord<'time_entry'>);
    else if (record.entity === 'drive_time') drives.push(record as MirrorRecord<'drive_time'>);
  }
  return { job, milestones, budgets, materials, entries, drives };
}

/** One row of a worker's wage history as the wage rules take it (E-1). */
export interface WageHistoryRow {
  readonly origin: 'source' | 'local';
  readonly effectiveFrom: string;
  readonly wageE4: number | null;
  readonly burdenBp: number | null;
  /** When the row was added, or last changed at its source. */
  readonly at: Instant;
  readonly ref: { readonly entity: string; readonly id: string; readonly revision: number; readonly sourceId?: string };
  /** The record of the person whose row it is, where that is another one (M-149). */
  readonly ofWorkerId?: string;
}

/**
 * The wage history of one worker, oldest first, deleted rows left out; of the rows that people added on one date the latest stands last.
 * A kind of row that this version does not know is an error, since leaving it out would pay by a wrong wage.
 */
export async function readWageHistory(table: Table, scope: TenantScope, workerId: string): Promise<readonly WageHistoryRow[]> {
  const items = await table.queryAll(scope, { partition: workerPartition(scope, workerId), prefix: 'G#' });
  return items.flatMap((item) => {
    const local = decodeLocalWage(item);
    if (local !== null) return [localRow(workerId, local)];
    if (!isMirrorItem(item)) throw new Error(`a wage row of an unknown kind: ${String(item.et)}`);
    const record = decodeMirrorRecord<'wage_record'>(item);
    if (record.tombstone !== null || record.outOfScope !== null) return [];
    const { effectiveFrom, rateE4, burdenBp } = record.fields;
    const ref = { entity: 'wage_record' as const, id: record.id, revision: record.revision, sourceId: record.sourceId };
    return [{ origin: 'source' as const, effectiveFrom, wageE4: rateE4, burdenBp, at: record.lastChangedAt, ref }];
  });
}

function localRow(workerId: string, { effectiveFrom, wageE4, burdenBp, setAt, at, from }: LocalWage): WageHistoryRow {
  const ref = { entity: 'override', id: `${from ?? workerId}.wage`, revision: setAt };
  return { origin: 'local', effectiveFrom, wageE4, burdenBp, at, ref, ...(from === undefined ? {} : { ofWorkerId: from }) };
}

/** The wage histories of several workers, a few at a time. */
export async function readWageHistories(
  table: Table,
  scope: TenantScope,
  workerIds: readonly string[],
): Promise<ReadonlyMap<string, readonly WageHistoryRow[]>> {
  const histories = new Map<string, readonly WageHistoryRow[]>();
  const ids = [...new Set(workerIds)];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const part = ids.slice(at, at + AT_ONCE);
    const rows = await Promise.all(part.map((id) => readWageHistory(table, scope, id)));
    for (const [index, id] of part.entries()) histories.set(id, rows[index]!);
  }
  return histories;
}

const AT_ONCE = 16;
