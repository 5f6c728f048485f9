import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calculate } from '#bonus/calculate.ts';
import { explainPayouts } from '#bonus/explain.ts';
import { rules, ruleVersions } from '#bonus/rules/index.ts';
import type { Calculation } from '#bonus/shapes.ts';
import type { TraceNode } from '#bonus/trace.ts';
import { payoutNodeId } from '#bonus/trace-payouts.ts';
import { createTracer } from '#bonus/tracer.ts';
import { AppError } from '#kernel/errors.ts';
import { add, fraction, parseFractionText } from '#kernel/fraction.ts';
import { calculationArb, SEED } from './arbitraries.ts';
import { ref, withRefs } from './references.ts';

function traced(input: Calculation): { nodes: readonly TraceNode[]; result: ReturnType<typeof calculate> } {
  const tracer = createTracer('propay-1');
  return { result: calculate(input, tracer), nodes: tracer.nodes };
}

/** All records a node rests on. */
function recordsBehind(nodes: readonly TraceNode[], id: string): Set<string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (nodeId: string): void => {
    if (seen.has(nodeId)) return;
    seen.add(nodeId);
    for (const input of byId.get(nodeId)?.inputs ?? []) {
      if ('node' in input) visit(input.node);
      else found.add(`${input.record}/${input.recordId}`);
    }
  };
  visit(id);
  return found;
}

const EXAMPLE: Calculation = withRefs({
  budget: { type: 'hours_budget', budgetSeconds: 288_000 },
  settingModification: { direction: 'increase', bp: 333, ref: ref('setting', 's1') },
  adjustment: { type: 'percentage_decrease', valueBp: 77, ref: ref('propay', 'pp1') },
  entries: [
    { workerId: 'A', seconds: 100_001, wageE4: 250_003 },
    { workerId: 'B', seconds: 50_000, wageE4: 310_000 },
    { workerId: 'A', seconds: 7, wageE4: 250_003 },
    { workerId: 'C', seconds: 900, wageE4: 200_000 },
  ],
  crewLeadIds: ['B', 'L'],
  managerIds: [],
  excludedWorkerIds: ['C'],
  pool: { crewBp: 7000, crewLeadBp: 2000, managerBp: 1000, otherBp: 0, companyBp: 0 },
  distribution: { formula: 'wage_weighted' },
  penalties: [{ id: 'P', amountCents: 500, ref: ref('penalty', 'P') }],
  disqualifiers: [{ id: 'Q', state: 'passed', ref: ref('answer', 'Q') }],
  leadPayCents: 1001,
});

describe('trace of a calculation (B-5)', () => {
  test('names rules with the versions of the index', () => {
    const { nodes } = traced(EXAMPLE);
    for (const node of nodes) expect(ruleVersions[node.rule]).toBe(node.version);
    expect(new Set(nodes.map((node) => node.id)).size).toBe(nodes.length);
    for (const node of nodes) expect(node.id.startsWith(`${node.rule}/propay-1/`)).toBe(true);
  });

  test('lists every node before the nodes that use it', () => {
    fc.assert(
      fc.property(calculationArb, (input) => {
        const seen = new Set<string>();
        for (const node of traced(withRefs(input)).nodes) {
          for (const from of node.inputs) if ('node' in from) expect(seen.has(from.node)).toBe(true);
          expect(seen.has(node.id)).toBe(false);
          seen.add(node.id);
        }
      }),
      { numRuns: 300, seed: SEED },
    );
  });

  test('leads from every payout to the entries, wages, budget and pool behind it', () => {
    fc.assert(
      fc.property(calculationArb, (plain) => {
        const input = withRefs(plain);
        const { nodes, result } = traced(input);
        fc.pre(result.outcome === 'applies' && result.payouts.length > 0);
        for (const payout of result.payouts) {
          const behind = recordsBehind(nodes, payoutNodeId('propay-1', input.distribution, payout));
          const own = input.entries.filter((entry) => entry.seconds > 0 && entry.workerId === payout.workerId);
          if (payout.role === 'crew') for (const entry of own) expect(behind).toContain(`time_entry/${entry.ref?.id}`);
          else expect(behind).toContain(`job/${payout.role} ${payout.workerId}`);
          expect(behind).toContain('pool/p1');
          const replaced = input.adjustment?.type === 'manual_amount' || input.adjustment?.type === 'manual_hours';
          if (!replaced) expect(behind).toContain('budget/b1');
        }
      }),
      { numRuns: 300, seed: SEED },
    );
  });

  test('does not depend on the order of entries', () => {
    const turned = { ...EXAMPLE, entries: [...EXAMPLE.entries].reverse(), penalties: [...(EXAMPLE.penalties ?? [])].reverse() };
    expect(traced(turned).nodes).toEqual(traced(EXAMPLE).nodes);
  });

  test('keeps the exact residue of every rounding: value less residue is the exact figure', () => {
    const { nodes } = traced(EXAMPLE);
    const cost = nodes.find((node) => node.id === 'B-43/propay-1/cost');
    const exact = nodes.find((node) => node.id === 'B-43/propay-1/exact-cost');
    const residue = parseFractionText(cost?.residue ?? '0/1');
    expect(residue).not.toBeNull();
    expect(add(parseFractionText(String(exact?.value))!, residue!)).toEqual(fraction(Number(cost?.value)));
  });

  test('cancels out the residues of one allocation', () => {
    const { nodes } = traced(EXAMPLE);
    const shares = nodes.filter((node) => node.rule === 'B-57');
    const sum = shares.reduce((total, node) => add(total, parseFractionText(node.residue ?? '0/1')!), fraction(0));
    expect(shares).toHaveLength(4);
    expect(sum).toEqual(fraction(0));
  });

  test('says who does not share, and what an empty role leaves to the company', () => {
    const { nodes } = traced(EXAMPLE);
    expect(nodes.find((node) => node.id === 'B-72/propay-1/crew:C')).toMatchObject({
      outcome: 'does-not-apply',
      reason: 'excluded',
    });
    expect(nodes.find((node) => node.id === 'B-58/propay-1/manager')).toMatchObject({
      outcome: 'does-not-apply',
      reason: 'nobody-to-pay',
    });
  });

  test('ends with what is missing when the result cannot be told', () => {
    const { nodes } = traced({ ...EXAMPLE, budget: null, entries: [{ workerId: 'A', seconds: 1, wageE4: null }] });
    expect(nodes.at(-1)).toMatchObject({ rule: 'B-4', outcome: 'cannot-tell', missing: ['budget', 'wage:A'] });
    expect(nodes.find((node) => node.rule === 'B-42')).toMatchObject({ missing: ['wage:A'], value: null });
  });
});

