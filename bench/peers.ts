import { Decimal } from 'decimal.js';
import { Engine } from 'json-rules-engine';
import type { Calculation } from '#bonus/shapes.ts';

/*
 * The same work as a careful user of two well-known packages would write it: amounts with decimal.js; conditions as the data of
 * json-rules-engine, its facts worked out in plain integers. Neither checks its inputs, takes notes or can say why.
 */

/** A receiver of a part. */
export type PlainWeight = { readonly id: string; readonly weight: number };

/** Largest remainders with decimal.js: floor, remainders, leftovers by size. */
export function decimalShares(amount: number, weights: readonly { readonly id: string; readonly weight: Decimal }[]): number[] {
  const total = weights.reduce((sum, one) => sum.plus(one.weight), new Decimal(0));
  const exact = weights.map((one) => new Decimal(amount).times(one.weight).div(total));
  const shares = exact.map((value) => value.floor());
  let leftover = amount - shares.reduce((sum, value) => sum.plus(value), new Decimal(0)).toNumber();
  const order = exact
    .map((value, index) => ({ index, rest: value.minus(shares[index]!) }))
    .sort((a, b) => b.rest.comparedTo(a.rest) || (weights[a.index]!.id < weights[b.index]!.id ? -1 : 1));
  for (const { index } of order) {
    if (leftover <= 0) break;
    shares[index] = shares[index]!.plus(1);
    leftover -= 1;
  }
  return shares.map((value) => value.toNumber());
}

/** What the company keeps of a ProPay, with decimal.js: budget, cost, savings, share, penalty, roles, crew. */
export function decimalCompanyKeeps(input: Calculation): number {
  const budget = new Decimal(budgetSecondsOf(input)).times(increaseOf(input)).div(10_000).round();
  let seconds = new Decimal(0);
  let cost = new Decimal(0);
  const weights = new Map<string, Decimal>();
  for (const entry of input.entries) {
    const units = new Decimal(entry.seconds).times(entry.wageE4 ?? 0);
    seconds = seconds.plus(entry.seconds);
    cost = cost.plus(units);
    weights.set(entry.workerId, (weights.get(entry.workerId) ?? new Decimal(0)).plus(units));
  }
  const savings = budget.minus(seconds).times(cost.div(seconds)).div(360_000).round();
  const share = savings.times(5000).div(10_000).round();
  const penalty = Decimal.min(input.penalties?.[0]?.amountCents ?? 0, Decimal.max(share, 0));
  const distributable = Decimal.max(0, share.minus(penalty)).toNumber();
  const roles = decimalShares(
    distributable,
    poolOf(input).map(({ id, weight }) => ({ id, weight: new Decimal(weight) })),
  );
  const crew = decimalShares(
    roles[0]!,
    [...weights].map(([id, weight]) => ({ id, weight })),
  );
  return savings.toNumber() - sum(crew) - roles[1]! - roles[2]!;
}

function budgetSecondsOf(input: Calculation): number {
  return input.budget?.type === 'hours_budget' ? (input.budget.budgetSeconds ?? 0) : 0;
}

function increaseOf(input: Calculation): number {
  return input.settingModification ? 10_000 + input.settingModification.bp : 10_000;
}

function poolOf({ pool }: Calculation): PlainWeight[] {
  const { crewBp, crewLeadBp, managerBp, otherBp, companyBp } = pool;
  return [crewBp, crewLeadBp, managerBp, otherBp, companyBp].map((weight, index) => ({ id: String(index), weight }));
}

const sum = (list: readonly number[]): number => list.reduce((total, one) => total + one, 0);

/** Largest remainders in big integers, as a fact works them out. */
function plainShares(amount: number, weights: readonly { readonly id: string; readonly weight: number | bigint }[]): number[] {
  const total = weights.reduce((all, { weight }) => all + BigInt(weight), 0n);
  const products = weights.map(({ weight }) => BigInt(amount) * BigInt(weight));
  const shares = products.map((product) => Number(product / total));
  const order = products.map((product, index) => ({ index, rest: product % total }));
  order.sort((a, b) => (a.rest === b.rest ? (weights[a.index]!.id < weights[b.index]!.id ? -1 : 1) : a.rest > b.rest ? -1 : 1));
  for (const { index } of order.slice(0, amount - sum(shares))) shares[index]! += 1;
  return shares;
}

