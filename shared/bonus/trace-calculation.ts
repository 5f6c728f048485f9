import { allocate } from '#kernel/allocate.ts';
import type { Fraction } from '#kernel/fraction.ts';
import { compareCodePoints } from '#kernel/ids.ts';
import { residueOf } from './exact.ts';
import { companyShareRule } from './rules/company-share.ts';
import { absenceOf, excludedRule, switchedOutRule } from './rules/crew.ts';
import { failedDisqualifierRule, pendingDisqualifierRule } from './rules/disqualifiers.ts';
import { formulaFor, formulas, weightOf } from './rules/distribution.ts';
import { evenSplitRule } from './rules/even-split.ts';
import { labourCostRule } from './rules/labour-cost.ts';
import { leadPayRule } from './rules/lead-pay.ts';
import { negativeSavingsRule } from './rules/negative-savings.ts';
import { undecidedRule } from './rules/outcome.ts';
import { penaltyRule } from './rules/penalties.ts';
import { emptyRoleRule, poolOf, roleSplitRule, roleWeights } from './rules/role-pools.ts';
import type { Rule } from './rules/rule.ts';
import { hoursSavingsRule, moneySavingsRule, scale } from './rules/savings.ts';
import { workerShareRule } from './rules/worker-share.ts';
import type { AppliedResult, Calculation, Distribution, Payout, Role } from './shapes.ts';
import { records, type Tracer } from './trace.ts';
import { type NodeRef, type TimeNodes, traceBudget, traceMeanWage, traceTime, uniqueNames } from './trace-inputs.ts';
import { type Figures, type Inputs, peopleOf, type Workings } from './workings.ts';

/**
 * Writes the trace of a finished calculation (B-5), in the order of B-9. It reads the figures the calculation worked with and
 * decides nothing, so a traced run and an untraced one give the same result.
 */
export function traceCalculation(tracer: Tracer, input: Calculation, workings: Workings): void {
  const { inputs, figures, result } = workings;
  const budget = traceBudget(tracer, input, inputs, figures?.earned ?? null);
  const time = traceTime(tracer, input, inputs);
  const mean = inputs.time.totalSeconds === 0 && inputs.budget?.kind === 'hours' ? traceMeanWage(tracer, input) : null;
  if (figures === null || budget === null) {
    const missing = result.outcome === 'cannot-tell' ? result.missing : [];
    tracer.add(undecidedRule, 'result', {
      inputs: tracer.nodes.map(({ id }) => ({ node: id })),
      value: null,
      unit: 'state',
      outcome: 'cannot-tell',
      missing,
    });
    return;
  }
  const savings = traceSavings(tracer, inputs, figures, budget, time, mean);
  const distributable = traceShare(tracer, input, figures, savings);
  const payouts = [
    ...traceCrew(tracer, input, inputs, figures, time, distributable),
    ...traceOtherRoles(tracer, input, figures, result, distributable),
  ];
  traceLeadPay(tracer, input, figures, result, savings);
  tracer.add(companyShareRule, 'company-keeps', {
    inputs: [savings, ...payouts],
    value: result.companyKeepsCents,
    unit: 'cents',
  });
}

/** The id of the node a payout rests on; line items keep it as their trace root (B-120). */
export function payoutNodeId(scope: string, distribution: Distribution, payout: Payout): string {
  const rule = payout.role === 'crew' ? formulas[formulaFor(payout.cents, distribution)].rule : evenSplitRule;
  return `${rule.id}/${scope}/${payout.role}:${payout.workerId}`;
}

function traceSavings(
  tracer: Tracer,
  inputs: Inputs,
  figures: Figures,
  budget: NodeRef,
  time: TimeNodes,
  mean: NodeRef | null,
): NodeRef {
  const { cost, actualCostCents, blended, savingsCents, earned } = figures;
  const actual = tracer.add(labourCostRule, 'cost', {
    inputs: [time.exactCost],
    value: actualCostCents,
    unit: 'cents',
    residue: residueOf(actualCostCents, cost.units, 1, cost.unitsPerCent),
  });
  if (figures.kind === 'money' || blended === null) {
    return tracer.add(moneySavingsRule, 'savings', { inputs: [budget, actual], value: savingsCents, unit: 'cents' });
  }
  const divisor = scale(blended.unitsPerCent, blended.seconds);
  const wageInputs = mean === null ? [time.exactCost, time.seconds] : [mean];
  const residue = residueOf(savingsCents, earned - inputs.time.totalSeconds, blended.units, divisor);
  return tracer.add(hoursSavingsRule, 'savings', {
    inputs: [budget, time.seconds, ...wageInputs],
    value: savingsCents,
    unit: 'cents',
    residue,
  });
}

