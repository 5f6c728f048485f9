import type { Calculation } from '#bonus/shapes.ts';
import { loadInputs } from './load.ts';

/**
 * An overlay that shares by earnings (B-71) without naming them: those of the ProPay's people in its weeks, read as they would be for
 * real. An approved one is calculated with what was approved, so its earnings are for the caller to give.
 */
export async function withEarnings(
  request: Parameters<typeof loadInputs>[0],
  proPayId: string,
  overlay: Partial<Calculation>,
): Promise<Partial<Calculation>> {
  const { distribution } = overlay;
  if (distribution?.formula !== 'total_earnings' || (distribution.earnings ?? null) !== null) return overlay;
  const loaded = await loadInputs(request, proPayId);
  const { proPay } = loaded;
  if (proPay.approval !== null) return overlay;
  const { assembled } = await loaded.tryOut({ ...proPay, distribution: { formula: 'total_earnings' } });
  const { earnings } = assembled.calculation.distribution;
  return { ...overlay, distribution: { ...distribution, ...(earnings ? { earnings } : {}) } };
}
