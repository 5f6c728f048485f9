import { Decimal } from 'decimal.js';
import { calculate } from '#bonus/calculate.ts';
import type { Calculation } from '#bonus/shapes.ts';
import { createTracer } from '#bonus/trace.ts';
import { allocateAmounts } from '#kernel/allocate.ts';

/** One line of the benchmark table: how often per second, ours beside the peer where there is one. */
export type BenchRow = {
  readonly name: string;
  readonly perSecond: number;
  /** Time of one pass, where a pass over many is the measure. */
  readonly passMs?: number;
  readonly peer?: string;
  readonly peerPerSecond?: number;
};

const WORKERS = 10;
const ACTIVE = 500;

/** A ProPay of ten workers with two entries each, a lead, a manager and a penalty: hours budget, wage-weighted. */
function sample(seed: number): Calculation {
  return {
    budget: { type: 'hours_budget', budgetSeconds: 800_000 + seed },
    settingModification: seed % 2 === 0 ? { direction: 'increase', bp: 500 } : null,
    entries: Array.from({ length: WORKERS * 2 }, (_, index) => ({
      workerId: `W${index % WORKERS}`,
      seconds: 20_000 + ((seed * 7 + index * 131) % 15_000),
      // Whole cents an hour, as payroll keeps wages.
      wageE4: 100 * (2000 + ((index * 79) % 1200)),
    })),
    crewLeadIds: ['W1'],
    managerIds: ['M'],
    pool: { crewBp: 7000, crewLeadBp: 2000, managerBp: 1000, otherBp: 0, companyBp: 0 },
    distribution: { formula: 'wage_weighted' },
    penalties: [{ id: 'P', amountCents: 2500 }],
  };
}

/** Runs a batch until the time is up and returns operations per second. */
function rate(operation: (index: number) => unknown, durationMs: number): number {
  const batch = 256;
  let done = 0;
  let sink: unknown;
  for (let warm = 0; warm < batch * 8; warm += 1) sink = operation(warm);
  const start = performance.now();
  let elapsedMs = 0;
  while (elapsedMs < durationMs) {
    for (let index = 0; index < batch; index += 1) sink = operation(done + index);
    done += batch;
    elapsedMs = performance.now() - start;
  }
  if (sink === undefined) throw new Error('the benchmark measured nothing');
  return Math.floor((done * 1000) / elapsedMs);
}

/** The allocator written with decimal.js, as a careful user of it would: floor, remainders, leftovers by size. */
function decimalAllocate(amount: number, weights: readonly { readonly id: string; readonly weight: Decimal }[]): number[] {
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

/** The same ProPay with decimal.js: budget, cost, savings, share, penalty, roles, crew. No checks, no notes. */
function decimalCalculate(input: Calculation): number {
  const increase = input.settingModification ? 10_000 + input.settingModification.bp : 10_000;
  const base = input.budget?.type === 'hours_budget' ? (input.budget.budgetSeconds ?? 0) : 0;
  const budget = new Decimal(base).times(increase).div(10_000).round();
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
  const { crewBp, crewLeadBp, managerBp, otherBp, companyBp } = input.pool;
  const roles = decimalAllocate(
    distributable,
    [crewBp, crewLeadBp, managerBp, otherBp, companyBp].map((bp, index) => ({ id: String(index), weight: new Decimal(bp) })),
  );
  const crew = decimalAllocate(
    roles[0]!,
    [...weights].map(([id, weight]) => ({ id, weight })),
  );
  return savings.toNumber() - crew.reduce((sum, cents) => sum + cents, 0) - roles[1]! - roles[2]!;
}

/** The allocator and the whole calculation, ours beside decimal.js in the same run (P8). Both sides are checked to agree first. */
export function runBonusBench(durationMs = 1000): BenchRow[] {
  const weights = Array.from({ length: WORKERS }, (_, index) => ({
    id: `W${index}`,
    weight: 20_000 + ((index * 7919) % 15_000),
  }));
  const decimalWeights = weights.map(({ id, weight }) => ({ id, weight: new Decimal(weight) }));
  const samples = Array.from({ length: 64 }, (_, index) => sample(index));
  const at = (index: number): Calculation => samples[index % samples.length]!;
  for (let index = 0; index < samples.length; index += 1) agree(index, weights, decimalWeights, at(index));
  const calculations = rate((index) => calculate(at(index)), durationMs);
  return [
    {
      name: `pools divided among ${WORKERS} workers`,
      perSecond: rate((index) => allocateAmounts(100_000 + (index % 9999), weights), durationMs),
      peer: 'decimal.js',
      peerPerSecond: rate((index) => decimalAllocate(100_000 + (index % 9999), decimalWeights), durationMs),
    },
    {
      name: `ProPays calculated, ${WORKERS} workers and ${WORKERS * 2} entries`,
      perSecond: calculations,
      peer: 'decimal.js',
      peerPerSecond: rate((index) => decimalCalculate(at(index)), durationMs),
    },
    tenantRow(at),
    { name: 'one ProPay with trace', perSecond: rate((index) => calculate(at(index), createTracer('bench')), durationMs) },
  ];
}

/** A copy as it comes out of the store: parsed from text, nothing shared. */
function reread(input: Calculation): Calculation {
  return JSON.parse(JSON.stringify(input));
}

/** The active ProPays of the reference tenant, each read and calculated afresh: the median of eleven passes. */
function tenantRow(at: (index: number) => Calculation): BenchRow {
  const passes = Array.from({ length: 11 }, () => {
    const inputs = Array.from({ length: ACTIVE }, (_, index) => reread(at(index)));
    const start = performance.now();
    for (const input of inputs) calculate(input);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const passMs = passes[5]!;
  return { name: `${ACTIVE} active ProPays of a tenant, nothing remembered`, perSecond: Math.floor(1000 / passMs), passMs };
}

function agree(
  index: number,
  weights: readonly { readonly id: string; readonly weight: number }[],
  decimalWeights: Parameters<typeof decimalAllocate>[1],
  input: Calculation,
): void {
  const result = calculate(input);
  const ours = allocateAmounts(100_000 + index, weights).join();
  if (ours !== decimalAllocate(100_000 + index, decimalWeights).join()) throw new Error('the allocators disagree');
  if (result.outcome !== 'applies' || result.companyKeepsCents !== decimalCalculate(input))
    throw new Error('the calculations disagree');
}