/** Worker share, answers, penalties and what is left to split (B-53, B-77, B-78, B-80, B-60). */
function traceShare(tracer: Tracer, input: Calculation, figures: Figures, savings: NodeRef): NodeRef {
  const { workerShareCents, savingsCents, splitBp, afterAnswersCents, penaltyCents, distributableCents } = figures;
  const residue = residueOf(workerShareCents, savingsCents, splitBp, 10_000);
  let last = tracer.add(workerShareRule, 'worker-share', {
    inputs: [savings, ...records(input.pool.ref)],
    value: workerShareCents,
    unit: 'cents',
    residue,
  });
  const name = uniqueNames();
  const answers = [...(input.disqualifiers ?? [])].sort(byId).map(({ id, state, ref }) =>
    tracer.add(state === 'pending' ? pendingDisqualifierRule : failedDisqualifierRule, name(`answer:${id}`), {
      inputs: records(ref),
      value: state,
      unit: 'state',
      outcome: state === 'passed' ? 'does-not-apply' : state === 'failed' ? 'applies' : 'cannot-tell',
    }),
  );
  if (answers.length > 0) {
    last = tracer.add(failedDisqualifierRule, 'share-after-answers', {
      inputs: [last, ...answers],
      value: afterAnswersCents,
      unit: 'cents',
    });
  }
  const penalties = [...(input.penalties ?? [])].sort(byId).map(({ id, amountCents, count, ref }) =>
    tracer.add(penaltyRule, name(`penalty:${id}`), {
      inputs: records(ref),
      value: (amountCents ?? null) === null ? null : (amountCents ?? 0) * (count ?? 1),
      unit: 'cents',
      outcome: (amountCents ?? null) === null ? 'cannot-tell' : 'applies',
    }),
  );
  if (penalties.length > 0) {
    const taken = tracer.add(penaltyRule, 'taken', { inputs: [last, ...penalties], value: penaltyCents, unit: 'cents' });
    const left = afterAnswersCents - penaltyCents;
    last = tracer.add(penaltyRule, 'share-after-penalties', { inputs: [last, taken], value: left, unit: 'cents' });
  }
  if (afterAnswersCents >= 0) return last;
  const outcome = distributableCents === 0 ? { outcome: 'does-not-apply' as const, reason: 'over-budget' } : null;
  return tracer.add(negativeSavingsRule, 'distributable', {
    inputs: [last, ...records(input.pool.ref)],
    value: distributableCents,
    unit: 'cents',
    ...outcome,
  });
}

/** By id; members of a group may bring the same id twice, so the whole content breaks ties. */
function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return compareCodePoints(a.id, b.id) || compareCodePoints(JSON.stringify(a), JSON.stringify(b));
}

/** Traces a role's part of the split; null where nothing is split. */
function traceRolePool(tracer: Tracer, input: Calculation, figures: Figures, role: Role, distributable: NodeRef): NodeRef | null {
  if (figures.distributableCents === 0) return null;
  const shares = allocate(figures.distributableCents, roleWeights(input.pool));
  const residue = shares[ROLE_POSITION[role]]!.residue;
  const value = poolOf(figures.pools, role);
  return tracer.add(roleSplitRule, `pool:${role}`, {
    inputs: [distributable, ...records(input.pool.ref)],
    value,
    unit: 'cents',
    residue,
  });
}

const ROLE_POSITION: Readonly<Record<Role, number>> = { crew: 0, crew_lead: 1, manager: 2, other: 3 };

function traceCrew(
  tracer: Tracer,
  input: Calculation,
  { time, members, switches }: Inputs,
  figures: Figures,
  timeNodes: TimeNodes,
  distributable: NodeRef,
): NodeRef[] {
  const pool = traceRolePool(tracer, input, figures, 'crew', distributable);
  if (pool === null) return [];
  for (const { workerId } of time.workers) {
    const absence = absenceOf(workerId, switches);
    if (absence === null) continue;
    const rule = absence === 'excluded' ? excludedRule : switchedOutRule;
    const inputs = timeNodes.entriesOf.get(workerId) ?? [];
    tracer.add(rule, `crew:${workerId}`, { inputs, value: 0, unit: 'weight', outcome: 'does-not-apply', reason: absence });
  }
  const { crewShares, pools } = figures;
  if (crewShares === null) return traceEmptyRole(tracer, 'crew', pool, pools.crewCents);
  const { distribution } = input;
  const formula = formulaFor(pools.crewCents, distribution);
  const { rule } = formulas[formula];
  const weights = members.map((member) => ({
    id: member.workerId,
    weight: formula === 'manual' ? 0 : weightOf(formula, member, distribution),
  }));
  const residues = formula === 'manual' ? null : allocate(pools.crewCents, weights);
  const weightNodes = members.map(({ workerId }, index) => {
    const inputs = [
      ...(timeNodes.entriesOf.get(workerId) ?? []),
      ...(formula === 'wage_weighted' ? (timeNodes.wagesOf.get(workerId) ?? []) : []),
      ...records(distribution.ref),
    ];
    if (formula === 'manual') return tracer.add(rule, `amount:${workerId}`, { inputs, value: crewShares[index]!, unit: 'cents' });
    return tracer.add(rule, `weight:${workerId}`, { inputs, value: shownWhole(weights[index]!.weight), unit: 'weight' });
  });
  const total = traceTotalWeight(tracer, rule, weights, weightNodes);
  return members.flatMap(({ workerId }, index) => {
    const value = crewShares[index]!;
    const residue = residues?.[index]?.residue;
    const node = tracer.add(rule, `crew:${workerId}`, {
      inputs: [pool, weightNodes[index]!, total],
      value,
      unit: 'cents',
      ...(residue === undefined ? null : { residue }),
    });
    return value === 0 ? [] : [node];
  });
}

