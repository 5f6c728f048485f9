import { defineRule } from './rule.ts';

/** B-60: over budget nobody is paid; a loss reaches the crew only where the pool rolls it over. */
export const negativeSavingsRule = defineRule('B-60', 1, 'Negative savings');

/**
 * What the roles split: the share after answers less penalties; a negative share only with rollover, else nothing (B-60). Penalties
 * are 0 where the share is not positive.
 */
export function distributableOf(afterAnswersCents: number, penaltyCents: number, rollOverNegative: boolean): number {
  return afterAnswersCents < 0 && !rollOverNegative ? 0 : afterAnswersCents - penaltyCents;
}