describe('explanation of payouts', () => {
  test('divides every payout over records without losing a cent', () => {
    fc.assert(
      fc.property(calculationArb, (plain) => {
        const input = withRefs(plain);
        const result = calculate(input);
        fc.pre(result.outcome === 'applies');
        for (const payout of explainPayouts(input, result.payouts)) {
          expect(payout.leaves.reduce((sum, leaf) => sum + leaf.cents, 0)).toBe(payout.cents);
          if (payout.role !== 'crew') expect(payout.leaves).toHaveLength(1);
          else expect(payout.leaves.every((leaf) => leaf.entity === 'time_entry' && (leaf.seconds ?? 0) > 0)).toBe(true);
        }
      }),
      { numRuns: 400, seed: SEED },
    );
  });

  test('weighs entries by wage where the distribution does, else by seconds', () => {
    const input = withRefs({
      ...EXAMPLE,
      entries: [
        { workerId: 'A', seconds: 3600, wageE4: 300_000 },
        { workerId: 'A', seconds: 3600, wageE4: 100_000 },
        { workerId: 'A', seconds: 0, wageE4: 100_000 },
      ],
    });
    const payouts = [{ workerId: 'A', role: 'crew', cents: 1000 }] as const;
    const leaf = { entity: 'time_entry', revision: 1, workDate: '2026-03-02', seconds: 3600 };
    expect(explainPayouts(input, payouts)[0]?.leaves).toEqual([
      { ...leaf, id: 't0', sourceId: 'src-0', cents: 750 },
      { ...leaf, id: 't1', sourceId: 'src-1', cents: 250 },
    ]);
    const perHour = { ...input, distribution: { formula: 'per_hour' } } as const;
    expect(explainPayouts(perHour, payouts)[0]?.leaves.map((one) => one.cents)).toEqual([500, 500]);
  });

  test('gives a payout of another role the record that names the person', () => {
    const explained = explainPayouts(EXAMPLE, [{ workerId: 'L', role: 'crew_lead', cents: 77 }]);
    expect(explained[0]?.leaves).toEqual([{ entity: 'job', id: 'crew_lead L', revision: 1, cents: 77 }]);
  });

  test('fails loudly where a reference is missing', () => {
    const bare = { ...EXAMPLE, peopleRefs: [] };
    expect(() => explainPayouts(bare, [{ workerId: 'L', role: 'crew_lead', cents: 77 }])).toThrow(AppError);
  });
});

describe('index of rules (B-6)', () => {
  test('lists each rule once, with a version of at least 1', () => {
    expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length);
    for (const rule of rules) expect(rule.version).toBeGreaterThanOrEqual(1);
  });

  test('lists every bonus rule that any file declares', () => {
    const folder = fileURLToPath(new URL('../../shared/bonus', import.meta.url));
    const declared = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) =>
        [...readFileSync(join(folder, file), 'utf8').matchAll(/defineRule\(\s*'(B-\d+)'/g)].map((match) => match[1]),
      );
    expect(
      rules
        .map((rule) => rule.id)
        .filter((id) => id.startsWith('B-'))
        .sort(),
    ).toEqual([...new Set(declared)].sort());
  });
});
