import { factsOf } from '#bonus/groups/contribution.ts';
import { readsDriveTime } from '#bonus/inputs/choices.ts';
import type { ApprovalSnapshot } from '#bonus/snapshot.ts';
import { readSources, type SourceReading } from '#bonus/source-reading.ts';
import { workOutProPay } from '#bonus/work-out.ts';
import { canonicalJson } from '#kernel/canonical.ts';
import type { Contribution, MemberFacts, MemberNow } from '#model/group.ts';
import type { ProPay, ProPayResult } from '#model/propay.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { actionOf } from '#store/conditions.ts';
import { changedContribution, readContribution, readGroupHeader } from '#store/group-repository.ts';
import { inputReaders } from '#store/input-readers.ts';
import { readProPayState } from '#store/propay-inputs.ts';
import { readApprovalSnapshot } from '#store/snapshot-store.ts';
import type { BonusSession } from '../ports.ts';
import { standsStill } from './follow-source.ts';

/** An approved member of a group. */
interface ApprovedMember {
  readonly proPay: ProPay;
  readonly result: ProPayResult;
  readonly groupId: string;
}

/**
 * Leaves in an approved group what the sources of one of its members say now, where that is not what was approved (B-96): the difference is
 * the group's. False where somebody else wrote it, or the group is being changed.
 */
export async function followMember(
  session: BonusSession,
  scope: TenantScope,
  state: ProPayState,
  context: TenantContext,
  { proPay, result, groupId }: ApprovedMember,
): Promise<boolean> {
  const { table } = session.ports;
  const readers = inputReaders(table, scope, session.ports.now());
  const stored = await readContribution(table, scope, groupId, proPay.id);
  if (stored === null) return false;
  const worked = await workOutProPay(state, proPay, context, readers, { final: true });
  if (stored.now === null && standsStill(state, result, worked)) return true;
  const header = await readGroupHeader(table, scope, groupId);
  if (header === null || header.approval === null) return false;
  // Read after what it replaces, so that an older reading never stands over a newer one.
  const fresh = await readProPayState(table, scope, state.target, () => readsDriveTime(proPay, context));
  const frozen = (await readApprovalSnapshot(table, scope, groupId, header.approval.n)) as Frozen;
  const snapshot = frozen.members.find((one) => one.proPay.id === proPay.id);
  if (snapshot === undefined) throw new Error('an approved member that its group’s snapshot does not name');
  const reading = await readSources({ ...fresh, result }, { proPay, snapshot }, context, readers);
  const now = nowOf(proPay, stored, reading);
  if (canonicalJson(now) === canonicalJson(stored.now)) return true;
  const next = { ...stored, now, calcRev: stored.calcRev + 1 };
  return (await table.write(scope, [actionOf(changedContribution(scope, next, stored.calcRev))])).applied;
}

interface Frozen {
  readonly members: readonly ApprovalSnapshot[];
}

/** What differs from the approved facts; null where nothing that counts does. */
function nowOf(proPay: ProPay, stored: Contribution, reading: SourceReading): MemberNow | null {
  const facts = factsOf(proPay, { ...reading.worked.assembled, calculation: reading.current });
  if (reading.causes.length === 0 && counted(facts) === counted(stored)) return null;
  const { causes, records, runId } = reading;
  return { ...facts, causes, records, runId };
}

function counted({ budgetKind, budget, missing, time }: MemberFacts): string {
  return canonicalJson({ budgetKind, budget, missing, time });
}
