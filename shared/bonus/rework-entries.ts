import type { ProPay, ProPayResult } from '#model/propay.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import type { Assembled } from './assemble.ts';
import type { Entry } from './shapes.ts';
import { type ApprovalSnapshot, frozenContext, frozenProPay } from './snapshot.ts';
import { type InputReaders, workOutProPay } from './work-out.ts';

/** An approved ProPay as later rework looks at it. */
export interface Reworked {
  readonly state: ProPayState;
  readonly proPay: ProPay;
  readonly result: ProPayResult | null;
  readonly snapshot: ApprovalSnapshot;
  readonly context: TenantContext;
  readonly readers: InputReaders;
}

/** The counted time of rework with the wages and choices of the original (B-150), as a calculation takes it. */
export async function readReworkEntries(
  { state, proPay, result, snapshot, context, readers }: Reworked,
  jobIds: readonly string[],
): Promise<{ readonly assembled: Assembled; entriesOf(jobId: string): readonly Entry[] }> {
  const options = { final: true, reworkJobIds: jobIds };
  const settings = frozenContext(context, snapshot);
  const { assembled } = await workOutProPay({ ...state, result }, frozenProPay(proPay, snapshot), settings, readers, options);
  const jobOf = new Map(assembled.rework.map((entry) => [entry.ref.id, entry.reworkJobId]));
  return {
    assembled,
    entriesOf: (jobId) =>
      assembled.calculation.entries.filter(({ ref, noWeight }) => noWeight && ref !== undefined && jobOf.get(ref.id) === jobId),
  };
}
