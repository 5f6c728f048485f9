import type { LocalDate } from '#kernel/instant.ts';
import { type BonusBlock, encodeBonusBlock } from '#model/bonus-block.ts';
import { type ProPayRef, parseProPayId } from '#model/ids.ts';
import {
  approvalKey,
  byJobOfProPay,
  counterKey,
  jobKey,
  type Key,
  milestoneKey,
  proPayKey,
  resultKey,
  verdictKey,
  workerPartition,
  workerProPayKey,
  workerTimeMarkKey,
} from '#model/keys.ts';
import { encodeOwnFacts, type OwnFacts } from '#model/own-facts.ts';
import { isPhased } from '#model/phase.ts';
import type { ProPay, ProPayResult, TimeNeed, Verdict } from '#model/propay.ts';
import {
  decodeProPay,
  decodeResult,
  decodeTimeMark,
  encodeProPay,
  encodeResult,
  encodeTimeMark,
  encodeVerdict,
  encodeWorkerProPay,
  proPayOfMark,
  type ResultSubject,
} from '#model/propay-item.ts';
import type { ProPayTarget } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import { actionOf, IF_ABSENT } from './conditions.ts';
import { readWageHistory } from './propay-inputs.ts';
import { StoreError } from './store-error.ts';
import type { StagedWrite, Table, WriteAction } from './table.ts';

/** A ProPay with its result, read strongly; null where the id names nothing of this tenant. */
export async function readProPay(
  table: Table,
  scope: TenantScope,
  id: string,
): Promise<{ readonly proPay: ProPay; readonly result: ProPayResult } | null> {
  const ref = parseProPayId(id);
  if (ref === null) return null;
  const [proPay, result] = await table.batchGet(scope, [proPayKey(scope, ref), resultKey(scope, ref)]);
  if (!proPay || !result) return null;
  return { proPay: decodeProPay(proPay), result: decodeResult(result) };
}

/** Where a ProPay's inputs are read from; null where the id is none. */
export function targetOfProPay(id: string): ProPayTarget | null {
  const ref = parseProPayId(id);
  return ref === null ? null : { jobId: ref.jobId, milestoneId: ref.milestoneId };
}

/** Most ProPays of one job that are looked at: a recurring job has one for each visit. */
const MOST_OF_JOB = 500;

/** The ids of a job's Active ProPays, at most those of its first five hundred. */
export async function listActiveOfJob(table: Table, scope: TenantScope, jobId: string): Promise<readonly string[]> {
  const { items } = await table.query(scope, { index: 'id', partition: byJobOfProPay(scope, jobId), limit: MOST_OF_JOB });
  const found = await table.batchGet(
    scope,
    items.map(({ pk, sk }) => ({ pk, sk })),
  );
  return found.flatMap((item) => (item !== null && item.status === 'Active' ? [String(item.id)] : []));
}

/** Writes a new ProPay with its first result; refused where another creation was quicker (B-15). */
export function createProPayActions(scope: TenantScope, proPay: ProPay, result: ProPayResult): readonly WriteAction[] {
  return [
    { kind: 'put', item: encodeProPay(scope, proPay), condition: IF_ABSENT },
    { kind: 'put', item: encodeResult(scope, proPay, result), condition: IF_ABSENT },
  ];
}

/** A ProPay in place of the one that was read; refused where it has changed since. */
export function changedProPay(scope: TenantScope, proPay: ProPay, seenRevision: number): StagedWrite {
  return { kind: 'replace', item: encodeProPay(scope, proPay), counter: 'revision', seen: seenRevision };
}

/** Replaces a ProPay, if it still has the revision that was read. */
export function updateProPayAction(scope: TenantScope, proPay: ProPay, seenRevision: number): WriteAction {
  return actionOf(changedProPay(scope, proPay, seenRevision));
}

/** A result in place of the one that was read: a stale calculation never wins over a newer one (I16). */
export function changedResult(scope: TenantScope, proPay: ResultSubject, result: ProPayResult, seenCalcRev: number): StagedWrite {
  return { kind: 'replace', item: encodeResult(scope, proPay, result), counter: 'calcRev', seen: seenCalcRev };
}

/** Replaces a result, if it still is the one that was read. */
export function updateResultAction(
  scope: TenantScope,
  proPay: ResultSubject,
  result: ProPayResult,
  seenCalcRev: number,
): WriteAction {
  return actionOf(changedResult(scope, proPay, result, seenCalcRev));
}

/** Writes or replaces a target's verdict. Concurrent writers state the same facts, so the last one may win. */
export function putVerdictAction(scope: TenantScope, verdict: Verdict): WriteAction {
  return { kind: 'put', item: encodeVerdict(scope, verdict) };
}

