/** Sort keys of index `by`: the order of a list, and what it can be filtered by. They hold no tenant: their partition does. */

const sortKey = (...parts: readonly (string | null)[]): string => parts.map((part) => part ?? '-').join('#');

export const jobSort = (job: {
  branchId: string | null;
  divisionId: string | null;
  status: string;
  startDate: string | null;
  id: string;
}) => sortKey(job.branchId, job.divisionId, job.status, job.startDate, job.id);
export const milestoneSort = (milestone: { jobId: string; scheduledDate: string | null; id: string }) =>
  sortKey(milestone.jobId, milestone.scheduledDate, milestone.id);
/** The name stands before the id and is cut, since a key holds 1 KB at most; `#` in a name cannot confuse: nothing parses it back. */
export const workerSort = (worker: { branchId: string | null; state: string; displayName: string; id: string }) =>
  sortKey(worker.branchId, worker.state, worker.displayName.slice(0, 60), worker.id);
export const clientSort = (client: { kind: string; name: string; id: string }) =>
  sortKey(client.kind, client.name.slice(0, 60), client.id);
export const proPaySort = (proPay: { status: string; branchId: string | null; date: string; id: string }) =>
  sortKey(proPay.status, proPay.branchId, proPay.date, proPay.id);
export const groupSort = (group: { status: string; branchId: string | null; startDate: string; id: string }) =>
  sortKey(group.status, group.branchId, group.startDate, group.id);
export const verdictSort = (verdict: {
  branchId: string | null;
  code: string;
  date: string | null;
  jobId: string;
  milestoneId: string | null;
}) => sortKey(verdict.branchId, verdict.code, verdict.date, verdict.jobId, verdict.milestoneId);
/** ProPays that ask for somebody (M-157). */
export const alertSort = (alert: { branchId: string | null; proPayId: string }) => sortKey(alert.branchId, alert.proPayId);
export const callbackSort = (callback: { state: string; id: string }) => sortKey(callback.state, callback.id);
/** Reserves that are left once no phase is open any more. */
export const reserveSort = (reserve: { branchId: string | null; proPayId: string }) =>
  sortKey(reserve.branchId, reserve.proPayId);
/** Differences that wait for somebody to decide. */
export const differenceSort = (difference: { branchId: string | null; proPayId: string }) =>
  sortKey(difference.branchId, difference.proPayId);
/** `standing`: `u` unpaid, `p` paid, `v` voided; `freeOn`: the day the item is free, 9999-12-31 while it is held without end. */
export const lineItemSort = (item: { standing: 'u' | 'p' | 'v'; freeOn: string; id: string }) =>
  sortKey(item.standing, item.freeOn, item.id);
export const statementSort = (statement: {
  calendarId: string;
  startDate: string;
  status: string;
  workerName: string;
  workerId: string;
}) => sortKey(statement.calendarId, statement.startDate, statement.status, statement.workerName.slice(0, 60), statement.workerId);

export const goalTemplateSort = (template: { status: string; id: string }) => sortKey(template.status, template.id);
export const goalSort = (goal: { status: string; startDate: string; id: string }) =>
  sortKey(goal.status, goal.startDate, goal.id);

export const workerTimeSort = (entry: { workDate: string; id: string }) => sortKey(entry.workDate, entry.id);
