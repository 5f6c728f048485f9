import { countsDriveTime } from '#bonus/inputs/choices.ts';
import { workOutProPay } from '#bonus/work-out.ts';
import { hashCanonical } from '#kernel/hash.ts';
import type { Instant } from '#kernel/instant.ts';
import { parseLineItemId } from '#model/ids.ts';
import { listPartition } from '#model/keys.ts';
import { isPhased } from '#model/phase.ts';
import type { ProPay } from '#model/propay.ts';
import type { ProPayTarget } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import { itemIdsOfPhases } from '#pay/phase-ledger.ts';
import { inputReaders } from '#store/input-readers.ts';
import { listPhases } from '#store/phase-repository.ts';
import { readProPayState } from '#store/propay-inputs.ts';
import { readReserve } from '#store/reserve-repository.ts';
import { listActive } from '../on-inputs/fan-out.ts';
import { markWages } from '../on-inputs/mark-wages.ts';
import { settleTarget } from '../on-inputs/settle-target.ts';
import { targetsOf } from '../on-inputs/targets.ts';
import { openStatements } from '../on-results/open-statements.ts';
import { settlePaid } from '../on-results/settle-paid.ts';
import { type BonusSession, forEachOf } from '../ports.ts';
import { settleEach } from '../settle-each.ts';
import { todaysShare } from './shares.ts';
import { logVerified } from './verified.ts';

const AT_ONCE = 12;

/**
 * Works every open ProPay and a seventh of the tenant's jobs out again from their records and compares the figures with the stored ones
 * (I15). A difference is a defect or a lost record: it is counted in the log as a metric that raises an alarm, and put right. What follows
 * from line items is made good as well (B-92, B-133): statements of approved ProPays are opened, and a ProPay whose items are all paid
 * becomes Paid.
 */
export async function verify(session: BonusSession, scope: TenantScope, time: Instant): Promise<void> {
  const { table, log } = session.ports;
  const isDue = todaysShare(time);
  const jobs = await table.queryAll(scope, { index: 'by', partition: listPartition(scope, 'JOB') });
  const jobIds = jobs.flatMap((item) => /#J#([^#]+)$/.exec(item.pk)?.[1] ?? []).filter(isDue);
  await markShare(session, scope, isDue);
  let checked = 0;
  let different = 0;
  const approved: ProPay[] = [];
  const done = new Set<string>();
  const check = async (target: ProPayTarget): Promise<void> => {
    checked += 1;
    const found = await inspect(session, scope, target);
    if (found.proPay !== null && (found.proPay.status === 'Approved' || isPhased(found.proPay))) approved.push(found.proPay);
    if (found.different) {
      different += 1;
      log({ level: 'error', message: 'a stored result differs from its inputs', tenantId: scope.tenantId, ...target });
    }
    await settleTarget(session, scope, target);
  };
  const checkOnce = async (targets: readonly ProPayTarget[]): Promise<void> => {
    const fresh = targets.filter(({ jobId, milestoneId }) => !done.has(`${jobId} ${milestoneId}`));
    for (const { jobId, milestoneId } of fresh) done.add(`${jobId} ${milestoneId}`);
    await settleEach(session, scope, fresh, check);
  };
  await checkOnce(await listActive(table, scope));
  for (const jobId of jobIds)
    await checkOnce(await targetsOf(session, scope, { jobId, header: true, loose: false, milestoneIds: new Set() }));
  await followItems(session, scope, approved);
  logVerified(session, scope, checked, different);
}

/** What list rows show of the wages of a seventh of the workers, made good like everything else. */
async function markShare(session: BonusSession, scope: TenantScope, isDue: (id: string) => boolean): Promise<void> {
  const items = await session.ports.table.queryAll(scope, { index: 'by', partition: listPartition(scope, 'WORKER') });
  const workerIds = items.flatMap((item) => /#W#([^#]+)$/.exec(item.pk)?.[1] ?? []).filter(isDue);
  const failed = await forEachOf(workerIds, AT_ONCE, (workerId) => markWages(session, scope, workerId));
  if (failed.length > 0) throw failed[0]!.error;
}

/** What the line items of approved ProPays ask for, should their own records never have arrived. */
async function followItems(session: BonusSession, scope: TenantScope, approved: readonly ProPay[]): Promise<void> {
  const { table } = session.ports;
  const itemIds = approved.flatMap((proPay) => proPay.approval?.lineItemIds ?? []);
  for (const proPay of approved.filter(isPhased))
    itemIds.push(...itemIdsOfPhases(await listPhases(table, scope, proPay.id), await readReserve(table, scope, proPay)));
  const workerIds = new Set(itemIds.flatMap((id) => parseLineItemId(id)?.workerId ?? []));
  const failed = [
    ...(await forEachOf([...workerIds], AT_ONCE, (workerId) => openStatements(session, scope, workerId))),
    ...(await forEachOf(approved, AT_ONCE, ({ id }) => settlePaid(session, scope, id))),
  ];
  if (failed.length > 0) throw failed[0]!.error;
}

interface Inspected {
  readonly proPay: ProPay | null;
  /** Whether an Active ProPay's stored figures are not those of its inputs. */
  readonly different: boolean;
}

async function inspect(session: BonusSession, scope: TenantScope, target: ProPayTarget): Promise<Inspected> {
  const { table } = session.ports;
  const context = await session.context(scope);
  if (context === null) return { proPay: null, different: false };
  const state = await readProPayState(table, scope, target, (proPay) => countsDriveTime(proPay, context));
  const { proPay, result } = state;
  if (proPay === null || result === null || proPay.status !== 'Active' || result.cfgRev !== proPay.revision)
    return { proPay, different: false };
  // At the moment of the stored figures: a week that has ended since is news, and no difference.
  const { result: fresh } = await workOutProPay(state, proPay, context, inputReaders(table, scope, result.calculatedAt));
  const counted = ({ inputsVersion, outcome, missing, figures, ifCompleted }: typeof fresh) =>
    hashCanonical({ inputsVersion, outcome, missing, figures, ifCompleted });
  return { proPay, different: counted(result) !== counted(fresh) };
}
