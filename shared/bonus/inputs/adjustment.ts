import type { Adjustment } from '#model/propay.ts';

/** Whether an adjustment replaces the budget instead of changing it (B-34). */
export function isManual({ type }: Adjustment): boolean {
  return type === 'manual_amount' || type === 'manual_hours';
}
