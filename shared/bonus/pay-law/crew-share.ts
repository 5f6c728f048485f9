import { allocateAmounts } from '#kernel/allocate.ts';
import type { Contribution, Group } from '#model/group.ts';
import type { ProPay } from '#model/propay.ts';
import type { Assembled } from '../assemble.ts';
import type { LineItemDraft } from '../line-items.ts';
import type { Distribution } from '../shapes.ts';
import { embeddedPremium } from './earnings-share.ts';

/** How a crew shares a pool, as far as overtime premiums depend on it (B-208). */
export interface CrewShare extends Pick<Distribution, 'formula' | 'earnings'> {
  /** Somebody with counted time was added or left out by hand: the law knows no share of total earnings then. */
  readonly handPicked: boolean;
}

/** The people that somebody took in or left out of one ProPay. */
type Picked = Pick<ProPay, 'excludedWorkerIds' | 'includedWorkerIds'>;

/** Whether people with counted time were added or left out by hand, of any of the ProPays that share a pool. */
export function isHandPicked(proPays: readonly Picked[], workerIds: readonly string[]): boolean {
  const picked = new Set(
    proPays.flatMap(({ excludedWorkerIds, includedWorkerIds }) => [...excludedWorkerIds, ...includedWorkerIds]),
  );
  return workerIds.some((id) => picked.has(id));
}

/** How the crew of one ProPay, or of one of its phases, shares. */
export function crewShareOf(proPay: Picked, { calculation, workerIds }: Pick<Assembled, 'calculation' | 'workerIds'>): CrewShare {
  const { formula, earnings } = calculation.distribution;
  return { formula, ...(earnings ? { earnings } : {}), handPicked: isHandPicked([proPay], workerIds) };
}

/** How the crew of a group shares: all members know the same earnings of a person. */
export function crewShareOfGroup(
  formula: Distribution['formula'],
  { excludedWorkerIds }: Pick<Group, 'excludedWorkerIds'>,
  members: readonly Pick<Contribution, 'workerIds' | 'earnings' | 'leftOutWorkerIds'>[],
  proPays: readonly Picked[],
): CrewShare {
  const leftOut = members.flatMap(({ leftOutWorkerIds }) => leftOutWorkerIds);
  const byGroup = { excludedWorkerIds: [...excludedWorkerIds, ...leftOut], includedWorkerIds: [] };
  const workerIds = members.flatMap((member) => member.workerIds);
  const earnings = new Map(members.flatMap((member) => member.earnings.map((one) => [one.workerId, one] as const)));
  return { formula, earnings: [...earnings.values()], handPicked: isHandPicked([byGroup, ...proPays], workerIds) };
}

/** What no crew shares: rewards of goals, and deductions, which count in no regular rate (B-217). */
export const NOT_SHARED: CrewShare = { formula: 'per_hour', handPicked: false };

/** Whether what the crew gets holds its overtime premium already, so that none is owed on it (B-208). */
export function holdsPremium({ formula, handPicked }: CrewShare): boolean {
  return formula === 'total_earnings' && !handPicked;
}

/**
 * The premium that lies in each of some items of total earnings (B-208): worked out on a person's whole share and divided over its parts
 * to the cent. Null for items that hold none.
 */
export function embeddedPremiums(drafts: readonly LineItemDraft[], share: CrewShare): readonly (number | null)[] {
  const embedded: (number | null)[] = drafts.map(() => null);
  if (!holdsPremium(share)) return embedded;
  for (const { workerId, cents, premiumCents } of share.earnings ?? []) {
    const own = drafts.flatMap((draft, index) => (isCrewBonus(draft) && draft.workerId === workerId ? [index] : []));
    if (own.length === 0 || premiumCents === undefined) continue;
    const total = own.reduce((sum, index) => sum + drafts[index]!.amountCents, 0);
    const held = embeddedPremium(total, { straightCents: cents - premiumCents, overtimePremiumCents: premiumCents });
    const parts = allocateAmounts(
      held,
      own.map((index) => ({ id: drafts[index]!.part, weight: drafts[index]!.amountCents })),
    );
    for (const [at, index] of own.entries()) embedded[index] = parts[at]!;
  }
  return embedded;
}

function isCrewBonus({ type, role, category }: LineItemDraft): boolean {
  return type === 'bonus' && role === 'crew' && category !== 'lead_pay';
}