/** Divides a pool where the rules, which are data, say that it is to be divided. */
export function rulesEngineShares(): (amount: number, weights: readonly PlainWeight[]) => Promise<number[]> {
  const engine = new Engine([
    {
      conditions: {
        all: [
          { fact: 'amount', operator: 'greaterThan', value: 0 },
          { fact: 'total', operator: 'greaterThan', value: 0 },
          { fact: 'formula', operator: 'equal', value: 'per_hour' },
        ],
      },
      event: { type: 'divide' },
    },
  ]);
  engine.addFact('total', async (_, almanac) =>
    (await almanac.factValue<readonly PlainWeight[]>('weights')).reduce((total, { weight }) => total + weight, 0),
  );
  return async (amount, weights) => {
    const { events } = await engine.run({ amount, weights, formula: 'per_hour' });
    return events.length > 0 ? plainShares(amount, weights) : weights.map(() => 0);
  };
}

/** What the company keeps of a ProPay: the steps are facts, what happens to the money are rules. */
export function rulesEngineCompanyKeeps(): (input: Calculation) => Promise<number> {
  const engine = new Engine(
    [
      {
        conditions: {
          all: [
            { fact: 'savings', operator: 'greaterThan', value: 0 },
            { fact: 'failed', operator: 'equal', value: false },
            { fact: 'distributable', operator: 'greaterThan', value: 0 },
          ],
        },
        event: { type: 'distribute' },
      },
      { conditions: { all: [{ fact: 'savings', operator: 'lessThan', value: 0 }] }, event: { type: 'over-budget' } },
    ],
    { allowUndefinedFacts: false },
  );
  const fact = (name: string, work: (input: Calculation, of: (other: string) => Promise<never>) => unknown) =>
    engine.addFact(name, async (_, almanac) =>
      work(await almanac.factValue<Calculation>('input'), (other) => almanac.factValue(other)),
    );
  fact('time', ({ entries }) => {
    let units = 0n;
    let seconds = 0;
    const byWorker = new Map<string, bigint>();
    for (const { workerId, seconds: worked, wageE4 } of entries) {
      const straight = BigInt(worked) * BigInt(wageE4 ?? 0);
      units += straight;
      seconds += worked;
      byWorker.set(workerId, (byWorker.get(workerId) ?? 0n) + straight);
    }
    return { units, seconds, byWorker };
  });
  fact('budget', (input) => Number((BigInt(budgetSecondsOf(input)) * BigInt(increaseOf(input)) + 5000n) / 10_000n));
  fact('savings', async (_, of) => {
    const { units, seconds }: PlainTime = await of('time');
    const budget: number = await of('budget');
    return rounded(BigInt(budget - seconds) * units, 360_000n * BigInt(seconds));
  });
  fact('failed', ({ disqualifiers }) => (disqualifiers ?? []).some(({ state }) => state === 'failed'));
  fact('distributable', async ({ penalties }, of) => {
    const share = rounded(BigInt(await of('savings')) * 5000n, 10_000n);
    return Math.max(0, share - (penalties?.[0]?.amountCents ?? 0));
  });
  return async (input) => {
    const { events, almanac } = await engine.run({ input });
    const savings: number = await almanac.factValue('savings');
    if (!events.some(({ type }) => type === 'distribute')) return savings;
    const { byWorker } = await almanac.factValue<PlainTime>('time');
    const roles = plainShares(await almanac.factValue('distributable'), poolOf(input));
    const crew = plainShares(
      roles[0]!,
      [...byWorker].map(([id, weight]) => ({ id, weight })),
    );
    return savings - sum(crew) - roles[1]! - roles[2]!;
  };
}

type PlainTime = { readonly units: bigint; readonly seconds: number; readonly byWorker: ReadonlyMap<string, bigint> };

/** Halves away from zero. */
function rounded(n: bigint, d: bigint): number {
  const size = Number(((n < 0n ? -n : n) * 2n + d) / (2n * d));
  return n < 0n ? -size : size;
}
