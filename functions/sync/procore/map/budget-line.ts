import { readSeconds, readText, refuseRow, tryRead } from '#mirror/read-fields.ts';
import type { JobStatus } from '#model/entities.ts';
import type { MappedRecord, MappedRow } from '#model/mapped-record.ts';
import { NO_BUDGET, UNKNOWN_MILESTONE } from '#model/unknown-fields.ts';
import { budgetLineRow } from '../wire.ts';
import { budgetLineId, UNSTAMPED } from './context.ts';
import { mapRow, readId, readQuantityE4, refId } from './read.ts';

/** Units in which a budgeted quantity is working time. */
const HOURS = new Set(['h', 'hr', 'hrs', 'hour', 'hours', 'mh', 'man hours', 'man-hours']);

/**
 * Budgeted production quantities of one project → milestone with its budget (M-67). Quantities of one cost code and category are one
 * line: hours add up, another unit is a quantity. The line takes the status of its project, and no stamp: those of its quantities say
 * nothing of the others or of the status.
 */
export function mapBudgetLines(rows: readonly unknown[], projectId: string, status: JobStatus): readonly MappedRow[] {
  const lines = new Map<string, MappedRow>();
  const refused: MappedRow[] = [];
  for (const raw of rows) {
    const mapped = mapQuantity(raw, projectId, status);
    if (mapped.kind === 'rejected') {
      refused.push(mapped);
      continue;
    }
    const earlier = lines.get(mapped.record.sourceId);
    lines.set(mapped.record.sourceId, earlier?.kind === 'record' ? added(earlier, mapped) : mapped);
  }
  return [...lines.values(), ...refused];
}

type Line = Extract<MappedRow, { kind: 'record' }>;

function mapQuantity(raw: unknown, projectId: string, status: JobStatus): MappedRow {
  const mapped = mapRow(budgetLineRow, raw, (row) => {
    const sourceId = lineIdOf(row, projectId) ?? refuseRow('required_field_missing', 'cost_code', null);
    const number = readText(row.cost_code?.full_code ?? row.cost_code?.code, 'cost_code');
    const name = readText(row.cost_code?.name, 'cost_code') ?? number ?? refuseRow('required_field_missing', 'cost_code', null);
    const unit = readText(row.unit_of_measure, 'unit_of_measure');
    const inHours = unit !== null && HOURS.has(unit.trim().toLowerCase());
    const record: MappedRecord<'milestone'> = {
      entity: 'milestone',
      space: 'milestone',
      sourceId,
      ...UNSTAMPED,
      fields: {
        ...UNKNOWN_MILESTONE,
        jobId: projectId,
        name,
        number,
        kind: 'cost_line',
        status,
        review: status === 'completed' ? 'pending_review' : 'none',
      },
    };
    const budget: MappedRecord<'budget_info'> = {
      entity: 'budget_info',
      space: 'budget_info',
      sourceId: `${sourceId}:budget`,
      ...UNSTAMPED,
      fields: {
        jobId: projectId,
        milestoneId: sourceId,
        ...NO_BUDGET,
        budgetSeconds: inHours ? readSeconds(blankAsNull(row.quantity), 'quantity') : null,
        quantityE4: inHours ? null : readQuantityE4(row.quantity, 'quantity'),
        basis: 'BudgetedProductionQuantity.quantity',
      },
    };
    return { kind: 'record', record, also: [budget] };
  });
  if (mapped.kind === 'record') return mapped;
  return { kind: 'rejected', rejected: { ...mapped.rejected, sourceId: refusedId(raw, projectId) } };
}

type Row = { readonly cost_code?: unknown; readonly line_item_type_id?: unknown; readonly line_item_type?: unknown };

function lineIdOf(row: Row, projectId: string): string | null {
  const costCodeId = refId(row.cost_code as { id?: unknown } | null | undefined, 'cost_code');
  if (costCodeId === null) return null;
  const categoryId =
    readId(row.line_item_type_id, 'line_item_type_id') ??
    refId(row.line_item_type as { id?: unknown } | null | undefined, 'line_item_type');
  return budgetLineId(projectId, costCodeId, categoryId);
}

/** The line that a refused row is of, so that its last good version stays; else the row's own id. */
function refusedId(raw: unknown, projectId: string): string | null {
  if (typeof raw !== 'object' || raw === null) return null;
  let id: string | null = null;
  tryRead(() => {
    id = lineIdOf(raw as Row, projectId);
  });
  if (id !== null) return id;
  tryRead(() => {
    const rowId = readId((raw as { id?: unknown }).id, 'id');
    id = rowId === null ? null : `${projectId}/procore:production_quantity:${rowId}`;
  });
  return id;
}

/** One line of two quantities: hours and quantities add up. */
function added(line: Line, more: Line): Line {
  const [a, b] = [line.also[0] as MappedRecord<'budget_info'>, more.also[0] as MappedRecord<'budget_info'>];
  const fields = {
    ...a.fields,
    budgetSeconds: sum(a.fields.budgetSeconds, b.fields.budgetSeconds),
    quantityE4: sum(a.fields.quantityE4, b.fields.quantityE4),
  };
  return { ...line, also: [{ ...a, fields }] };
}

function sum(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : a + b;
}

function blankAsNull<T>(value: T): T | null {
  return value === '' ? null : value;
}
