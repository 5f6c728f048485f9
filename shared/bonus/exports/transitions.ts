import { refuse } from '#kernel/errors.ts';
import type { ExportEvent, ExportStatus, PayrollExport } from '#model/payroll-export.ts';

/** From where each status may be reached (B-222). */
const FROM: Readonly<Record<Exclude<ExportStatus, 'Draft'>, readonly ExportStatus[]>> = {
  Exported: ['Draft'],
  Confirmed: ['Exported'],
  Canceled: ['Draft', 'Exported'],
};

/** The export one step on; refuses `wrong-state` where the step does not lead on from its status. */
export function stepped<T extends PayrollExport>(
  one: T,
  event: ExportEvent & { readonly status: Exclude<ExportStatus, 'Draft'> },
): T {
  const { id, status } = one;
  if (!FROM[event.status].includes(status)) refuse('wrong-state', { data: { exportId: id, status } });
  return { ...one, status: event.status, events: [...one.events, event], revision: one.revision + 1 };
}

/** Whether an export keeps its statements from being taken up by another one (B-222). */
export function isLive({ status }: Pick<PayrollExport, 'status'>): boolean {
  return status !== 'Canceled';
}

/** Whether an export keeps its statements from being reopened (B-137). */
export function isOut({ status }: Pick<PayrollExport, 'status'>): boolean {
  return status === 'Exported' || status === 'Confirmed';
}
