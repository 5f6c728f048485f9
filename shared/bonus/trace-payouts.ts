import { allocate } from '#kernel/allocate.ts';
import type { Fraction } from '#kernel/fraction.ts';
import { residueOf, shownWhole } from './exact.ts';
import { absenceOf, excludedRule, switchedOutRule } from './rules/crew.ts';
import { formulaFor, formulas, lightenedFor, weightOf } from './rules/distribution.ts';
import { evenSplitRule } from './rules/even-split.ts';
import { leadPayRule } from './rules/lead-pay.ts';
import { negativeSavingsRule } from './rules/negative-savings.ts';
import { emptyRoleRule, poolOf, roleSplitRule } from './rules/role-pools.ts';
import type { Rule } from './rules/rule.ts';
import type { AppliedResult, Calculation, Distribution, Payout, RecordRef, Role } from './shapes.ts';
import { records, type Tracer } from './trace.ts';
import type { NodeRef, TimeNodes } from './trace-inputs.ts';
import { type Figures, type Inputs, peopleOf } from './workings.ts';

/** The id of the node a payout rests on; line items keep it as their trace root (B-120). */
export function payoutNodeId(scope: string, distribution: Distribution, payout: Payout): string {
  const rule = payout.role === 'crew' ? formulas[formulaFor(payout.cents, distribution)].rule : evenSplitRule;
  return `${rule.id}/${scope}/${payout.role}:${payout.workerId}`;
}

/** Traces a role's part of the split; null where nothing is split. */
function traceRolePool(tracer: Tracer, input: Calculation, figures: Figures, role: Role, distributable: NodeRef): NodeRef | null {
  if (figures.distributableCents === 0) return null;
  const value = poolOf(figures.pools, role);
  const residue = residueOf(value, figures.distributableCents, input.pool[PERCENTAGE_OF[role]], 10_000);
  return tracer.add(roleSplitRule, `pool:${role}`, {
    inputs: [distributable, ...records(input.pool.ref)],
    value,
    unit: 'cents',
    residue,
  });
}

const PERCENTAGE_OF = { crew: 'crewBp', crew_lead: 'crewLeadBp', manager: 'managerBp', other: 'otherBp' } as const;

/** Traces who shares in the crew pool, the weights and the shares (B-57, B-58, B-65 to B-73); answers the payouts' nodes. */
export function traceCrew(
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
    const excludedBy = input.excludedRefs?.find((one) => one.workerId === workerId)?.ref;
    const inputs = [...(timeNodes.entriesOf.get(workerId) ?? []), ...records(absence === 'excluded' ? excludedBy : null)];
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
  const residues = formula === 'manual' ? null : allocate(pools.crewCents, lightenedFor(formula, weights));
  const weightNodes = members.map(({ workerId }, index) => {
    const inputs = [
      ...(timeNodes.entriesOf.get(workerId) ?? []),
      ...(formula === 'wage_weighted' ? (timeNodes.wagesOf.get(workerId) ?? []) : []),
      ...(formula === 'total_earnings' ? records(earningsRef(distribution, workerId)) : []),
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

function earningsRef({ earnings }: Distribution, workerId: string): readonly RecordRef[] | undefined {
  return earnings?.find((one) => one.workerId === workerId)?.ref;
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

/** Traces the pools and even splits of leads, managers and others (B-57 to B-60); answers the payouts' nodes. */
export function traceOtherRoles(
  tracer: Tracer,
  input: Calculation,
  figures: Figures,
  result: AppliedResult,
  distributable: NodeRef,
): NodeRef[] {
  const nodes: NodeRef[] = [];
  for (const { role, ids } of peopleOf(input)) {
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
export function personRef(input: Calculation, role: Role, workerId: string): RecordRef | undefined {
  return input.peopleRefs?.find((one) => one.role === role && one.workerId === workerId)?.ref;
}

function residuesByHead(cents: number, ids: readonly string[]): ReadonlyMap<string, Fraction> {
  const heads = ids.map((id) => ({ id, weight: 1 }));
  return new Map(allocate(cents, heads).map((share) => [share.id, share.residue]));
}

/** Traces the lead pay and its division (B-61); nothing where no amount was set. */
export function traceLeadPay(
  tracer: Tracer,
  input: Calculation,
  figures: Figures,
  result: AppliedResult,
  savings: NodeRef,
): void {
  if ((input.leadPayCents ?? 0) === 0) return;
  const total = tracer.add(leadPayRule, 'lead-pay', {
    inputs: [savings, ...records(input.leadPayRef)],
    value: figures.leadPayCents,
    unit: 'cents',
  });
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
