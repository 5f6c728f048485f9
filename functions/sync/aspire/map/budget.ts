import type { Instant } from '#kernel/instant.ts';
import type { MappedRecord } from '#model/mapped-record.ts';
import { NO_BUDGET } from '#model/unknown-fields.ts';
import type { MapContext } from './context.ts';

/** The figures of one opportunity or ticket that may serve as its budget, with the source field each came from. */
export interface BudgetFigures {
  readonly list: 'Opportunities' | 'WorkTickets';
  readonly sourceId: string;
  readonly sourceUpdatedAt: Instant | null;
  readonly jobId: string;
  readonly milestoneId: string | null;
  readonly budgetSeconds: number | null;
  readonly laborAmountCents: number | null;
  readonly contractPriceCents: number | null;
}

const FIELDS = {
  Opportunities: { hours: 'Opportunity.EstimatedLaborHours', labor: 'Opportunity.EstimatedLaborCost', prefix: 'opportunity' },
  WorkTickets: { hours: 'WorkTicket.HoursEst', labor: 'WorkTicket.HourCostEst', prefix: 'ticket' },
} as const;

/**
 * The budget that comes along with an opportunity or a ticket (M-50, M-56). It is made even when the source holds no figure, so that
 * one taken away there does not live on here. `basis` names the field that counts under the connection's choice of budget source, or
 * the other one where only that is filled.
 */
export function mapBudget(context: MapContext, figures: BudgetFigures): MappedRecord<'budget_info'> {
  const { list, sourceId, jobId, milestoneId, budgetSeconds, laborAmountCents, contractPriceCents } = figures;
  const fields = FIELDS[list];
  const laborChosen = context.settings.budgetSource === 'ticket_labor';
  const onlyOther = laborChosen
    ? laborAmountCents === null && budgetSeconds !== null
    : budgetSeconds === null && laborAmountCents !== null;
  return {
    entity: 'budget_info',
    space: 'budget_info',
    sourceId: `${fields.prefix}:${sourceId}`,
    sourceUpdatedAt: figures.sourceUpdatedAt,
    sourceCreatedAt: null,
    sourceStatus: null,
    fields: {
      jobId,
      milestoneId,
      ...NO_BUDGET,
      budgetSeconds,
      laborAmountCents,
      contractPriceCents,
      basis: laborChosen === onlyOther ? fields.hours : fields.labor,
    },
  };
}
