/** Who has to act: an admin on settings or people here, a manager on pay or hours, whoever runs payroll there. */
export type PreflightActor = 'admin' | 'manager' | 'payroll';

/** One thing that preflight has found. An error stops the file; a warning says what to do beside it. */
export interface PreflightProblem {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly who: PreflightActor;
  readonly statementId: string | null;
  readonly workerId: string | null;
  /** The week, earning or column in question. */
  readonly subject: string | null;
  readonly detail: string;
}

/** What a problem is about. */
export interface ProblemPlace {
  readonly statementId?: string;
  readonly workerId?: string;
  readonly weekStart?: string;
  readonly subject?: string;
}

/** A problem with everything it says. */
export function problem(
  code: string,
  severity: PreflightProblem['severity'],
  who: PreflightActor,
  detail: string,
  { statementId, workerId, weekStart, subject }: ProblemPlace = {},
): PreflightProblem {
  return {
    code,
    severity,
    who,
    statementId: statementId ?? null,
    workerId: workerId ?? null,
    subject: subject ?? weekStart ?? null,
    detail,
  };
}
