import { countsDriveTime } from '#bonus/assemble.ts';
import { workOutProPay } from '#bonus/work-out.ts';
import { hashCanonical, hashText } from '#kernel/hash.ts';
import { addDays, dayNumberOf, type Instant, msOf } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import { listPartition } from '#model/keys.ts';
import type { ProPayTarget } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import { readProPayState, readWageHistories } from '#store/propay-inputs.ts';
import { targetOfVerdict } from '../on-inputs/fan-out.ts';
import { markWages } from '../on-inputs/mark-wages.ts';
import { settleTarget } from '../on-inputs/settle-target.ts';
import { targetsOf } from '../on-inputs/targets.ts';
import { type BonusSession, errorLine, forEachOf } from '../ports.ts';

const AT_ONCE = 12;
/** Days in which every job has been verified once. */
const SHARES = 7;

/** Visits whose verdict was that they lie beyond the horizon, and that no longer do (M-129). */
export async function awaitedTargets(session: BonusSession, scope: TenantScope): Promise<void> {
  const { table, now } = session.ports;
  const context = await session.context(scope);
  if (context === null) return;
  const horizonDate = addDays(localDateOf(now(), context.zone), context.horizonDays);
  const partition = listPartition(scope, 'NOPP');
  for (const branchId of ['-', ...Object.keys(context.branches)]) {
    const prefix = `${branchId}#awaiting_generation#`;
    const items = await table.queryAll(scope, { index: 'by', partition, from: prefix, to: `${prefix}${horizonDate}~` });
    await settleEach(session, scope, items.flatMap(targetOfVerdict), (target) => settleTarget(session, scope, target));
  }
}

/**
 * Works a seventh of the tenant's jobs out again from their records and compares the figures with the stored ones (I15). A difference is
 * a defect or a lost record: it is counted in the log as a metric that raises an alarm, and put right.
 */
export async function verifyShare(session: BonusSession, scope: TenantScope, time: Instant): Promise<void> {
  const { table, log, now } = session.ports;
  const share = dayNumberOf(time.slice(0, 10)) % SHARES;
  const jobs = await table.queryAll(scope, { index: 'by', partition: listPartition(scope, 'JOB') });
  const jobIds = jobs.flatMap((item) => /#J#([^#]+)$/.exec(item.pk)?.[1] ?? []).filter((jobId) => shareOf(jobId) === share);
  await markShare(session, scope, share);
  let checked = 0;
  let different = 0;
  for (const jobId of jobIds) {
    const targets = await targetsOf(session, scope, { jobId, header: true, loose: false, milestoneIds: new Set() });
    await settleEach(session, scope, targets, async (target) => {
      checked += 1;
      if (await isDifferent(session, scope, target)) {
        different += 1;
        log({ level: 'error', message: 'a stored result differs from its inputs', tenantId: scope.tenantId, ...target });
      }
      await settleTarget(session, scope, target);
    });
  }
  log({
    level: different > 0 ? 'error' : 'info',
    message: 'verified',
    tenantId: scope.tenantId,
    _aws: {
      Timestamp: msOf(now()),
      CloudWatchMetrics: [
        { Namespace: 'Protiv', Dimensions: [[]], Metrics: [{ Name: 'ResultsVerified' }, { Name: 'ResultDifferences' }] },
      ],
    },
    ResultsVerified: checked,
    ResultDifferences: different,
  });
}

/** What list rows show of the wages of a seventh of the workers, made good like everything else. */
async function markShare(session: BonusSession, scope: TenantScope, share: number): Promise<void> {
  const items = await session.ports.table.queryAll(scope, { index: 'by', partition: listPartition(scope, 'WORKER') });
  const workerIds = items.flatMap((item) => /#W#([^#]+)$/.exec(item.pk)?.[1] ?? []).filter((id) => shareOf(id) === share);
  const failed = await forEachOf(workerIds, AT_ONCE, (workerId) => markWages(session, scope, workerId));
  if (failed.length > 0) throw failed[0]!.error;
}

function shareOf(id: string): number {
  return Buffer.from(hashText(id), 'base64url').readUInt32BE(0) % SHARES;
}

/** Whether an Active ProPay's stored figures are not those of its inputs. */
async function isDifferent(session: BonusSession, scope: TenantScope, target: ProPayTarget): Promise<boolean> {
  const { table } = session.ports;
  const context = await session.context(scope);
  if (context === null) return false;
  const state = await readProPayState(table, scope, target, (proPay) => countsDriveTime(proPay, context));
  const { proPay, result } = state;
  if (proPay === null || result === null || proPay.status !== 'Active' || result.cfgRev !== proPay.revision) return false;
  const { result: fresh } = await workOutProPay(state, proPay, context, (ids) => readWageHistories(table, scope, ids));
  const counted = ({ inputsVersion, outcome, missing, figures, ifCompleted }: typeof fresh) =>
    hashCanonical({ inputsVersion, outcome, missing, figures, ifCompleted });
  return counted(result) !== counted(fresh);
}

async function settleEach(
  session: BonusSession,
  scope: TenantScope,
  targets: readonly ProPayTarget[],
  act: (target: ProPayTarget) => Promise<unknown>,
): Promise<void> {
  const failed = await forEachOf(targets, AT_ONCE, async (target) => {
    await act(target);
  });
  for (const { one, error } of failed)
    session.ports.log({
      level: 'error',
      message: 'a target stays unsettled',
      tenantId: scope.tenantId,
      ...one,
      ...errorLine(error),
    });
  if (failed.length > 0) throw new Error(`${failed.length} of ${targets.length} targets stay unsettled`);
}
