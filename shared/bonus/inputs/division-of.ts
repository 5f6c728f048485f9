import type { EntityFields } from '#model/entities.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { DivisionRule, TenantContext } from '#model/settings.ts';
import { type ExclusionRule, foldedText, matches, matchesPattern } from '../rules/exclusion-rules.ts';
import { defineRule } from '../rules/rule.ts';

/** M-141: the division of a job that its source gives none. */
export const divisionRule = defineRule('M-141', 1, 'Assignment to local divisions');

type Job = Pick<
  EntityFields['job'],
  'branchId' | 'divisionId' | 'serviceType' | 'name' | 'customFields' | 'routeId' | 'clientId'
>;
type DivisionContext = Pick<TenantContext, 'divisionRules' | 'divisions'>;

/** The division a job belongs to: the source's, else the active local one that the first matching rule names, else none. */
export function divisionOf(job: Job, { divisionRules, divisions }: DivisionContext): string | null {
  if (job.divisionId !== null) return job.divisionId;
  const rule = divisionRules.find((one) => (divisions[one.divisionId]?.active ?? false) && assigns(one, job));
  return rule?.divisionId ?? null;
}

/** Every condition that a rule names has to hold; texts are compared as exclusion rules compare them. */
function assigns(rule: DivisionRule, job: Job): boolean {
  const { branchId, serviceType, namePattern, customField, routeId, clientId } = rule;
  return (
    branchId === job.branchId &&
    (serviceType === null || (job.serviceType !== null && foldedText(serviceType) === foldedText(job.serviceType))) &&
    (namePattern === null || matchesPattern(foldedText(job.name), foldedText(namePattern))) &&
    (customField === null || hasValue(job, customField)) &&
    (routeId === null || routeId === job.routeId) &&
    (clientId === null || clientId === job.clientId)
  );
}

function hasValue({ customFields }: Job, customField: NonNullable<DivisionRule['customField']>): boolean {
  const condition: ExclusionRule = { id: 'division', type: 'custom_field', ...customField };
  const nothing = { serviceType: null, invoiceType: null, name: null, propertyId: null, propertyNumber: null };
  return matches({ ...nothing, customFields }, condition);
}

/** A reading whose job stands in its effective division: what gates, settings and figures look at. */
export function located(state: ProPayState, context: DivisionContext): ProPayState {
  const { job } = state.records;
  if (job === null || job.fields.divisionId !== null) return state;
  const divisionId = divisionOf(job.fields, context);
  if (divisionId === null) return state;
  return { ...state, records: { ...state.records, job: { ...job, fields: { ...job.fields, divisionId } } } };
}
