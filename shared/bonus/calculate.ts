import { assertCalculation } from './check-calculation.ts';
import type { Calculation, CalculationResult } from './shapes.ts';
import type { Tracer } from './trace.ts';
import { workOut } from './workings.ts';

/**
 * The bonus of one ProPay, phase or pooled group: the one calculation behind preview, what-if, verification and the real figures
 * (B-6), in the order of B-9. Pure: the order of entries, people, answers and penalties changes nothing. Returns `cannot-tell` with
 * everything that is missing (B-4); refuses bad input by an exception (B-7). A tracer collects where each figure came from (B-5) and
 * costs nothing when left out.
 */
export function calculate(input: Calculation, tracer?: Tracer): CalculationResult {
  assertCalculation(input);
  const workings = workOut(input);
  tracer?.calculation(input, workings);
  return workings.result;
}
