import { rejectionFrom } from '#mirror/read-fields.ts';
import type { CompanionRejection, MappedRecord } from '#model/mapped-record.ts';
import { NO_BUDGET } from '#model/unknown-fields.ts';
import type { MapContext, Project } from './context.ts';
import { fieldsWithUse, readBudgetAmount, readBudgetHours, valueWithUse } from './custom-fields.ts';

/** Budget source of a connection or a jobcode that looks at the project's estimate alone. */
const ESTIMATE_ONLY = 'project_estimate';

/** What comes along with a job or milestone as its budget, or why it could not be read. */
export type Budget = { readonly record: MappedRecord<'budget_info'> } | { readonly refused: CompanionRejection };

/**
 * The budget of a job or milestone (M-65): a custom field, else the estimate of its project. It is made even when the source holds no
 * figure, so that one taken away there does not live on here; and a figure that cannot be read is quarantined without its job.
 */
export function mapBudget(
  context: MapContext,
  of: {
    readonly jobcodeId: string;
    readonly jobId: string;
    readonly milestoneId: string | null;
    readonly sourceUpdatedAt: string | null;
    readonly values: ReadonlyMap<string, string>;
    readonly project: Project | null;
  },
): Budget {
  const { settings } = context;
  const sourceId = `jobcode:${of.jobcodeId}`;
  const make = (budgetSeconds: number | null, laborAmountCents: number | null, basis: string): Budget => ({
    record: {
      entity: 'budget_info',
      space: 'budget_info',
      sourceId,
      sourceUpdatedAt: of.sourceUpdatedAt,
      sourceCreatedAt: null,
      sourceStatus: null,
      fields: {
        jobId: of.jobId,
        milestoneId: of.milestoneId,
        ...NO_BUDGET,
        budgetSeconds,
        laborAmountCents,
        basis,
      },
    },
  });
  const refuse = (rejection: CompanionRejection): Budget => ({ refused: rejection });
  const place = { sourceId, entity: 'budget_info', space: 'budget_info' } as const;
  const chosen = settings.jobcodeSettings?.[of.jobcodeId]?.budgetSource ?? settings.budgetSource;
  if (chosen !== ESTIMATE_ONLY) {
    const hours = valueWithUse(of.values, settings, 'hours_budget');
    const amount = valueWithUse(of.values, settings, 'labor_budget');
    if (hours !== null || amount !== null) {
      const field = (hours ?? amount)!.fieldId;
      // Without a chosen form only plain hours are taken.
      const format = settings.budgetTimeFormat ?? 'decimal_hours';
      const read = rejectionFrom(place, () =>
        make(
          hours === null ? null : readBudgetHours(hours.value, format, `customfields.${hours.fieldId}`),
          amount === null ? null : readBudgetAmount(amount.value, `customfields.${amount.fieldId}`),
          `customfield:${field}`,
        ),
      );
      return 'refused' in read ? refuse(read.refused) : read.value;
    }
  }
  const estimated = of.project === null ? null : (context.joins.estimates.get(of.project.id) ?? null);
  if (typeof estimated === 'string')
    return refuse({ ...place, reason: estimated, field: 'estimate_items.estimated_seconds', value: null });
  const [field] = estimated === null && chosen !== ESTIMATE_ONLY ? fieldsWithUse(settings, 'hours_budget') : [];
  return make(estimated, null, field === undefined ? ESTIMATE_ONLY : `customfield:${field}`);
}
