import { type Fraction, fraction, fractionText } from '#kernel/fraction.ts';
import { compareCodePoints } from '#kernel/ids.ts';
import { shownWhole } from './exact.ts';
import { budgetRules } from './rules/budget-base.ts';
import { adjustmentRule, modifiedBudgetRule, settingRule } from './rules/budget-modification.ts';
import { completionRule } from './rules/completion.ts';
import { countedTimeRule, missingWageRule } from './rules/counted-time.ts';
import { driveSpreadRule } from './rules/drive-spread.ts';
import {
  burdenRule,
  type ExactCost,
  labourCostRule,
  overtimeCostRule,
  overtimeFactor,
  UNITS_PER_CENT,
} from './rules/labour-cost.ts';
import { noTimeRule } from './rules/savings.ts';
import { wageBasisRule } from './rules/wage-basis.ts';
import type { Budget, Calculation, Entry, RecordRef } from './shapes.ts';
import { records, type TraceInput, type Tracer } from './trace.ts';
import type { Inputs } from './workings.ts';

/** A node as an input of later nodes. */
export type NodeRef = { readonly node: string };

/** The nodes of the counted time that later steps point at; lists are by worker for the distribution. */
export type TimeNodes = {
  readonly seconds: NodeRef;
  readonly exactCost: NodeRef;
  readonly entriesOf: ReadonlyMap<string, readonly NodeRef[]>;
  readonly wagesOf: ReadonlyMap<string, readonly NodeRef[]>;
};

/** An exact value as a node shows it: an integer where it is one, else the text n/d. */
export function shownFraction(value: Fraction): number | string {
  const whole = value.d === 1n ? shownWhole(value.n) : null;
  return typeof whole === 'number' ? whole : fractionText(value);
}

/** Counted entries in an order that does not depend on how they were listed: worker, record id as in B-3, then all the rest. */
export function sortedEntries(entries: readonly Entry[]): Entry[] {
  return entries
    .filter((entry) => entry.seconds > 0)
    .sort(
      (a, b) =>
        compareCodePoints(a.workerId, b.workerId) ||
        compareCodePoints(a.ref?.id ?? '', b.ref?.id ?? '') ||
        compareCodePoints(a.ref?.entity ?? '', b.ref?.entity ?? '') ||
        a.seconds - b.seconds ||
        compareCodePoints(JSON.stringify(a), JSON.stringify(b)),
    );
}

/** Gives each subject a name of its own: the second use of one becomes `name#2`. */
export function uniqueNames(): (name: string) => string {
  const used = new Map<string, number>();
  return (name) => {
    const times = (used.get(name) ?? 0) + 1;
    used.set(name, times);
    return times === 1 ? name : `${name}#${times}`;
  };
}

function push(map: Map<string, NodeRef[]>, key: string, node: NodeRef): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [node]);
  else if (list.at(-1)?.node !== node.node) list.push(node);
}

/** Traces counted time, wages and exact cost (B-40 to B-45), null while unknown: entry and wage records are the leaves of every crew payout. */
export function traceTime(tracer: Tracer, input: Calculation, inputs: Inputs, total: ExactCost | null): TimeNodes {
  const wageNode = wageTracer(tracer);
  const name = uniqueNames();
  const entriesOf = new Map<string, NodeRef[]>();
  const wagesOf = new Map<string, NodeRef[]>();
  const entryNodes: NodeRef[] = [];
  const costNodes: NodeRef[] = [];
  for (const entry of sortedEntries(input.entries)) {
    const subject = name(entry.ref === undefined ? `entry:${entry.workerId}` : `entry:${entry.ref.entity}:${entry.ref.id}`);
    const recorded = entry.spreadRef === undefined ? records(entry.ref) : [traceSpread(tracer, subject, entry)];
    const source = entry.personRef === undefined ? recorded : [...recorded, ...records(entry.personRef)];
    const time = tracer.add(countedTimeRule, subject, { inputs: source, value: entry.seconds, unit: 'seconds' });
    const wage = wageNode(entry);
    entryNodes.push(time);
    if (!entry.noWeight) {
      push(entriesOf, entry.workerId, time);
      push(wagesOf, entry.workerId, wage.base);
    }
    const cost = exactCostOf(entry);
    costNodes.push(
      tracer.add(labourCostRule, subject, {
        inputs: [time, ...wage.inputs],
        value: cost === null ? null : shownFraction(cost),
        unit: 'cents',
        outcome: cost === null ? 'cannot-tell' : 'applies',
      }),
    );
  }
  const seconds = tracer.add(countedTimeRule, 'seconds', {
    inputs: entryNodes,
    value: inputs.time.totalSeconds,
    unit: 'seconds',
  });
  const exactCost = tracer.add(labourCostRule, 'exact-cost', {
    inputs: costNodes,
    value: total === null ? null : shownFraction(fraction(total.units, total.unitsPerCent)),
    unit: 'cents',
    outcome: total === null ? 'cannot-tell' : 'applies',
  });
  return { seconds, exactCost, entriesOf, wagesOf };
}

