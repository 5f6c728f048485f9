import { type ProblemKind, problemRows } from './problem-rows.ts';

export type { ProblemKind };

/** The one table of errors: nothing else sets a status. */
export const PROBLEMS: ReadonlyMap<string, ProblemKind> = new Map(Object.entries(problemRows));

/** The row of a code; a code that has none is a defect of ours and reads as one. */
export function problemKind(code: string): { readonly code: string; readonly kind: ProblemKind } {
  const kind = PROBLEMS.get(code);
  return kind ? { code, kind } : { code: 'internal-error', kind: PROBLEMS.get('internal-error')! };
}
