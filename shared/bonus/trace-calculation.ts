import { compareCodePoints } from '#kernel/ids.ts';
import { residueOf } from './exact.ts';
import { companyShareRule } from './rules/company-share.ts';
import { failedDisqualifierRule, failedMemberRule, pendingDisqualifierRule } from './rules/disqualifiers.ts';
import { costOf, labourCostRule } from './rules/labour-cost.ts';
import { negativeSavingsRule } from './rules/negative-savings.ts';
import { undecidedRule } from './rules/outcome.ts';
import { penaltyRule } from './rules/penalties.ts';
import { hoursSavingsRule, moneySavingsRule, scale } from './rules/savings.ts';
import { workerShareRule } from './rules/worker-share.ts';
import type { Calculation } from './shapes.ts';
import { records, type Tracer } from './trace.ts';
import { type NodeRef, type TimeNodes, traceBudget, traceMeanWage, traceTime, uniqueNames } from './trace-inputs.ts';
import { traceCrew, traceLeadPay, traceOtherRoles } from './trace-payouts.ts';
import type { Figures, Inputs, Workings } from './workings.ts';

/**
 * Writes the trace of a finished calculation (B-5), in the order of B-9. It reads the figures the calculation worked with and
 * decides nothing, so a traced run and an untraced one give the same result.
 */
export function traceCalculation(tracer: Tracer, input: Calculation, workings: Workings): void {
  const { inputs, figures, result } = workings;
  const budget = traceBudget(tracer, input, inputs, figures?.earned ?? null);
  const cost = inputs.time.missing.length > 0 ? null : (figures?.cost ?? costOf(input.entries));
  const time = traceTime(tracer, input, inputs, cost);
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
  const uncapped = traceSavings(tracer, inputs, figures, budget, time, mean);
  const savings = traceCap(tracer, input, figures, uncapped);
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

function traceSavings(
  tracer: Tracer,
  inputs: Inputs,
  figures: Figures,
  budget: NodeRef,
  time: TimeNodes,
  mean: NodeRef | null,
): NodeRef {
  const { cost, actualCostCents, blended, uncappedCents: savingsCents, earned } = figures;
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

/** The lower savings of a group without its failed members, where they are lower (B-107). */
function traceCap(tracer: Tracer, input: Calculation, { savingsCents }: Figures, uncapped: NodeRef): NodeRef {
  if ((input.savingsCapCents ?? null) === null) return uncapped;
  const inputs = [uncapped, ...records(input.savingsCapRefs)];
  return tracer.add(failedMemberRule, 'savings', { inputs, value: savingsCents, unit: 'cents' });
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
