import type { ProPayTarget } from '#model/propay-state.ts';
import { scopeOf, type TenantScope } from '#model/scope.ts';
import type { MessageQueue, QueueMessage } from '#platform/message-queue.ts';
import { listProPaysOfWage } from '#store/propay-repository.ts';
import { changeOf, type StreamChange, type StreamRecord } from '#store/stream-image.ts';
import { type BonusPorts, type BonusSession, errorLine, forEachOf, openSession } from '../ports.ts';
import { findReached, reachOf } from './fan-out.ts';
import { fold, type TenantTouch } from './fold.ts';
import { followHours } from './follow-hours.ts';
import { type HoursTouch, hoursTouches } from './hours-touch.ts';
import { markWages } from './mark-wages.ts';
import { encodeMessages, type RecalculationMessage } from './messages.ts';
import { refreshReferences } from './refresh-references.ts';
import { settleTarget } from './settle-target.ts';
import { targetsOf, targetsOfJob } from './targets.ts';
import { targetsBesideJob, targetsByTime } from './time-followers.ts';

/** Targets settled at the same time: enough to hide the store's latency, few enough for one connection pool. */
const AT_ONCE = 12;
/** A change that reaches more targets than this is handed to the queue, so that a batch stays a second's work. */
const INLINE = 100;

/** What the recalculation needs of the outside. */
export interface InputsPorts extends BonusPorts {
  readonly later: MessageQueue;
}

/** One scope of the batch, with the stream records that asked for it. */
interface Work {
  readonly scope: TenantScope;
  readonly target: ProPayTarget;
  readonly sequences: readonly string[];
}

/**
 * Works a batch of the stream off, level by level: the tenants' context, then jobs, wages and what a changed context reaches. Answers
 * the sequence numbers of records that could be neither worked off nor handed to the queue; all others are done (fault 54).
 */
export async function processBatch(
  ports: InputsPorts,
  records: readonly StreamRecord[],
  requestId: string,
): Promise<readonly string[]> {
  const { changes, failed } = readChanges(ports, records);
  const session = openSession(ports, requestId);
  const failures = [...failed];
  const works: Work[] = [];
  const tenants = fold(changes);
  for (const tenant of tenants) {
    failures.push(...(await markWorkers(session, ports, tenant)));
    const failure = await attempt(ports, () => workOf(session, ports, tenant));
    if ('error' in failure) failures.push(...sequencesOf(tenant));
    else works.push(...failure.value);
  }
  const touches = hoursTouches(changes);
  for (const touch of touches) {
    const found = await attempt(ports, () => worksByTime(ports, touch));
    if ('error' in found) failures.push(...touch.sequences);
    else works.push(...found.value);
  }
  failures.push(...(await settleAll(session, ports, works)));
  failures.push(...(await followHours(session, touches)));
  return [...new Set(failures)];
}

/** Settles what one message of the queue asks for. Throws where anything stays undone: the queue delivers it again. */
export async function processMessage(ports: InputsPorts, message: RecalculationMessage, requestId: string): Promise<void> {
  const session = openSession(ports, requestId);
  const scope = scopeOf(message.tenantId);
  const targets = [...message.targets];
  for (const jobId of message.jobIds) targets.push(...(await targetsOfJob(session, scope, jobId)));
  const failed = await forEachOf(unique(targets), AT_ONCE, (target) => settleWithOthers(session, scope, target));
  for (const { error } of failed)
    ports.log({ level: 'error', message: 'a target stays unsettled', tenantId: message.tenantId, ...errorLine(error) });
  if (failed.length > 0) throw new Error(`${failed.length} of ${targets.length} targets stay unsettled`);
}

function readChanges(ports: InputsPorts, records: readonly StreamRecord[]) {
  const changes: StreamChange[] = [];
  const failed: string[] = [];
  for (const record of records) {
    try {
      const change = changeOf(record);
      // A record that cannot be folded alone concerns nobody else: it alone is reported.
      fold([change]);
      changes.push(change);
    } catch (error) {
      ports.log({ level: 'error', message: 'a stream record cannot be read', ...errorLine(error) });
      failed.push(record.dynamodb?.SequenceNumber ?? '');
    }
  }
  return { changes, failed };
}

type Attempt<T> = { readonly value: T } | { readonly error: unknown };

async function attempt<T>(ports: InputsPorts, act: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await act() };
  } catch (error) {
    ports.log({ level: 'error', message: 'a tenant could not be worked off', ...errorLine(error) });
    return { error };
  }
}

/** Level 1, then the targets of level 2. What reaches far goes to the queue at once. */
async function workOf(session: BonusSession, ports: InputsPorts, tenant: TenantTouch): Promise<readonly Work[]> {
  const { scope } = tenant;
  if (tenant.references.length > 0 || tenant.context?.before === null) await refreshReferences(session, scope);
  const works: Work[] = [];
  for (const touch of tenant.jobs.values())
    works.push(...(await targetsOf(session, scope, touch)).map((target) => ({ scope, target, sequences: touch.sequences })));
  works.push(...(await worksBesideOverhead(session, ports, tenant)));
  // A worker's branch says how the worker's weeks are counted.
  for (const [workerId, sequences] of tenant.workers)
    works.push(
      ...(await targetsByTime(ports.table, scope, { workerId, dates: null })).map((target) => ({ scope, target, sequences })),
    );
  for (const [workerId, sequences] of tenant.wages) {
    const refs = await listProPaysOfWage(ports.table, scope, workerId);
    const targets = refs.map(({ jobId, milestoneId }) => ({ jobId, milestoneId }));
    if (targets.length > INLINE) await ports.later.send(grouped(scope.tenantId, { targets, jobIds: [] }));
    else works.push(...targets.map((target) => ({ scope, target, sequences })));
  }
  if (tenant.context !== null) works.push(...(await fanOut(session, ports, tenant, tenant.context)));
  return works;
}

