import type { StatementHeader } from '#model/pay.ts';
import type { ExportedStatement, ExportFileInput, PayrollExport } from '#model/payroll-export.ts';
import type { ExportTarget } from '#model/settings.ts';
import type { WeekLedger } from '#model/week-ledger.ts';
import { premiumOwnerOf } from '../pay-law/export-mode.ts';
import { isOwnedByOther } from '../pay-law/premium-owner.ts';
import { defineRule } from '../rules/rule.ts';
import { layoutProblems } from './preflight-layout.ts';
import { peopleProblems } from './preflight-people.ts';
import { type PreflightProblem, problem } from './problem.ts';

/** B-223: everything that is wrong with an export, before its file is made. */
export const preflightRule = defineRule('B-223', 1, 'Preflight of an export');

/** What an export is judged by as things stand now. */
export interface PreflightFacts {
  readonly export: Pick<PayrollExport, 'id' | 'mode' | 'unpaid'>;
  readonly input: ExportFileInput;
  /** The target in the settings; undefined where it was taken away. */
  readonly target: ExportTarget | undefined;
  /** The statements' headers by id. */
  readonly headers: ReadonlyMap<string, StatementHeader>;
  /** The worker-weeks that the export would name an owner for, as far as there are any. */
  readonly ledgers: readonly WeekLedger[];
}

/** Everything to be seen to, errors first. Any error stops the file; there are no partial files (B-223). */
export function preflight(facts: PreflightFacts): readonly PreflightProblem[] {
  const problems = [
    ...settingsProblems(facts),
    ...layoutProblems(facts.input),
    ...peopleProblems(facts.input),
    ...facts.input.statements.flatMap((statement) => statementProblems(facts, statement)),
    ...facts.export.unpaid.map(({ statementId, workerId }) =>
      problem('statement-unpaid', 'warning', 'manager', 'Of this period, and not paid yet: it is not in this export.', {
        statementId,
        workerId,
      }),
    ),
  ];
  return [
    ...problems.filter(({ severity }) => severity === 'error'),
    ...problems.filter(({ severity }) => severity === 'warning'),
  ];
}

function settingsProblems({ export: { mode }, target }: PreflightFacts): readonly PreflightProblem[] {
  if (target?.mode === mode) return [];
  const now = target === undefined ? 'is not set up any more' : `is now ${target.mode}`;
  return [
    problem('mode-changed', 'error', 'admin', `Prepared as ${mode}, and the target ${now}. Cancel it and prepare it anew.`),
  ];
}

function statementProblems(facts: PreflightFacts, statement: ExportedStatement): readonly PreflightProblem[] {
  const { statementId, workerId, lines, period } = statement;
  const at = { statementId, workerId };
  const header = facts.headers.get(statementId);
  const problems: PreflightProblem[] = [];
  if (header?.status !== 'Paid' || header.exportId !== facts.export.id)
    problems.push(problem('statement-changed', 'error', 'admin', 'Reopened since. Cancel the export and prepare it anew.', at));
  if (facts.target?.closedThrough !== undefined && period.endDate <= facts.target.closedThrough)
    problems.push(
      problem('closed-period', 'error', 'payroll', `Payroll is closed for periods up to ${facts.target.closedThrough}.`, at),
    );
  if (lines.length === 0) problems.push(problem('zero-line', 'warning', 'payroll', 'Nothing is paid: it has no line.', at));
  return [...problems, ...premiumProblems(facts, statement)];
}

/** The double-premium guard (B-221), and premiums that lack hours (B-205). */
function premiumProblems(facts: PreflightFacts, statement: ExportedStatement): readonly PreflightProblem[] {
  const { statementId, workerId, weeks, incompleteWeeks, premiumPaidCents, premiumSentCents } = statement;
  const owner = premiumOwnerOf(facts.export.mode);
  const ledgers = facts.ledgers.filter((ledger) => ledger.workerId === workerId);
  const about = (weekStart: string) => ({ statementId, workerId, weekStart });
  const owned = ledgers.filter((ledger) => weeks.includes(ledger.weekStart) && isOwnedByOther(ledger, owner));
  const lacking = incompleteWeeks.filter((week) => !ledgers.some((ledger) => ledger.weekStart === week && ledger.hoursComplete));
  const problems = [
    ...owned.map(({ weekStart, premiumOwner }) => {
      const by = premiumOwner === 'engine' ? 'this product' : 'payroll';
      return problem(
        'premium-already-owned',
        'error',
        'admin',
        `An earlier export left the premium of this week to ${by}.`,
        about(weekStart),
      );
    }),
    ...lacking.map((weekStart) =>
      problem(
        'premium-incomplete',
        'error',
        'manager',
        'Hours of this week may be missing; it can be accepted.',
        about(weekStart),
      ),
    ),
  ];
  if (owner === 'engine' && premiumSentCents !== premiumPaidCents)
    problems.push(
      problem(
        'premium-not-payable',
        'error',
        'admin',
        'Paid while payroll was to compute its premium: reopen it and pay it again.',
        {
          statementId,
          workerId,
        },
      ),
    );
  if (owner === 'payroll' && premiumPaidCents > 0)
    problems.push(
      problem('premium-left-to-payroll', 'warning', 'payroll', 'Its premium is shown here, and payroll computes and pays it.', {
        statementId,
        workerId,
      }),
    );
  return problems;
}