/** Removes a target's verdict: it has a ProPay, or it is gone. */
export function deleteVerdictAction(scope: TenantScope, target: ProPayTarget): WriteAction {
  return { kind: 'delete', key: verdictKey(scope, target.jobId, target.milestoneId) };
}

/** A block of a record as it was read, and as it becomes. The revision is counted where it is written. */
export interface BlockChange<T extends { readonly revision: number }> {
  readonly seen: Pick<T, 'revision'>;
  readonly next: T;
}

/** Where a record stands in its list once people have decided; its other parts are the sync's, as of the revision that was read. */
export interface ListedAs {
  readonly sort: string;
  readonly seenRevision: number;
}

/**
 * Writes what people or the bonus layer keep on a worker, job or milestone beside the sync, if the record is there and each block still
 * is the one that was read.
 */
export function blocksAction(
  key: Key,
  {
    bonus,
    own,
    listed,
  }: { readonly bonus?: BlockChange<BonusBlock>; readonly own?: BlockChange<OwnFacts>; readonly listed?: ListedAs },
): WriteAction {
  const set: string[] = [];
  const terms = ['attribute_exists(pk)'];
  const names: Record<string, string> = {};
  const written: Record<string, unknown> = {};
  const compared: Record<string, unknown> = {};
  const compare = (path: string, name: string, revision: number): void => {
    terms.push(revision === 0 ? `attribute_not_exists(${path})` : `${path} = ${name}`);
    if (revision > 0) compared[name] = revision;
  };
  if (bonus !== undefined) {
    set.push('#b = :b');
    names['#b'] = 'b';
    written[':b'] = encodeBonusBlock({ ...bonus.next, revision: bonus.seen.revision + 1 });
    compare('#b.#r', ':r', bonus.seen.revision);
  }
  if (own !== undefined) {
    set.push('#o = :o', '#or = :or');
    names['#o'] = 'o';
    names['#or'] = 'or';
    written[':o'] = encodeOwnFacts(own.next);
    written[':or'] = own.seen.revision + 1;
    compare('#or', ':seen', own.seen.revision);
  }
  if (listed !== undefined) {
    set.push('#bs = :bs');
    names['#bs'] = 'bs';
    written[':bs'] = listed.sort;
    compare('#sr', ':sr', listed.seenRevision);
  }
  const compareNames = { ...(bonus && { '#b': 'b', '#r': 'r' }), ...(own && { '#or': 'or' }), ...(listed && { '#sr': 'sr' }) };
  return {
    kind: 'update',
    key: { pk: key.pk, sk: key.sk },
    update: { expression: `SET ${set.join(', ')}`, names, values: written },
    condition: {
      expression: terms.join(' AND '),
      names: compareNames,
      ...(Object.keys(compared).length > 0 ? { values: compared } : {}),
    },
  };
}

/** Writes the bonus layer's own block on a record. */
export function bonusBlockAction(key: Key, seen: Pick<BonusBlock, 'revision'>, next: BonusBlock): WriteAction {
  return blocksAction(key, { bonus: { seen, next } });
}

/** The key of the record that a ProPay stands on. */
export function keyOfTarget(scope: TenantScope, { jobId, milestoneId }: ProPayTarget): Key {
  return milestoneId === null ? jobKey(scope, jobId) : milestoneKey(scope, jobId, milestoneId);
}

/** Marks workers as being on a ProPay: written before the result that names them. */
export function markWorkerActions(scope: TenantScope, workerIds: readonly string[], proPay: string): readonly WriteAction[] {
  return workerIds.map((workerId) => ({ kind: 'put', item: encodeWorkerProPay(scope, workerId, proPay) }));
}

/** Takes marks away again: only after the result no longer names the workers. */
export function unmarkWorkerActions(scope: TenantScope, workerIds: readonly string[], proPay: string): readonly WriteAction[] {
  return workerIds.map((workerId) => ({ kind: 'delete', key: workerProPayKey(scope, workerId, proPay) }));
}

/** The ProPays a worker is or was on: a superset, read strongly. */
export async function listProPaysOfWorker(table: Table, scope: TenantScope, workerId: string): Promise<readonly ProPayRef[]> {
  const items = await table.queryAll(scope, { partition: workerPartition(scope, workerId), prefix: 'PP#' });
  return items.flatMap((item) => proPayOfMark(item.sk) ?? []);
}

/** Marks workers whose time elsewhere a ProPay's figures depend on: written before that time is read. */
export function markTimeActions(scope: TenantScope, need: TimeNeed, proPay: string): readonly WriteAction[] {
  return need.workerIds.map((workerId) => ({ kind: 'put', item: encodeTimeMark(scope, workerId, proPay, need) }));
}

