import { canonicalJson } from '#kernel/canonical.ts';
import type { Contribution, MemberRework } from '#model/group.ts';
import type { ProPay, ProPayResult } from '#model/propay.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import { appliedOf } from '../commands/callback.ts';
import { type Reworked, readReworkEntries } from '../rework-entries.ts';
import { readSources, type SourceReading } from '../source-reading.ts';
import type { InputReaders } from '../work-out.ts';
import { addUpTime } from './contribution.ts';
import type { FrozenMember } from './snapshot.ts';
import { memberNow } from './source-change.ts';

/** An approved member with its inputs as they are at this moment. */
export interface ApprovedMember {
  readonly proPay: ProPay;
  readonly result: ProPayResult;
  readonly state: ProPayState;
  readonly snapshot: FrozenMember;
}

/** What an approved member says of its sources now (B-96), with the reading behind it; `changed` where it said something else. */
export async function readMemberSources(
  { proPay, result, state, snapshot }: ApprovedMember,
  stored: Contribution,
  context: TenantContext,
  readers: InputReaders,
): Promise<{ readonly reading: SourceReading; readonly contribution: Contribution; readonly changed: boolean }> {
  const reading = await readSources({ ...state, result }, { proPay, snapshot }, context, readers);
  const now = memberNow(proPay, stored, reading);
  const rework = await reworkNow(stored.rework, { state, proPay, result, snapshot, context, readers });
  const changed = canonicalJson([now, rework]) !== canonicalJson([stored.now, stored.rework]);
  return { reading, contribution: { ...stored, now, rework }, changed };
}

/** Later changes of applied rework are changes of the approval's sources (B-154); what is no rework any more counts nothing. */
async function reworkNow(known: MemberRework | null, reworked: Reworked): Promise<MemberRework | null> {
  const { approval } = reworked.proPay;
  if (known === null || approval === null) return known;
  const applied = appliedOf(reworked.state.callbacks, approval.n);
  const jobIds = applied.flatMap(({ jobId, decision }) => (decision?.unlinked ? [] : [jobId])).sort();
  const { entriesOf } = await readReworkEntries(reworked, jobIds);
  return { ...known, time: addUpTime({ entries: jobIds.flatMap(entriesOf), excludedWorkerIds: [] }) };
}
