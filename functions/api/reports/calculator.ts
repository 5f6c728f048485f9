import { estimateBonus } from '#bonus/bonus-calculator.ts';
import { floorRatio, roundedRatio } from '#bonus/exact.ts';
import { termsInForce } from '#bonus/groups/terms.ts';
import type { MemberTerms } from '#model/group.ts';
import type { PoolShares, ProPayFigures, ProPayResult } from '#model/propay.ts';
import { readGroup } from '#store/group-repository.ts';
import { readProPay } from '#store/propay-repository.ts';
import { oversees } from '../bonus/sight.ts';
import { moneyOf, rateOf } from '../edge.ts';
import { invalidParameter, notFound } from '../problem.ts';
import { type ReportDefinition, type ReportInputs, shown } from './report.ts';

/** What is estimated for: a budget, a crew with its wages, and who gets what of savings. */
interface Subject {
  readonly id: string;
  readonly figures: ProPayFigures | null;
  readonly missing: readonly string[];
  readonly crewIds: readonly string[];
  readonly wagesE4: ReadonlyMap<string, number>;
  readonly shares: PoolShares;
  readonly split: Pick<MemberTerms, 'splitEnabled' | 'splitBp'>;
}

/** What each of a crew may expect of a ProPay or group (B-181): an estimate, and labelled so. */
export const bonusCalculator: ReportDefinition = {
  filters: ['propayId', 'groupId', 'crewSize', 'estimatedSecondsEach'],
  columns: ['label', 'outcome', 'missing', 'low', 'expected', 'high', 'crewSize', 'estimatedSecondsEach', 'meanWage'],
  read: async (inputs) => {
    const { given, shows } = inputs;
    if ((given.propayId === undefined) === (given.groupId === undefined))
      throw invalidParameter('propayId', 'either propayId or groupId');
    const subject = given.propayId === undefined ? await ofGroup(inputs, given.groupId!) : await ofProPay(inputs, given.propayId);
    const crewSize = given.crewSize ?? subject.crewIds.length;
    const meanWageE4 = meanWageOf(subject);
    const estimatedSecondsEach = given.estimatedSecondsEach ?? secondsEach(subject.figures, crewSize);
    const missing = [
      ...(subject.figures === null ? subject.missing : []),
      ...(meanWageE4 === null ? subject.crewIds.flatMap((id) => (subject.wagesE4.has(id) ? [] : [`wage:${id}`])) : []),
      ...(crewSize === 0 ? ['crew'] : []),
      ...(estimatedSecondsEach === null && subject.figures !== null && crewSize > 0 ? ['estimatedSecondsEach'] : []),
    ];
    const isTold = missing.length === 0 && subject.figures !== null && meanWageE4 !== null && estimatedSecondsEach !== null;
    const estimate = isTold
      ? estimateBonus({
          budget: budgetOf(subject.figures),
          ...{ crewSize, meanWageE4, estimatedSecondsEach, pool: subject.shares, ...subject.split },
        })
      : { outcome: 'cannot-tell' as const, missing };
    const amounts = 'lowCents' in estimate ? estimate : null;
    const row = {
      label: 'estimate',
      outcome: amounts === null ? 'cannot-tell' : 'applies',
      missing: missing.join(' ') || null,
      low: moneyOf(amounts?.lowCents ?? null),
      expected: moneyOf(amounts?.expectedCents ?? null),
      high: moneyOf(amounts?.highCents ?? null),
      ...{ crewSize, estimatedSecondsEach },
      ...shown(shows.costs, { meanWage: rateOf(meanWageE4) }),
    };
    return { figures: row, items: [row], ids: [subject.id] };
  },
};

async function ofProPay({ request, desk }: ReportInputs, id: string): Promise<Subject> {
  const read = await readProPay(request.ports.table, request.scope, id);
  if (read === null || !isSeen(request, desk, read.result)) throw notFound();
  const { proPay, result } = read;
  const excluded = new Set(proPay.excludedWorkerIds);
  return {
    id,
    figures: result.ifCompleted ?? result.figures,
    missing: result.missing,
    // Those with counted time: each has a fixed wage, or is missed.
    crewIds: result.people.workerIds.filter(
      (id) => !excluded.has(id) && (id in result.wages || result.missing.includes(`wage:${id}`)),
    ),
    wagesE4: new Map(Object.entries(result.wages).map(([workerId, { wageE4 }]) => [workerId, wageE4])),
    shares: proPay.manualPool ?? proPay.pool,
    split: proPay.pool,
  };
}

async function ofGroup({ request, desk }: ReportInputs, id: string): Promise<Subject> {
  const read = await readGroup(request.ports.table, request.scope, id);
  const terms = read === null ? null : termsInForce(read.group, read.members);
  if (read === null || terms === null || !isSeen(request, desk, read.result)) throw notFound();
  const time = read.members.flatMap((member) => member.time);
  const excluded = new Set(read.group.excludedWorkerIds);
  return {
    id,
    figures: read.result.figures,
    missing: read.result.missing,
    crewIds: [...new Set(time.map(({ workerId }) => workerId))].filter((workerId) => !excluded.has(workerId)),
    wagesE4: new Map(time.flatMap(({ workerId, wageE4 }) => (wageE4 === null ? [] : [[workerId, wageE4]]))),
    shares: terms.shares,
    split: terms,
  };
}

function isSeen(
  request: ReportInputs['request'],
  desk: ReportInputs['desk'],
  placed: Pick<ProPayResult, 'place' | 'people'>,
): boolean {
  return request.reach !== 'S' || (desk.visibility.manager.bonuses && oversees(request, placed));
}

/** The budget after everything that modifies it. */
function budgetOf({ budgetSeconds, budgetCents }: ProPayFigures) {
  return budgetSeconds === null
    ? ({ type: 'labor_budget', budgetCents } as const)
    : ({ type: 'hours_budget', budgetSeconds } as const);
}

/** The plain mean of the crew's wages (R8); null where one is unknown. */
function meanWageOf({ crewIds, wagesE4 }: Subject): number | null {
  const wages = crewIds.flatMap((id) => wagesE4.get(id) ?? []);
  if (wages.length < crewIds.length || wages.length === 0) return null;
  return roundedRatio(
    wages.reduce((sum, wageE4) => sum + wageE4, 0),
    1,
    wages.length,
  );
}

/** The budget's hours divided evenly; a budget in money names none. */
function secondsEach(figures: ProPayFigures | null, crewSize: number): number | null {
  const seconds = figures?.budgetSeconds ?? null;
  return seconds === null || crewSize === 0 ? null : floorRatio(seconds, crewSize);
}