/** Takes such marks away: only after the result no longer depends on the workers' time. */
export function unmarkTimeActions(scope: TenantScope, workerIds: readonly string[], proPay: string): readonly WriteAction[] {
  return workerIds.map((workerId) => ({ kind: 'delete', key: workerTimeMarkKey(scope, workerId, proPay) }));
}

/** The ProPays whose figures depend on all of a worker's time on one of the given work dates (null: on any), whatever the job. */
export async function listProPaysByTime(
  table: Table,
  scope: TenantScope,
  workerId: string,
  dates: ReadonlySet<LocalDate> | null,
): Promise<readonly ProPayRef[]> {
  const items = await table.queryAll(scope, { partition: workerPartition(scope, workerId), prefix: 'PT#' });
  return items.flatMap((item) => {
    const mark = decodeTimeMark(item);
    if (mark === null) return [];
    return dates === null || [...dates].some((date) => date >= mark.from && date <= mark.to) ? [mark.proPay] : [];
  });
}

/**
 * The ProPays that a changed wage of a worker concerns (M-119). Active ones that have no wage fixed for the worker or miss its burden, or
 * pay by entry date or share by earnings: whatever is fixed stays as it is. Approved ones whose work lies on or after a row that is
 * newer than the approval: nothing of them changes, but somebody may want to (M-137).
 */
export async function listProPaysOfWage(table: Table, scope: TenantScope, workerId: string): Promise<readonly ProPayRef[]> {
  const refs = await listProPaysOfWorker(table, scope, workerId);
  const items = await table.batchGet(
    scope,
    refs.flatMap((ref) => [proPayKey(scope, ref), resultKey(scope, ref)]),
  );
  const rows = await readWageHistory(table, scope, workerId);
  return refs.filter((_, at) => {
    const [proPay, result] = [items[2 * at], items[2 * at + 1]];
    // A mark without ProPay belongs to a creation under way.
    if (!proPay || !result) return true;
    const decoded = decodeProPay(proPay);
    const { status, approval, wageBasis, distribution } = decoded;
    if (approval !== null && status !== 'Active') {
      const lastDay = approval.approvedAt.slice(0, 10);
      return rows.some((row) => row.at > approval.approvedAt && row.effectiveFrom <= lastDay);
    }
    if (status !== 'Active') return false;
    // Some of its phases may be approved.
    if (isPhased(decoded) || wageBasis === 'by_entry_date' || distribution.formula === 'total_earnings') return true;
    const { wages, missing } = decodeResult(result);
    return wages[workerId] === undefined || missing.includes(`burden:${workerId}`);
  });
}

/** Hands out `count` consecutive reference numbers and returns the first: a compare-and-set on the tenant's counter. */
export async function takeNumbers(table: Table, scope: TenantScope, name: string, count: number): Promise<number> {
  const key = counterKey(scope, name);
  for (let attempt = 0; attempt < COUNTER_ATTEMPTS; attempt++) {
    const item = await table.get(scope, key);
    const last = typeof item?.n === 'number' ? item.n : 0;
    const outcome = await table.write(scope, [
      {
        kind: 'put',
        item: { ...key, et: 'ct', v: 1, n: last + count },
        condition:
          item === null
            ? { expression: 'attribute_not_exists(pk)' }
            : { expression: '#n = :last', names: { '#n': 'n' }, values: { ':last': last } },
      },
    ]);
    if (outcome.applied) return last + 1;
  }
  throw new StoreError('store-conflict', `the counter ${name} is taken again and again`);
}

const COUNTER_ATTEMPTS = 20;

/** The record of one approval: when, by whom, what was accepted, and the items it made. Never changed. */
export interface ApprovalRecord {
  readonly sourceId: string;
  readonly n: number;
  readonly approvedAt: string;
  readonly approvalDate: string;
  readonly by: string;
  readonly accepted: readonly { readonly code: string; readonly reason: string }[];
  readonly note: string | null;
  readonly totalCents: number;
  readonly lineItemIds: readonly string[];
  readonly snapshotDigest: string;
  readonly snapshotChunks: number;
}

/** Writes an approval record; refused where the same approval exists. */
export function approvalAction(scope: TenantScope, record: ApprovalRecord): WriteAction {
  return {
    kind: 'put',
    item: { ...approvalKey(scope, record.sourceId, record.n), et: 'ap', v: 1, ...record },
    condition: IF_ABSENT,
  };
}

/** One approval record; null where there is none. */
export async function readApproval(
  table: Table,
  scope: TenantScope,
  sourceId: string,
  n: number,
): Promise<ApprovalRecord | null> {
  const item = await table.get(scope, approvalKey(scope, sourceId, n));
  if (item === null) return null;
  const { pk: _pk, sk: _sk, et: _et, v: _v, ...record } = item;
  return record as unknown as ApprovalRecord;
}
