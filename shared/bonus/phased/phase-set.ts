import { refuse } from '#kernel/errors.ts';
import { compareCodePoints } from '#kernel/ids.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { OTHER_PHASE, RELEASE } from '#model/phase.ts';
import type { ProPayRecords } from '#model/propay-state.ts';
import type { PhaseMode, PhaseRule, PhaseSettings } from '#model/settings.ts';
import { foldedText } from '../rules/exclusion-rules.ts';
import { defineRule } from '../rules/rule.ts';

/** B-110: whether a new ProPay is phased, and how. */
export const phaseModeRule = defineRule('B-110', 1, 'Mode of phases');
/** B-111: which phases a ProPay has. */
export const phaseSetRule = defineRule('B-111', 1, 'Phase set');

/** A phase by name and milestones. */
export interface PhaseParts {
  readonly id: string;
  readonly name: string;
  readonly milestoneIds: readonly string[];
}

/** The mode in force for a job (B-110): its branch's, else the tenant's; recurring jobs have none. */
export function phaseModeFor(job: MirrorRecord<'job'>, phases: PhaseSettings): PhaseMode {
  if (job.fields.recurring) return 'off';
  const { branchId } = job.fields;
  return (branchId === null ? undefined : phases.branches[branchId]) ?? phases.mode;
}

/**
 * The phases of a job (B-111): one per milestone in the order of the work; where rules exist, one per rule over all milestones that match it
 * first, and one for the rest. A rule that nothing matches makes none.
 */
export function phasesOf({ job, milestones }: ProPayRecords, rules: readonly PhaseRule[]): readonly PhaseParts[] {
  const ordered = milestones.filter((one) => one.aliasOf === null).sort(inOrder);
  if (rules.length === 0) return ordered.map((one) => ({ id: one.id, name: one.fields.name, milestoneIds: [one.id] }));
  const parts = [...rules.map(({ id, name }) => ({ id, name })), { id: OTHER_PHASE, name: 'Other' }];
  const phaseOf = (one: MirrorRecord<'milestone'>): string => rules.find((rule) => fits(rule, one, job))?.id ?? OTHER_PHASE;
  const byPhase = Map.groupBy(ordered, phaseOf);
  return parts
    .filter(({ id }) => byPhase.has(id))
    .map((part) => ({ ...part, milestoneIds: byPhase.get(part.id)!.map(({ id }) => id) }));
}

/** Refuses phase rules that share an id, or take one that phases and releases are told apart by (B-111, B-115). `field` is the list. */
export function assertPhaseRules(rules: readonly PhaseRule[], field: string): void {
  for (const [at, { id }] of rules.entries()) {
    if (id === OTHER_PHASE || id === RELEASE)
      refuse('invalid-rule', { field: `${field}/${at}/id`, detail: `${id} is no id of a rule` });
    if (rules.findIndex((rule) => rule.id === id) < at)
      refuse('duplicate-rule', { field: `${field}/${at}/id`, detail: 'names another rule’s id' });
  }
}

function inOrder(a: MirrorRecord<'milestone'>, b: MirrorRecord<'milestone'>): number {
  const sequence = (a.fields.sequence ?? LAST) - (b.fields.sequence ?? LAST);
  const dates = compareCodePoints(a.fields.scheduledDate ?? '9', b.fields.scheduledDate ?? '9');
  return sequence || dates || compareCodePoints(a.id, b.id);
}

const LAST = 1_000_000_000;

/** Every condition that a rule names has to hold; a milestone without a service type has the job's. */
function fits(
  { serviceType, keyword, divisionId }: PhaseRule,
  { fields }: MirrorRecord<'milestone'>,
  job: MirrorRecord<'job'> | null,
): boolean {
  const type = foldedText(fields.serviceType ?? job?.fields.serviceType ?? '');
  return (
    (serviceType === null || foldedText(serviceType) === type) &&
    (keyword === null || foldedText(fields.name).includes(foldedText(keyword))) &&
    (divisionId === null || job?.fields.divisionId === divisionId)
  );
}
