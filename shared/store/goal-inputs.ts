import type { LocalDate } from '#kernel/instant.ts';
import type { Period } from '#kernel/period.ts';
import { CALLBACK_STATES, type Callback, isLiveCallback } from '#model/callback.ts';
import { parseProPayId } from '#model/ids.ts';
import { jobPartition, type Key, listPartition, proPayKey, referenceKey, resultKey, workerKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { GoalTerms } from '#model/pro-goal.ts';
import type { ProPay, ProPayResult } from '#model/propay.ts';
import { decodeProPay, decodeResult } from '#model/propay-item.ts';
import type { TenantScope } from '#model/scope.ts';
import { decodeCallback } from './callback-repository.ts';
import type { QueryPage, Table } from './table.ts';

/** People who may take part in a goal, and the routes that decide about it. */
export interface GoalPeople {
  readonly workers: readonly MirrorRecord<'worker'>[];
  /** The scope's route; empty where the scope is none. */
  readonly routes: readonly MirrorRecord<'route'>[];
}

/**
 * The people among whom a goal's participants are: those whom it names, those of its route, else everybody of its branch or the tenant.
 * The index only finds them; their records are read strongly.
 */
export async function readGoalPeople(
  table: Table,
  scope: TenantScope,
  { scope: place, participants }: Pick<GoalTerms, 'scope' | 'participants'>,
): Promise<GoalPeople> {
  const route = place.type === 'route' ? await table.get(scope, referenceKey(scope, 'route', place.routeId)) : null;
  const routes = route === null ? [] : [decodeMirrorRecord<'route'>(route)];
  const keys =
    participants.type === 'named'
      ? participants.workerIds.map((id) => workerKey(scope, id))
      : place.type === 'route'
        ? routes
            .flatMap(({ fields: { memberIds, crewLeadId } }) => [...memberIds, ...(crewLeadId === null ? [] : [crewLeadId])])
            .map((id) => workerKey(scope, id))
        : await table.queryAll(scope, {
            index: 'by',
            partition: listPartition(scope, 'WORKER'),
            ...(place.type === 'branch' ? { prefix: `${place.branchId}#` } : {}),
          });
  return { workers: await readWorkersAt(table, scope, keys), routes };
}

/** Workers by id, read strongly; whoever is not mirrored is left out. */
export async function readGoalWorkers(
  table: Table,
  scope: TenantScope,
  ids: readonly string[],
): Promise<readonly MirrorRecord<'worker'>[]> {
  return readWorkersAt(
    table,
    scope,
    ids.map((id) => workerKey(scope, id)),
  );
}

async function readWorkersAt(table: Table, scope: TenantScope, keys: readonly Key[]): Promise<readonly MirrorRecord<'worker'>[]> {
  const unique = new Map(keys.map((key) => [key.pk, key]));
  const items = await table.batchGet(scope, [...unique.values()]);
  return items.flatMap((item) => (item === null ? [] : [decodeMirrorRecord<'worker'>(item)]));
}

/** All rework that counts (B-150): the list only finds it, states are decided on the records, read strongly. */
export async function listLiveCallbacks(table: Table, scope: TenantScope): Promise<readonly Callback[]> {
  const keys: Key[] = [];
  for (const state of CALLBACK_STATES.filter((one) => isLiveCallback({ state: one })))
    keys.push(...(await table.queryAll(scope, { index: 'by', partition: listPartition(scope, 'CB'), prefix: `${state}#` })));
  const unique = new Map(keys.map((key) => [`${key.pk} ${key.sk}`, key]));
  const items = await table.batchGet(scope, [...unique.values()]);
  return items.flatMap((item) => (item === null ? [] : [decodeCallback(item)])).filter(isLiveCallback);
}

/** The work that a callback comes back to: who is named on its ProPay, and who has time on it. */
export interface ReworkedWork {
  readonly people: ProPayResult['people'];
  readonly workerIds: readonly string[];
}

/** The work behind a callback, read strongly; null where it is that of a recurring job: nobody says which visit is meant. */
export async function readReworkedWork(
  table: Table,
  scope: TenantScope,
  { proPayId, originalJobId: jobId }: Pick<Callback, 'proPayId' | 'originalJobId'>,
): Promise<ReworkedWork | null> {
  const ref = (proPayId === null ? null : parseProPayId(proPayId)) ?? { jobId, milestoneId: null, n: 1 };
  const result = await table.get(scope, resultKey(scope, ref));
  if (result === null) return null;
  const items = await table.queryAll(scope, { partition: jobPartition(scope, jobId), prefix: 'T#' });
  const entries = items.map((item) => decodeMirrorRecord<'time_entry'>(item)).filter(({ tombstone }) => tombstone === null);
  return {
    people: decodeResult(result).people,
    workerIds: [...new Set(entries.map(({ fields }) => fields.workerId))],
  };
}

/** A ProPay with its frozen result. */
export interface ApprovedProPay {
  readonly proPay: ProPay;
  readonly result: ProPayResult;
}

const SETTLED = ['Approved', 'Paid'] as const;
/** Keys of one Query. */
const FOUND_AT_ONCE = 1_000;

/**
 * The ProPays that were approved in a period, by the day of their approval. The index finds them, one Query for each status and branch;
 * status and date are decided on the records, read strongly.
 */
export async function listProPaysApprovedIn(
  table: Table,
  scope: TenantScope,
  branchIds: readonly string[],
  { startDate, endDate }: Period,
): Promise<readonly ApprovedProPay[]> {
  const period = { startDate, endDate };
  return readApproved(table, scope, await idsApprovedIn(table, scope, branchIds, period, Number.POSITIVE_INFINITY), period);
}

/** The same where there are no more than so many; null where there are. */
export async function listAtMostApprovedIn(
  table: Table,
  scope: TenantScope,
  branchIds: readonly string[],
  period: Period,
  most: number,
): Promise<readonly ApprovedProPay[] | null> {
  const ids = await idsApprovedIn(table, scope, branchIds, period, most);
  return ids.length > most ? null : readApproved(table, scope, ids, period);
}

/** Ids that the index finds; it stops soon after there are more than so many. */
async function idsApprovedIn(
  table: Table,
  scope: TenantScope,
  branchIds: readonly string[],
  { startDate, endDate }: Period,
  most: number,
): Promise<readonly string[]> {
  const partition = listPartition(scope, 'PP');
  const ids = new Set<string>();
  for (const status of SETTLED)
    for (const branchId of ['-', ...branchIds]) {
      const prefix = `${status}#${branchId}#`;
      const range = { index: 'by' as const, partition, from: `${prefix}${startDate}`, to: `${prefix}${endDate}~` };
      let after: QueryPage['after'] = null;
      do {
        const page: QueryPage = await table.query(scope, { ...range, limit: FOUND_AT_ONCE, after });
        for (const { bs } of page.items) ids.add(String(bs).slice(`${prefix}${startDate}#`.length));
        after = page.after;
      } while (after !== null && ids.size <= most);
      if (ids.size > most) return [...ids];
    }
  return [...ids];
}

async function readApproved(
  table: Table,
  scope: TenantScope,
  ids: readonly string[],
  { startDate, endDate }: Period,
): Promise<readonly ApprovedProPay[]> {
  const refs = ids.flatMap((id) => parseProPayId(id) ?? []);
  const items = await table.batchGet(
    scope,
    refs.flatMap((ref) => [proPayKey(scope, ref), resultKey(scope, ref)]),
  );
  const within = (day: LocalDate): boolean => day >= startDate && day <= endDate;
  return refs.flatMap((_, at) => {
    const [proPay, result] = [items[2 * at], items[2 * at + 1]];
    if (!proPay || !result) return [];
    const read = { proPay: decodeProPay(proPay), result: decodeResult(result) };
    return SETTLED.some((status) => status === read.proPay.status) && within(read.proPay.listDate) ? [read] : [];
  });
}
