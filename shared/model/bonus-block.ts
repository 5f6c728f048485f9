import { canonicalJson } from '#kernel/canonical.ts';
import { lengthen, shorten } from './codec.ts';
import type { EntityFields } from './entities.ts';

/** A budget as list rows show it: its figures without where it stands. */
export type ShownBudget = Omit<EntityFields['budget_info'], 'jobId' | 'milestoneId'>;

/** A wage as list rows show it. */
export type ShownWage = Pick<EntityFields['wage_record'], 'effectiveFrom' | 'rateE4' | 'currency'>;

/**
 * What the bonus layer keeps on a worker, job or milestone for list rows, so that a list reads nothing beside its records. A copy for
 * showing: nothing is calculated from it.
 */
export interface BonusBlock {
  /** +1 with each write; 0 where nothing was written yet. Writers and moves put their condition on it. */
  readonly revision: number;
  readonly proPayIds: readonly string[];
  /** Verdict code V-19 to V-28 while there is no ProPay that counts: of one that was canceled or deleted, that it was (V-21). */
  readonly verdict: string | null;
  /** What kind of rule excludes the work, or `manual` (B-20). */
  readonly excludedBy: string | null;
  /** The live budget that the source gives for exactly this job or milestone. */
  readonly budget: ShownBudget | null;
  /** M-31: there is time on it; of a job also when a milestone is past `pending`. The status shown is worked out from it on reading. */
  readonly begun: boolean;
  /** Of a worker: the source's wage in force when this was written and those that are to follow it, oldest first. */
  readonly wages: readonly ShownWage[];
}

/** Why there is no ProPay, as a row shows it. */
export type ShownVerdict = Pick<BonusBlock, 'verdict' | 'excludedBy'>;

export const NO_VERDICT: ShownVerdict = { verdict: null, excludedBy: null };
export const NO_BONUS: BonusBlock = { revision: 0, proPayIds: [], ...NO_VERDICT, budget: null, begun: false, wages: [] };

/** The stored form: short names, nothing stored for what is absent. */
export interface StoredBonusBlock {
  readonly r?: number;
  readonly p?: readonly string[];
  readonly v?: string;
  readonly x?: string;
  readonly bu?: Readonly<Record<string, unknown>>;
  readonly bg?: true;
  readonly w?: readonly Readonly<Record<string, unknown>>[];
}

/** A block in its stored form. */
export function encodeBonusBlock(block: BonusBlock): StoredBonusBlock {
  const { revision, proPayIds, verdict, excludedBy, budget, begun, wages } = block;
  return {
    r: revision,
    ...(proPayIds.length > 0 ? { p: proPayIds } : {}),
    ...(verdict === null ? {} : { v: verdict }),
    ...(excludedBy === null ? {} : { x: excludedBy }),
    ...(budget === null ? {} : { bu: shorten({ ...budget }) }),
    ...(begun ? { bg: true as const } : {}),
    ...(wages.length > 0 ? { w: wages.map((wage) => shorten({ ...wage })) } : {}),
  };
}

/** A stored block read back; the empty one where nothing was written yet. */
export function decodeBonusBlock(stored: StoredBonusBlock | undefined): BonusBlock {
  if (stored === undefined) return NO_BONUS;
  return {
    revision: stored.r ?? 0,
    proPayIds: stored.p ?? [],
    verdict: stored.v ?? null,
    excludedBy: stored.x ?? null,
    budget: stored.bu === undefined ? null : (lengthen(stored.bu, BUDGET_FIELDS) as unknown as ShownBudget),
    begun: stored.bg ?? false,
    wages: (stored.w ?? []).map((wage) => lengthen(wage, WAGE_FIELDS) as unknown as ShownWage),
  };
}

const BUDGET_FIELDS: readonly (keyof ShownBudget)[] = [
  ...(['budgetSeconds', 'laborAmountCents', 'contractPriceCents', 'laborShareBp'] as const),
  ...(['rateE4', 'quantityE4', 'tasks', 'basis'] as const),
];
const WAGE_FIELDS: readonly (keyof ShownWage)[] = ['effectiveFrom', 'rateE4', 'currency'];

/** Whether two blocks show the same, whichever of their writes they are. */
export function showsSame(a: BonusBlock, b: BonusBlock): boolean {
  return canonicalJson({ ...a, revision: 0 }) === canonicalJson({ ...b, revision: 0 });
}