/** What of a drive record falls to this work: worked out from all overhead drives and all work of the day (B-47). */
function traceSpread(tracer: Tracer, subject: string, { seconds, spreadRef }: Entry): NodeRef {
  return tracer.add(driveSpreadRule, subject, { inputs: records(spreadRef), value: seconds, unit: 'seconds' });
}

/** One entry's exact cost in cents; null while its wage, burden or week is unknown. */
function exactCostOf({ seconds, wageE4, burdenBp, week }: Entry): Fraction | null {
  if (wageE4 === null || burdenBp === null || week === null) return null;
  const factor = week === undefined ? fraction(1) : overtimeFactor(week);
  const units = BigInt(seconds) * BigInt(wageE4) * BigInt(10_000 + (burdenBp ?? 0));
  return fraction(units * factor.n, BigInt(UNITS_PER_CENT) * 10_000n * factor.d);
}

type WageNodes = { readonly base: NodeRef; readonly inputs: readonly NodeRef[] };

/** Traces each distinct wage of a worker once, with burden and overtime factor behind it where they are part of the cost. */
function wageTracer(tracer: Tracer): (entry: Entry) => WageNodes {
  const seen = new Map<string, { readonly entry: Entry; readonly nodes: WageNodes }[]>();
  const name = uniqueNames();
  return (entry) => {
    const { workerId, wageE4, burdenBp, week, weekStart, weekRef, wageRef, burdenRef } = entry;
    const others = seen.get(workerId) ?? [];
    const known = others.find((other) => sharesWage(other.entry, entry));
    if (known !== undefined) return known.nodes;
    const subject = name(`wage:${workerId}`);
    const base = traceWage(tracer, subject, workerId, wageE4, wageRef);
    const inputs = [base];
    if (burdenBp !== undefined) {
      const exact = wageE4 === null || burdenBp === null ? null : fraction(BigInt(wageE4) * BigInt(10_000 + burdenBp), 10_000n);
      const gap =
        exact === null ? { outcome: 'cannot-tell' as const, missing: burdenBp === null ? [`burden:${workerId}`] : [] } : null;
      inputs.push(
        tracer.add(burdenRule, subject, {
          inputs: [base, ...records(burdenRef)],
          value: exact === null ? null : shownFraction(exact),
          unit: 'wageE4',
          ...gap,
        }),
      );
    }
    if (week !== undefined) {
      const value = week === null ? null : fractionText(overtimeFactor(week));
      const gap =
        week === null ? { outcome: 'cannot-tell' as const, missing: [`week-hours:${workerId}:${weekStart ?? ''}`] } : null;
      inputs.push(tracer.add(overtimeCostRule, subject, { inputs: records(weekRef), value, unit: 'weight', ...gap }));
    }
    const nodes = { base, inputs };
    others.push({ entry, nodes });
    seen.set(workerId, others);
    return nodes;
  };
}

/** Whether two entries of one worker cost the same an hour, for the same reasons. */
function sharesWage(a: Entry, b: Entry): boolean {
  return (
    a.wageE4 === b.wageE4 &&
    a.burdenBp === b.burdenBp &&
    a.wageRef?.id === b.wageRef?.id &&
    a.wageRef?.entity === b.wageRef?.entity &&
    a.wageRef?.revision === b.wageRef?.revision &&
    a.weekStart === b.weekStart &&
    (a.week === b.week || JSON.stringify(a.week) === JSON.stringify(b.week))
  );
}

