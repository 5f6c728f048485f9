import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { calculate } from '#bonus/calculate.ts';
import { fallBy, withRework } from '#bonus/callback.ts';
import { openedCallback } from '#bonus/commands/callback.ts';
import { calculationOf, type Engine, engineOf, engines } from '#bonus/engines.ts';
import { fullGroup, traceGroup } from '#bonus/groups/explain.ts';
import { groupEngines } from '#bonus/groups/replay.ts';
import { readGroupSources } from '#bonus/groups/source-change.ts';
import { traceGroupChange } from '#bonus/groups/trace-source-change.ts';
import { workOutGroup } from '#bonus/groups/work-out.ts';
import { type Replayable, replay } from '#bonus/replay.ts';
import { calculationRules } from '#bonus/rules/calculation-rules.ts';
import { rules } from '#bonus/rules/index.ts';
import type { AppliedResult, Calculation } from '#bonus/shapes.ts';
import { traceCallback } from '#bonus/trace-callback.ts';
import { createTracer } from '#bonus/tracer.ts';
import { hashCanonical } from '#kernel/hash.ts';
import { DEFAULT_CALENDAR } from '#kernel/period.ts';
import { calculationArb, SEED } from './arbitraries.ts';
import { contribution, GROUP } from './groups/group-records.ts';
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

/** Rules that came after everything that is stored: whoever calculates by them pays the whole savings out. */
const NEWER: Engine = {
  versions: { ...engines[0]!.versions, 'B-53': 2 },
  calculate: (input, tracer) => calculate({ ...input, splitBp: 10_000, splitEnabled: true }, tracer),
};
const LIST = [NEWER, ...engines];

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
    expect(replay(snapshot, LIST)).toMatchObject({ same: true, result: { workerShareCents: 37_500 } });
    const later = { ...snapshot, nodes: snapshot.nodes.map((node) => ({ ...node, version: node.rule === 'B-53' ? 2 : 1 })) };
    expect(engineOf(later.nodes, LIST)).toBe(NEWER);
  });

  it('is refused where nobody knows a rule in its version any more', () => {
    const nodes = stored(PLAIN).nodes.map((node) => ({ ...node, version: 9 }));
    expect(() => replay({ ...stored(PLAIN), nodes })).toThrow(expect.objectContaining({ code: 'unknown-rule-version' }));
  });
});

describe('what an approval is measured against later (B-6, B-96, B-152)', () => {
  it('is rework by the rules of the approval: the same figures by the same steps, whatever came since', () => {
    const approved = stored(PLAIN);
    const reworked = withRework(
      PLAIN,
      withRefs({ ...PLAIN, entries: [{ workerId: 'B', seconds: 3_600, wageE4: 250_000 }] }).entries,
    );
    const callback = openedCallback({ originalJobId: 'job-1', jobId: 'job-2' }, 'hand', '2026-03-20T12:00:00.000Z');
    const fall = fallBy(approved.result, reworked, [], [], { calculateWith: calculationOf(approved.nodes, LIST) });
    // 25.00 of cost, of which half was the people's.
    expect(fall).toMatchObject({ outcome: 'applies', differenceCents: 1_250 });
    const parts = fall.outcome === 'applies' ? fall.byWorker.map((share) => ({ ...share, collectedCents: 0 })) : [];
    const explained = { proPayId: 'propay-1', callback, approved, reworked, taken: [], parts, reserve: [] };
    const digest = hashCanonical(traceCallback(explained, engines));
    expect(hashCanonical(traceCallback(explained, LIST))).toBe(digest);
    const byNewer = { ...approved, nodes: approved.nodes.map((node) => ({ ...node, version: node.rule === 'B-53' ? 2 : 1 })) };
    expect(hashCanonical(traceCallback({ ...explained, approved: byNewer }, LIST))).not.toBe(digest);
  });

  it.each(['pooled', 'separate'] as const)('are the sources of a group, netted %s, by the rules of its approval', (netting) => {
    const group = { ...GROUP, netting };
    const time = (workerId: string, hours: number) => ({
      workerId,
      seconds: hours * 3_600,
      wageE4: 200_000,
      weekStart: '2026-03-02',
    });
    const of = (id: string, hours: number) =>
      contribution(id, {
        reference: `PP-${id}`,
        budget: 66_000,
        time: [time('ann', hours), time('bob', 8)],
        workerIds: ['ann', 'bob'],
      });
    const members = [of('1', 12), of('2', 9)];
    const calculated = (list: readonly ReturnType<typeof of>[]) =>
      list.map((one) => ({
        contribution: one,
        calculation: withRefs(
          {
            ...PLAIN,
            budget: { type: 'labor_budget', budgetCents: one.budget! },
            entries: one.time.map(({ weekStart: _, ...entry }) => entry),
          },
          one.proPayId,
        ),
      }));
    const context = { branches: {}, payCalendar: DEFAULT_CALENDAR };
    const { terms, result } = workOutGroup(group, members, context);
    const nodes = JSON.parse(JSON.stringify(traceGroup(group, fullGroup(group, calculated(members), terms!))));
    const later = { ...members[1]!, time: [time('ann', 13), time('bob', 8)] };
    const now = { ...later, causes: [], records: [], runId: null };
    const present = [members[0]!, { ...members[1]!, now }];
    const read = (list: readonly Engine[]) => readGroupSources(group, present, result.figures!, calculationOf(nodes, list));
    expect(read(LIST)).toEqual(read(engines));
    // Four more hours at 20.00 cost 80.00, of which half was the people's and 70 % of that the crew's; by the rules that came since more would be.
    expect(read(LIST).compared).toMatchObject({ outcome: 'applies', totalDifferenceCents: -2_800 });
    const byNewer = readGroupSources(group, present, result.figures!, NEWER.calculate).compared;
    expect(byNewer).not.toMatchObject({ totalDifferenceCents: -2_800 });
    const change = {
      ...{ proPayId: group.id, approval: 1, n: 1, group, settings: terms!, approved: calculated(members), nodes },
      ...{ present: calculated([members[0]!, later]), records: [], adjustments: [] },
      decided: [{ workerId: 'ann', role: 'crew' as const, differenceCents: -1 }],
    };
    const digest = hashCanonical(traceGroupChange(change, engines));
    expect(hashCanonical(traceGroupChange(change, LIST))).toBe(digest);
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