/**
 * ProPays elsewhere whose figures depend on a worker's time that has changed. Their time is found through an index, which may not hold
 * the change yet: so they are looked at again in a while.
 */
async function worksByTime(ports: InputsPorts, { scope, workerId, dates, sequences }: HoursTouch): Promise<readonly Work[]> {
  const targets = await targetsByTime(ports.table, scope, { workerId, dates });
  if (targets.length > 0) await ports.later.send(grouped(scope.tenantId, { targets, jobIds: [] }), INDEX_LAG_SECONDS);
  return targets.length > INLINE ? [] : targets.map((target) => ({ scope, target, sequences }));
}

/** Where drive time of overhead is spread, what becomes overhead, or ceases to be, concerns the day's other jobs. */
async function worksBesideOverhead(session: BonusSession, ports: InputsPorts, { scope, jobs }: TenantTouch): Promise<Work[]> {
  const touched = [...jobs.values()].filter((touch) => touch.overhead);
  if (touched.length === 0 || !(await session.context(scope))?.nonBillableRules.spreadDriveTime) return [];
  const works: Work[] = [];
  for (const { jobId, sequences } of touched)
    works.push(...(await targetsBesideJob(ports.table, scope, jobId)).map((target) => ({ scope, target, sequences })));
  return works;
}

/** What list rows show of workers' wages. Answers the records of those that failed: the stream delivers them again. */
async function markWorkers(session: BonusSession, ports: InputsPorts, tenant: TenantTouch): Promise<readonly string[]> {
  const { scope, wages, workers } = tenant;
  const workerIds = [...new Set([...wages.keys(), ...workers.keys()])];
  const failed = await forEachOf(workerIds, AT_ONCE, (workerId) => markWages(session, scope, workerId));
  for (const { one, error } of failed)
    ports.log({
      level: 'error',
      message: 'wages stay unshown',
      tenantId: scope.tenantId,
      workerId: one,
      ...errorLine(error),
    });
  return failed.flatMap(({ one }) => [...(wages.get(one) ?? []), ...(workers.get(one) ?? [])]);
}

async function fanOut(
  session: BonusSession,
  ports: InputsPorts,
  { scope }: TenantTouch,
  context: NonNullable<TenantTouch['context']>,
): Promise<readonly Work[]> {
  const reach = reachOf(context.before, context.after);
  for (const workerId of reach.people) await markWages(session, scope, workerId);
  const reached = await findReached(ports.table, scope, reach);
  const { tenantId } = scope;
  if (reached.targets.length + reached.jobIds.length > INLINE) {
    await ports.later.send(grouped(tenantId, { ...reached }));
    return [];
  }
  const targets = [...reached.targets];
  for (const jobId of reached.jobIds) targets.push(...(await targetsOfJob(session, scope, jobId)));
  return targets.map((target) => ({ scope, target, sequences: context.sequences }));
}

/** Settles every target once. A failed one is handed to the queue; only where that fails too its records are reported. */
async function settleAll(session: BonusSession, ports: InputsPorts, works: readonly Work[]): Promise<readonly string[]> {
  const merged = new Map<string, Work>();
  for (const work of works) {
    const key = `${work.scope.tenantId} ${work.target.jobId} ${work.target.milestoneId ?? '-'}`;
    const known = merged.get(key);
    merged.set(key, known === undefined ? work : { ...known, sequences: [...known.sequences, ...work.sequences] });
  }
  const failed = await forEachOf([...merged.values()], AT_ONCE, ({ scope, target }) => settleWithOthers(session, scope, target));
  const unreported: string[] = [];
  for (const { one, error } of failed) {
    const { tenantId } = one.scope;
    ports.log({ level: 'error', message: 'a target goes to the queue', tenantId, ...one.target, ...errorLine(error) });
    const sent = await attempt(ports, () =>
      ports.later.send(grouped(tenantId, { targets: [one.target], jobIds: [] }), LATER_SECONDS),
    );
    if ('error' in sent) unreported.push(...one.sequences);
  }
  return unreported;
}

const LATER_SECONDS = 2;
/** By then an index shows every change: it takes a second as a rule. */
const INDEX_LAG_SECONDS = 120;

/** Messages of one tenant as a group, so that its many do not delay another tenant's. */
function grouped(tenantId: string, work: Omit<RecalculationMessage, 'tenantId'>): readonly QueueMessage[] {
  return encodeMessages({ tenantId, ...work }).map((body) => ({ body, group: tenantId }));
}

async function settleWithOthers(session: BonusSession, scope: TenantScope, target: ProPayTarget): Promise<void> {
  const { alsoTargets } = await settleTarget(session, scope, target);
  for (const other of alsoTargets) await settleTarget(session, scope, other);
}

function unique(targets: readonly ProPayTarget[]): readonly ProPayTarget[] {
  return [...new Map(targets.map((target) => [`${target.jobId} ${target.milestoneId ?? '-'}`, target])).values()];
}

function sequencesOf(tenant: TenantTouch): readonly string[] {
  return [
    ...[...tenant.jobs.values()].flatMap((touch) => touch.sequences),
    ...[...tenant.wages.values()].flat(),
    ...[...tenant.workers.values()].flat(),
    ...tenant.references,
    ...(tenant.context?.sequences ?? []),
  ];
}
