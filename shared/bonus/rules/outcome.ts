import { compareCodePoints } from '#kernel/ids.ts';
import { defineRule } from './rule.ts';

/** B-4: an input that can change money and is not known makes the whole result unknown. */
export const undecidedRule = defineRule('B-4', 1, 'Cannot tell');

/** The keys of what is missing, sorted by code point, none twice. */
export function missingKeys(keys: Iterable<string>): string[] {
  return [...new Set(keys)].sort(compareCodePoints);
}
