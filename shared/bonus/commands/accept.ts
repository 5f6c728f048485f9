import { refuse } from '#kernel/errors.ts';

/** What an approver or payer takes on, with a reason (B-87, B-138). */
export interface Acceptance {
  readonly code: string;
  readonly reason: string;
}

/** Something that stands in the way; acceptable ones yield to a reason. */
export interface Blocker {
  readonly code: string;
  readonly acceptable: boolean;
  /** Records or keys concerned. */
  readonly ids: readonly string[];
}

/** Refuses with the first blocker that is not accepted, naming all of them; returns the acceptances that were needed. */
export function requireAccepted(blockers: readonly Blocker[], accepted: readonly Acceptance[]): readonly Acceptance[] {
  const reasons = new Map(accepted.map((one) => [one.code, one]));
  const inTheWay = blockers.filter((blocker) => !(blocker.acceptable && (reasons.get(blocker.code)?.reason.trim() ?? '') !== ''));
  const [first] = inTheWay;
  if (first !== undefined)
    refuse(first.code, {
      data: { blockers: inTheWay, ...(first.code === 'cannot-tell' ? { missing: first.ids } : {}) },
      ...(first.acceptable ? { detail: 'It can be accepted with a reason.' } : {}),
    });
  return blockers.flatMap(({ code }) => {
    const one = reasons.get(code);
    return one === undefined ? [] : [{ code: one.code, reason: one.reason.trim() }];
  });
}
