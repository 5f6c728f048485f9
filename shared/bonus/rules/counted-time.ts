import { compareCodePoints } from '#kernel/ids.ts';
import { addProduct, type Whole } from '../exact.ts';
import type { Entry } from '../shapes.ts';
import { defineRule } from './rule.ts';

/** B-40: one set of time enters cost, hours and distribution alike; an entry of 0 seconds counts nothing. */
export const countedTimeRule = defineRule('B-40', 1, 'Counted time');
/** B-42: a wage is never assumed. */
export const missingWageRule = defineRule('B-42', 1, 'Missing wage');

/** One person's counted time: seconds, and straight pay as Σ seconds · base wage (ten-thousandths of a dollar · seconds / hour). */
export type WorkerTime = { readonly workerId: string; seconds: number; straight: Whole };

/** The counted time of a calculation; `workers` are those whose time earns a share, in code-point order of their ids. */
export type CountedTime = {
  readonly totalSeconds: number;
  readonly workers: readonly WorkerTime[];
  readonly missing: readonly string[];
};

/**
 * Sums the counted time (B-40) and names every missing wage, burden and incomplete week (B-42, B-44, B-45). The order of the entries
 * does not matter.
 */
export function countTime(entries: readonly Entry[]): CountedTime {
  const byWorker = new Map<string, WorkerTime>();
  const workers: WorkerTime[] = [];
  const missing: string[] = [];
  let totalSeconds = 0;
  for (const entry of entries) {
    const { workerId, seconds, wageE4 } = entry;
    if (seconds === 0) continue;
    totalSeconds += seconds;
    if (wageE4 === null) missing.push(`wage:${workerId}`);
    if (entry.burdenBp === null) missing.push(`burden:${workerId}`);
    if (entry.week === null) missing.push(`week-hours:${workerId}:${entry.weekStart ?? ''}`);
    if (entry.noWeight) continue;
    const worker = byWorker.get(workerId);
    if (worker === undefined) {
      const first = { workerId, seconds, straight: addProduct(0, seconds, wageE4 ?? 0) };
      byWorker.set(workerId, first);
      workers.push(first);
    } else {
      worker.seconds += seconds;
      worker.straight = addProduct(worker.straight, seconds, wageE4 ?? 0);
    }
  }
  if (!inOrder(workers)) workers.sort((a, b) => compareCodePoints(a.workerId, b.workerId));
  return { totalSeconds, workers, missing };
}

/** Whether the workers stand in the order of their ids already, as entries read from one sorted query do. */
function inOrder(workers: readonly WorkerTime[]): boolean {
  for (let index = 1; index < workers.length; index += 1) {
    if (compareCodePoints(workers[index - 1]!.workerId, workers[index]!.workerId) > 0) return false;
  }
  return true;
}
