import type { Whole } from '../exact.ts';
import { defineRule } from './rule.ts';

/** B-65: everybody with counted time shares in the crew pool. */
export const crewRule = defineRule('B-65', 1, 'Who shares in the crew pool');
/** B-72: an excluded person's time still costs; the share goes to the others. */
export const excludedRule = defineRule('B-72', 1, 'Excluded workers');
/** B-73: leads and managers with time share too, unless switched out and paid from a pool of their own. */
export const switchedOutRule = defineRule('B-73', 1, 'Lead and manager in the crew');

/** One person with counted time, as the distribution sees them. `straight` is Σ seconds · base wage; `earningsCents` null: unknown. */
export type CrewMember = {
  readonly workerId: string;
  readonly seconds: number;
  readonly straight: Whole;
  readonly isLead: boolean;
  readonly earningsCents: number | null;
};

/** What decides who shares: the exclusions of B-72, the switches of B-73 and the percentages that may lift them. */
export type CrewSwitches = {
  readonly excluded: ReadonlySet<string>;
  readonly leads: ReadonlySet<string>;
  readonly managers: ReadonlySet<string>;
  readonly leadInCrewPool: boolean;
  readonly managerInCrewPool: boolean;
  readonly crewLeadBp: number;
  readonly managerBp: number;
};

/** Why a person with time does not share: `excluded` (B-72), `lead-switched-out` or `manager-switched-out` (B-73); null: shares. */
export type CrewAbsence = 'excluded' | 'lead-switched-out' | 'manager-switched-out';

/** Whether a person with counted time shares in the crew pool (B-65, B-72, B-73). A switch is idle where the role's percentage is 0. */
export function absenceOf(workerId: string, switches: CrewSwitches): CrewAbsence | null {
  if (switches.excluded.has(workerId)) return 'excluded';
  if (!switches.leadInCrewPool && switches.crewLeadBp !== 0 && switches.leads.has(workerId)) return 'lead-switched-out';
  if (!switches.managerInCrewPool && switches.managerBp !== 0 && switches.managers.has(workerId)) return 'manager-switched-out';
  return null;
}
