import type { ExportFileInput } from '#model/payroll-export.ts';
import { type PreflightProblem, problem } from './problem.ts';
import { templateOf } from './templates/index.ts';

/** What is wrong with whom the lines are about: ids that payroll lacks or takes for one person, and names that people may mix up. */
export function peopleProblems(input: ExportFileInput): readonly PreflightProblem[] {
  const workers = [...new Set(input.statements.filter(({ lines }) => lines.length > 0).map(({ workerId }) => workerId))].sort();
  return [
    ...workers.flatMap((workerId) => missingId(input, workerId)),
    ...sharing(workers, (id) => input.people[id]!.payrollId?.trim() ?? '').map((workerId) =>
      problem('payroll-id-duplicate', 'error', 'admin', 'Another worker of this export has the same payroll id.', { workerId }),
    ),
    ...sharing(workers, (id) => input.people[id]!.displayName.trim().toLowerCase()).map((workerId) =>
      problem('duplicate-name', 'warning', 'payroll', 'Another worker of this export has the same name: go by the payroll id.', {
        workerId,
      }),
    ),
  ];
}

function missingId(input: ExportFileInput, workerId: string): readonly PreflightProblem[] {
  if ((input.people[workerId]!.payrollId?.trim() ?? '') !== '') return [];
  const needed = templateOf(input.target, input.templateVersion).needsPayrollId;
  const detail = 'The worker has no payroll id: name it in the worker’s settings or at the source.';
  return [problem('payroll-id-missing', needed ? 'error' : 'warning', 'admin', detail, { workerId })];
}

/** The workers that share something that is there. */
function sharing(workers: readonly string[], of: (workerId: string) => string): readonly string[] {
  const groups = Map.groupBy(workers, of);
  return workers.filter((workerId) => of(workerId) !== '' && groups.get(of(workerId))!.length > 1);
}