function traceWage(
  tracer: Tracer,
  subject: string,
  workerId: string,
  wageE4: number | null,
  ref: RecordRef | undefined,
): NodeRef {
  if (wageE4 !== null) return tracer.add(wageBasisRule, subject, { inputs: records(ref), value: wageE4, unit: 'wageE4' });
  const missing = [`wage:${workerId}`];
  return tracer.add(missingWageRule, subject, {
    inputs: records(ref),
    value: null,
    unit: 'wageE4',
    outcome: 'cannot-tell',
    missing,
  });
}

/** Traces the mean wage of the assigned crew, which stands in for the blended wage while there is no time (B-52). */
export function traceMeanWage(tracer: Tracer, input: Calculation): NodeRef {
  const crew = [...(input.assignedCrew ?? [])].sort((a, b) => compareCodePoints(a.workerId, b.workerId));
  const wages = crew.map(({ workerId, wageE4, wageRef }) => traceWage(tracer, `assigned:${workerId}`, workerId, wageE4, wageRef));
  let sum: bigint | null = 0n;
  for (const { wageE4 } of crew) sum = sum === null || wageE4 === null ? null : sum + BigInt(wageE4);
  const value = sum === null || crew.length === 0 ? null : shownFraction(fraction(sum, crew.length));
  return tracer.add(noTimeRule, 'mean-wage', {
    inputs: wages,
    value,
    unit: 'wageE4',
    ...(value === null ? { outcome: 'cannot-tell' as const, missing: crew.length === 0 ? ['crew', 'time'] : ['time'] } : null),
  });
}

/** Traces the budget from its record to the figure savings are measured by (B-26 to B-36); null while it is not known. */
export function traceBudget(tracer: Tracer, input: Calculation, inputs: Inputs, earned: number | null): NodeRef | null {
  const { budget: source, settingModification: setting, adjustment } = input;
  const { budget } = inputs;
  if (source === null || budget === null) return null;
  const unit = budget.kind === 'hours' ? 'seconds' : 'cents';
  const replaced = budget.known && budget.base === null;
  const base = traceBase(tracer, source, unit, budget.known ? budget.base : null, budget.known ? [] : budget.missing, replaced);
  if (!budget.known) return null;
  let last: readonly TraceInput[] = [base];
  if (setting && budget.afterSetting !== null) {
    last = [
      tracer.add(settingRule, 'budget-setting', {
        inputs: [...last, ...records(setting.ref)],
        value: shownFraction(budget.afterSetting),
        unit,
      }),
    ];
  }
  if (adjustment && adjustment.type !== 'none') {
    const manual = adjustment.type === 'manual_amount' || adjustment.type === 'manual_hours';
    const before = manual ? [] : last;
    last = [
      tracer.add(adjustmentRule, 'budget-adjustment', {
        inputs: [...before, ...records(adjustment.ref)],
        value: shownFraction(budget.exact),
        unit,
      }),
    ];
  }
  const residue = fraction(BigInt(budget.value) * budget.exact.d - budget.exact.n, budget.exact.d);
  const node = tracer.add(modifiedBudgetRule, 'budget', { inputs: last, value: budget.value, unit, residue });
  const completionBp = input.completionBp ?? 10_000;
  if (completionBp === 10_000 || earned === null) return node;
  const drift = fraction(BigInt(earned) * 10_000n - BigInt(budget.value) * BigInt(completionBp), 10_000n);
  return tracer.add(completionRule, 'earned-budget', { inputs: [node], value: earned, unit, residue: drift });
}

function traceBase(
  tracer: Tracer,
  source: Budget,
  unit: 'seconds' | 'cents',
  base: Fraction | null,
  missing: readonly string[],
  replaced: boolean,
): NodeRef {
  return tracer.add(budgetRules[source.type], 'budget-base', {
    inputs: records(source.ref),
    value: base === null ? null : shownFraction(base),
    unit,
    ...(base === null ? { outcome: replaced ? ('does-not-apply' as const) : ('cannot-tell' as const), missing } : null),
    ...(replaced ? { reason: 'replaced-by-hand' } : null),
  });
}
