import { refuse } from '#kernel/errors.ts';
import type { Acceptance } from '../commands/accept.ts';
import type { PreflightProblem } from './problem.ts';

/** What may be accepted with a reason: premiums whose hours may lack some (B-205). */
const ACCEPTABLE = 'premium-incomplete';

/** Refuses an export with errors that are not accepted (B-223); returns the acceptances that were needed. */
export function requireClean(problems: readonly PreflightProblem[], accept: readonly Acceptance[]): readonly Acceptance[] {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const accepted = accept.filter(
    ({ code, reason }) => code === ACCEPTABLE && reason.trim() !== '' && errors.some((error) => error.code === code),
  );
  const left = errors.filter(({ code }) => !accepted.some((one) => one.code === code));
  if (left.length === 0) return accepted.map(({ code, reason }) => ({ code, reason: reason.trim() }));
  const owned = left.find(({ code }) => code === 'premium-already-owned');
  const acceptable = left.every(({ code }) => code === ACCEPTABLE);
  refuse(owned?.code ?? (acceptable ? ACCEPTABLE : 'preflight-failed'), {
    data: { preflight: left },
    detail: acceptable ? 'It can be accepted with a reason.' : left[0]!.detail,
  });
}
