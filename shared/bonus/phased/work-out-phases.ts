import { hashCanonical } from '#kernel/hash.ts';
import type { Instant } from '#kernel/instant.ts';
import { isDecided, type Phase } from '#model/phase.ts';
import type { ProPay } from '#model/propay.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import { copyDefinitions } from '../definitions.ts';
import { modifyBudget } from '../rules/budget-modification.ts';
import type { ExclusionRule } from '../rules/exclusion-rules.ts';
import { foldedText } from '../rules/exclusion-rules.ts';
import { defineRule } from '../rules/rule.ts';
import type { InputReaders, WorkedOut, WorkOptions } from '../work-out.ts';
import { type PhaseParts, phasesOf } from './phase-set.ts';
import { isCanceledPhase, phaseResultOf, proPayOfPhase, stateOfPhase } from './phase-state.ts';

/** B-112: what standing a phase has that nobody has decided on. */
export const phaseStatusRule = defineRule('B-112', 1, 'Phase statuses');

/** One phase worked out: as it was stored, as it is now, and the calculation behind it. */
export interface WorkedPhase {
  readonly before: Phase | null;
  readonly next: Phase;
  readonly worked: WorkedOut;
}

type WorkOutOne = (
  state: ProPayState,
  proPay: ProPay,
  context: TenantContext,
  readers: InputReaders,
  options: WorkOptions,
) => Promise<WorkedOut>;

/** Every phase of a ProPay from one reading of its inputs; those that somebody decided on keep their figures. */
export async function workOutPhases(
  workOut: WorkOutOne,
  state: ProPayState,
  proPay: ProPay,
  context: TenantContext,
  given: InputReaders,
  options: WorkOptions,
): Promise<readonly WorkedPhase[]> {
  const readers = remembering(given);
  const worked: WorkedPhase[] = [];
  const changed = options.phases ?? [];
  for (const { parts, before } of wantedPhases(state, proPay)) {
    const known = changed.find(({ id }) => id === parts.id) ?? before ?? newPhase(state, proPay, context, parts);
    const own = stateOfPhase(state, { milestoneIds: parts.milestoneIds, result: known.result });
    const one = await workOut(own, proPayOfPhase(proPay, known), context, readers, options);
    worked.push({ before, next: nextPhase({ ...known, ...parts }, own, one, readers.now), worked: one });
  }
  return worked;
}

/** Phases that are no longer there: what nobody decided on goes with its milestones. */
export function lostPhases(state: ProPayState, proPay: ProPay): readonly Phase[] {
  const wanted = new Set(wantedPhases(state, proPay).map(({ parts }) => parts.id));
  return state.phases.filter((phase) => phase.proPayId === proPay.id && !wanted.has(phase.id));
}

interface Wanted {
  readonly parts: PhaseParts;
  readonly before: Phase | null;
}

function wantedPhases(state: ProPayState, proPay: ProPay): readonly Wanted[] {
  const stored = state.phases.filter((phase) => phase.proPayId === proPay.id);
  const present = phasesOf(state.records, proPay.phaseRules);
  const kept = stored.filter((phase) => isDecided(phase) && !present.some(({ id }) => id === phase.id));
  return [
    ...present.map((parts) => ({ parts, before: stored.find(({ id }) => id === parts.id) ?? null })),
    ...kept.map((before) => ({ parts: { id: before.id, name: before.name, milestoneIds: before.milestoneIds }, before })),
  ];
}

type Unsettled = Omit<Phase, 'result'> & { readonly result: Phase['result'] | null };

/** A phase as it begins: all questions open, and out where the exclusion rules take its milestones out (B-112). */
function newPhase(state: ProPayState, proPay: ProPay, context: TenantContext, parts: PhaseParts): Unsettled {
  const milestones = state.records.milestones.filter(({ id }) => parts.milestoneIds.includes(id));
  const isOut =
    milestones.length > 0 &&
    milestones.every(({ fields }) => isExcludedType(fields, context.exclusionRules as readonly ExclusionRule[]));
  return {
    proPayId: proPay.id,
    ...parts,
    status: 'Draft',
    excluded: isOut ? { by: 'system', at: proPay.createdAt, reason: 'exclusion rule' } : null,
    ...copyDefinitions(context),
    approvals: 0,
    approval: null,
    settled: false,
    result: null,
    revision: 0,
  };
}

/** Of the rules only those about a milestone's own type: the others are about the job, which has passed them. */
function isExcludedType(
  { serviceType, invoiceType }: { readonly serviceType: string | null; readonly invoiceType: string | null },
  rules: readonly ExclusionRule[],
): boolean {
  const types = { service_type: serviceType, invoice_type: invoiceType } as const;
  return rules.some((rule) => {
    if (rule.type !== 'service_type' && rule.type !== 'invoice_type') return false;
    const own = types[rule.type];
    return own !== null && foldedText(rule.value) === foldedText(own);
  });
}

function nextPhase(known: Unsettled, state: ProPayState, worked: WorkedOut, now: Instant): Phase {
  if (isDecided(known) && known.result !== null) return { ...known, result: known.result };
  const status = isCanceledPhase(state.records)
    ? 'Canceled'
    : known.excluded !== null
      ? 'Excluded'
      : hasBudget(worked)
        ? 'Active'
        : 'Draft';
  const fresh = phaseResultOf({ ...worked.result, calcRev: 0, cfgRev: 0, calculatedAt: now });
  return { ...known, status, result: known.result !== null && sameFigures(known.result, fresh) ? known.result : fresh };
}

function sameFigures(a: Phase['result'], b: Phase['result']): boolean {
  const bare = ({ calculatedAt: _at, ...result }: Phase['result']) => hashCanonical(result);
  return bare(a) === bare(b);
}

/** A budget is valid once it is known and above zero after every modification. */
function hasBudget({ assembled: { calculation } }: WorkedOut): boolean {
  if (calculation.budget === null) return false;
  const modified = modifyBudget(calculation.budget, calculation.settingModification, calculation.adjustment);
  return modified.known && modified.value > 0;
}

/** Several phases ask for the same people: each wage history is read once. */
function remembering(readers: InputReaders): InputReaders {
  const known = new Map<string, Awaited<ReturnType<InputReaders['wages']>> extends ReadonlyMap<string, infer V> ? V : never>();
  return {
    ...readers,
    wages: async (workerIds) => {
      const unknown = workerIds.filter((id) => !known.has(id));
      if (unknown.length > 0) for (const [id, rows] of await readers.wages(unknown)) known.set(id, rows);
      return new Map(workerIds.flatMap((id) => (known.has(id) ? [[id, known.get(id)!] as const] : [])));
    },
  };
}

/** True where a phase has to be written: it is new, or other than it was stored. */
export function isChanged({ before, next }: Pick<WorkedPhase, 'before' | 'next'>): boolean {
  return before === null || hashCanonical(before) !== hashCanonical(next);
}
