import { Decimal } from 'decimal.js';
import { calculate } from '#bonus/calculate.ts';
import type { Calculation } from '#bonus/shapes.ts';
import { traceCrew } from '#bonus/trace-payouts.ts';
import { createTracer } from '#bonus/tracer.ts';
import { workOut } from '#bonus/workings.ts';
import { allocateAmounts } from '#kernel/allocate.ts';
import { type BenchRow, besidePeers, withGoal } from './measure.ts';
import { decimalCompanyKeeps, decimalShares, type PlainWeight, rulesEngineCompanyKeeps, rulesEngineShares } from './peers.ts';

const WORKERS = 10;

/** A ProPay of ten workers with two entries each, a lead, a manager and a penalty: hours budget, wage-weighted. */
export function sample(seed: number): Calculation {
  return {
    budget: { type: 'hours_budget', budgetSeconds: 800_000 + seed },
    settingModification: seed % 2 === 0 ? { direction: 'increase', bp: 500 } : null,
    entries: Array.from({ length: WORKERS * 2 }, (_, index) => ({
      workerId: `W${index % WORKERS}`,
      seconds: 20_000 + ((seed * 7 + index * 131) % 15_000),
      // Whole cents an hour, as payroll keeps wages.
      wageE4: 100 * (2000 + ((index * 79) % 1200)),
      ref: { entity: 'time_entry', id: `T${seed}-${index}`, revision: 1 },
      wageRef: { entity: 'wage_record', id: `G${index % WORKERS}`, revision: 1 },
    })),
    crewLeadIds: ['W1'],
    managerIds: ['M'],
    pool: { crewBp: 7000, crewLeadBp: 2000, managerBp: 1000, otherBp: 0, companyBp: 0 },
    distribution: { formula: 'wage_weighted' },
    penalties: [{ id: 'P', amountCents: 2500 }],
  };
}

/** Pools and whole ProPays, ours beside decimal.js and json-rules-engine (P8). All three are checked to agree first. */
export async function runBonusBench(): Promise<BenchRow[]> {
  const weights: readonly PlainWeight[] = Array.from({ length: WORKERS }, (_, index) => ({
    id: `W${index}`,
    weight: 20_000 + ((index * 7919) % 15_000),
  }));
  const decimalWeights = weights.map(({ id, weight }) => ({ id, weight: new Decimal(weight) }));
  const samples = Array.from({ length: 64 }, (_, index) => sample(index));
  const at = (index: number): Calculation => samples[index % samples.length]!;
  const amountAt = (index: number): number => 100_000 + (index % 9999);
  const rulesShares = rulesEngineShares();
  const rulesKeeps = rulesEngineCompanyKeeps();
  for (const [index, input] of samples.entries()) {
    const shares = [
      allocateAmounts(amountAt(index), weights),
      decimalShares(amountAt(index), decimalWeights),
      await rulesShares(amountAt(index), weights),
    ];
    const result = calculate(input);
    const ours = result.outcome === 'applies' ? result.companyKeepsCents : null;
    const kept = [ours, decimalCompanyKeeps(input), await rulesKeeps(input)];
    if (new Set(shares.map((list) => list.join())).size > 1 || new Set(kept).size > 1)
      throw new Error('the peers do not compute the same');
  }
  return [
    withGoal(
      await besidePeers(`pools divided among ${WORKERS} workers`, (index) => allocateAmounts(amountAt(index), weights), {
        'decimal.js': (index) => decimalShares(amountAt(index), decimalWeights),
        'json-rules-engine': (index) => rulesShares(amountAt(index), weights),
      }),
      1_000_000,
      10,
    ),
    withGoal(await besidePeers(`the same with every step traced`, tracedPool(at), {}), 100_000),
    await besidePeers(`ProPays calculated, ${WORKERS} workers and ${WORKERS * 2} entries`, (index) => calculate(at(index)), {
      'decimal.js': (index) => decimalCompanyKeeps(at(index)),
      'json-rules-engine': (index) => rulesKeeps(at(index)),
    }),
    await besidePeers('the same with its trace', (index) => calculate(at(index), createTracer('bench')), {}),
  ];
}

/** The division of a crew pool with its trace: who shares, each weight, the total, each share with what its rounding added. */
function tracedPool(at: (index: number) => Calculation): (index: number) => unknown {
  const input = at(0);
  const { inputs, figures } = workOut(input);
  if (figures === null) throw new Error('the sample can be told');
  const nodes = { node: 'B-43/bench/cost' };
  const byWorker = new Map(inputs.members.map(({ workerId }) => [workerId, [nodes]]));
  const time = { seconds: nodes, exactCost: nodes, entriesOf: byWorker, wagesOf: byWorker };
  return () => traceCrew(createTracer('bench'), input, inputs, figures, time, nodes);
}
