import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { calculate } from '#bonus/calculate.ts';
import { type Engine, engineOf, engines } from '#bonus/engines.ts';
import { groupEngines } from '#bonus/groups/replay.ts';
import { type Replayable, replay } from '#bonus/replay.ts';
import { calculationRules } from '#bonus/rules/calculation-rules.ts';
import { rules } from '#bonus/rules/index.ts';
import type { AppliedResult, Calculation } from '#bonus/shapes.ts';
import { createTracer } from '#bonus/tracer.ts';
import { calculationArb, SEED } from './arbitraries.ts';
import { withRefs } from './references.ts';

/** What an approval stores of a calculation, as it is read back. */
function stored(calculation: Calculation): Replayable {
  const tracer = createTracer('propay-1');
  const result = calculate(calculation, tracer) as AppliedResult;
  return JSON.parse(JSON.stringify({ proPay: { id: 'propay-1' }, calculation, result, nodes: tracer.nodes }));
}

const PLAIN: Calculation = withRefs({
  budget: { type: 'labor_budget', budgetCents: 100_000 },
  entries: [{ workerId: 'A', seconds: 36_000, wageE4: 250_000 }],
  pool: { crewBp: 10_000, crewLeadBp: 0, managerBp: 0, otherBp: 0, companyBp: 0 },
  distribution: { formula: 'per_hour' },
});

describe('a replay (B-6, B-89)', () => {
  test('of whatever was stored gives the same figures by the same steps', () => {
    fc.assert(
      fc.property(calculationArb, (plain) => {
        expect(replay(stored(withRefs(plain))).same).toBe(true);
      }),
      { numRuns: 500, seed: SEED },
    );
  });

  it('tells a figure, a step or an input that is not as it was', () => {
    const snapshot = stored(PLAIN);
    const [first, ...others] = snapshot.nodes;
    const cent = snapshot.result.savingsCents + 1;
    expect(replay(snapshot)).toMatchObject({ same: true, result: { savingsCents: 75_000 } });
    expect(replay({ ...snapshot, result: { ...snapshot.result, savingsCents: cent } }).same).toBe(false);
    expect(replay({ ...snapshot, nodes: others }).same).toBe(false);
    expect(replay({ ...snapshot, nodes: [{ ...first!, value: 1 }, ...others] }).same).toBe(false);
    const dearer = { ...PLAIN, entries: PLAIN.entries.map((entry) => ({ ...entry, wageE4: 250_001 })) };
    expect(replay({ ...snapshot, calculation: dearer }).same).toBe(false);
  });

  it('uses the rules of its day, not those in force', () => {
    const snapshot = stored(PLAIN);
    const generous: Engine = {
      versions: { ...engines[0]!.versions, 'B-53': 2 },
      calculate: (input, tracer) => calculate({ ...input, splitBp: 10_000, splitEnabled: true }, tracer),
    };
    expect(replay(snapshot, [generous, ...engines])).toMatchObject({ same: true, result: { workerShareCents: 37_500 } });
    const later = { ...snapshot, nodes: snapshot.nodes.map((node) => ({ ...node, version: node.rule === 'B-53' ? 2 : 1 })) };
    expect(engineOf(later.nodes, [generous, ...engines])).toBe(generous);
  });

  it('is refused where nobody knows a rule in its version any more', () => {
    const nodes = stored(PLAIN).nodes.map((node) => ({ ...node, version: 9 }));
    expect(() => replay({ ...stored(PLAIN), nodes })).toThrow(expect.objectContaining({ code: 'unknown-rule-version' }));
  });
});

describe('the calculation in force', () => {
  test('names every rule of every trace, in the version of the index', () => {
    fc.assert(
      fc.property(calculationArb, (plain) => {
        const tracer = createTracer('propay-1');
        calculate(plain, tracer);
        expect(engineOf(tracer.nodes, engines)).toBe(engines[0]);
      }),
      { numRuns: 500, seed: SEED },
    );
    for (const rule of calculationRules) expect(rules).toContain(rule);
    expect(groupEngines[0]!.versions['B-103']).toBe(1);
  });
});