function traceTotalWeight(
  tracer: Tracer,
  rule: Rule,
  weights: readonly { weight: number | bigint }[],
  nodes: readonly NodeRef[],
): NodeRef {
  let total = 0n;
  for (const { weight } of weights) total += BigInt(weight);
  return tracer.add(rule, 'total-weight', { inputs: nodes, value: shownWhole(total), unit: 'weight' });
}

function shownWhole(value: number | bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function traceEmptyRole(tracer: Tracer, role: Role, pool: NodeRef, cents: number): NodeRef[] {
  if (cents !== 0) {
    tracer.add(emptyRoleRule, role, {
      inputs: [pool],
      value: cents,
      unit: 'cents',
      outcome: 'does-not-apply',
      reason: 'nobody-to-pay',
    });
  }
  return [];
}

function traceOtherRoles(
  tracer: Tracer,
  input: Calculation,
  figures: Figures,
  result: AppliedResult,
  distributable: NodeRef,
): NodeRef[] {
  const nodes: NodeRef[] = [];
  for (const [role, ids] of peopleOf(input)) {
    const pool = traceRolePool(tracer, input, figures, role, distributable);
    const cents = poolOf(figures.pools, role);
    if (pool === null || cents === 0) continue;
    if (figures.distributableCents < 0) {
      const step = {
        inputs: [pool],
        value: 0,
        unit: 'cents',
        outcome: 'does-not-apply',
        reason: 'loss-reaches-the-crew-only',
      } as const;
      tracer.add(negativeSavingsRule, role, step);
    } else if (ids.length === 0) traceEmptyRole(tracer, role, pool, cents);
    else {
      const residues = residuesByHead(cents, ids);
      for (const payout of result.payouts.filter((one) => one.role === role)) {
        const inputs = [pool, ...records(personRef(input, role, payout.workerId))];
        const residue = residues.get(payout.workerId);
        const step = { inputs, value: payout.cents, unit: 'cents' as const, ...(residue === undefined ? null : { residue }) };
        nodes.push(tracer.add(evenSplitRule, `${role}:${payout.workerId}`, step));
      }
    }
  }
  return nodes;
}

/** The record or setting that made a person what the role says; undefined where the caller named none. */
export function personRef(
  input: Calculation,
  role: Role,
  workerId: string,
): NonNullable<Calculation['peopleRefs']>[number]['ref'] | undefined {
  return input.peopleRefs?.find((one) => one.role === role && one.workerId === workerId)?.ref;
}

function residuesByHead(cents: number, ids: readonly string[]): ReadonlyMap<string, Fraction> {
  const heads = ids.map((id) => ({ id, weight: 1 }));
  return new Map(allocate(cents, heads).map((share) => [share.id, share.residue]));
}

function traceLeadPay(tracer: Tracer, input: Calculation, figures: Figures, result: AppliedResult, savings: NodeRef): void {
  if ((input.leadPayCents ?? 0) === 0) return;
  const total = tracer.add(leadPayRule, 'lead-pay', { inputs: [savings], value: figures.leadPayCents, unit: 'cents' });
  const residues = residuesByHead(figures.leadPayCents, input.crewLeadIds ?? []);
  for (const { workerId, cents } of result.leadPayouts) {
    const residue = residues.get(workerId);
    const inputs = [total, ...records(personRef(input, 'crew_lead', workerId))];
    tracer.add(leadPayRule, `lead-pay:${workerId}`, {
      inputs,
      value: cents,
      unit: 'cents',
      ...(residue === undefined ? null : { residue }),
    });
  }
}
