import { shownWage } from '#bonus/inputs/overrides.ts';
import { parseE4 } from '#kernel/money.ts';
import { parseProPayId } from '#model/ids.ts';
import { jobKey, listPartition, proPayKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { workerState } from '#model/overrides.ts';
import type { ProPayAlert } from '#model/propay-alerts.ts';
import { type AlertedProPay, decodeAlerts, decodeProPay } from '#model/propay-item.ts';
import { AREA_DEFAULTS, type AreaValues } from '#model/tenant-context.ts';
import { listProPaysOfWorker } from '#store/propay-repository.ts';
import { readArea } from '#store/settings-repository.ts';
import type { Item } from '#store/table.ts';
import { rateOf } from '../edge.ts';
import { concerns } from '../mirror/alerts/inputs.ts';
import { alertsOfProPays } from '../mirror/alerts/propays.ts';
import { type Range, readPage } from '../pages.ts';
import type { ReportDefinition, ReportInputs, Row } from './report.ts';
import { alertInputs, mirrorSight, seenAt } from './sight.ts';
import { readVerdicts, workCells } from './verdict-reports.ts';

const OF_WORKER = ['workerId', 'name', 'branchId', 'divisionId'];

/** Active people without a wage, and the open ProPays that wait for it. */
export const missingWages: ReportDefinition = {
  filters: ['branchId'],
  paged: true,
  columns: [...OF_WORKER, 'reason', 'openProPays', 'propayIds'],
  read: async (inputs) => {
    const { workers, nextCursor } = await readWorkers(inputs);
    const lacking = workers.filter((worker) => (shownWage(worker, mirrorSight(inputs).mirror.today)?.wageE4 ?? null) === null);
    const { missing_wages: alerts = [] } = lacking.length === 0 ? {} : await alertsOfProPays(alertInputs(inputs));
    const waiting = new Map(alerts.map(({ workerId, propayIds = [] }) => [workerId, propayIds]));
    const items = lacking.map((worker) => ({
      ...workerCells(worker),
      reason: 'not_supplied',
      ...openCells(waiting.get(worker.id) ?? []),
    }));
    return { items, ids: lacking.map(({ id }) => id), nextCursor };
  },
};

/** Active people whose wage is below what the tenant takes for plausible (M-39), and the open ProPays that count with it. */
export const suspiciousWages: ReportDefinition = {
  filters: ['branchId'],
  paged: true,
  columns: [...OF_WORKER, 'wage', 'effectiveFrom', 'origin', 'warnBelow', 'openProPays', 'propayIds'],
  read: async (inputs) => {
    const { ports, scope } = inputs.request;
    const people = (await readArea(ports.table, scope, 'people'))?.values as Partial<AreaValues['people']> | undefined;
    const { wageWarnBelow } = { ...AREA_DEFAULTS.people, ...people };
    const belowE4 = wageWarnBelow === null ? null : parseE4(wageWarnBelow);
    const { workers, nextCursor } = await readWorkers(inputs);
    const { mirror, sight } = mirrorSight(inputs);
    const items: Row[] = [];
    for (const worker of workers) {
      const wage = shownWage(worker, mirror.today);
      if (
        belowE4 === null ||
        wage === null ||
        wage.wageE4 === null ||
        wage.wageE4 >= belowE4 ||
        !sight.properties.wages(worker.id)
      )
        continue;
      items.push({
        ...workerCells(worker),
        ...{ wage: rateOf(wage.wageE4), effectiveFrom: wage.effectiveFrom, origin: wage.origin, warnBelow: wageWarnBelow },
        ...openCells(await activeProPaysOf(inputs, worker.id)),
      });
    }
    return { items, ids: items.map(({ workerId }) => String(workerId)), nextCursor };
  },
};

/** Work without a labour budget: with no ProPay for it, and ProPays that wait for it. */
export const missingBudgets: ReportDefinition = {
  filters: ['branchId'],
  paged: true,
  columns: ['jobId', 'milestoneId', 'name', 'number', 'branchId', 'date', 'reason', 'propayId'],
  read: async (inputs) => {
    const works = await readVerdicts(inputs, ['no_budget'], (list) => [...list, alertRange(inputs)]);
    const waiting = await alertedWork(inputs, works.others, 'missing_budgets');
    const items: readonly Row[] = [
      ...works.works.map((one) => ({
        ...workCells(one),
        reason: one.verdict.missing.join(' ') || one.verdict.code,
        propayId: null,
      })),
      ...waiting,
    ];
    return { items, ids: items.map(({ milestoneId, jobId }) => String(milestoneId ?? jobId)), nextCursor: works.nextCursor };
  },
};

/** ProPays whose pool has a share for a manager while nobody is one. */
export const missingManagers: ReportDefinition = {
  filters: ['branchId'],
  paged: true,
  columns: ['jobId', 'milestoneId', 'name', 'number', 'branchId', 'date', 'reason', 'propayId'],
  read: async (inputs) => {
    const page = await readPage(inputs.request, [alertRange(inputs)]);
    const items = await alertedWork(inputs, page.items, 'missing_managers');
    return { items, ids: items.map(({ propayId }) => String(propayId)), nextCursor: page.nextCursor };
  },
};

/** The list of ProPays that ask for something, behind all that is listed by branch. */
function alertRange({ request, given: { branchId } }: ReportInputs): Range {
  const partition = listPartition(request.scope, 'ALERT');
  return { name: '~alerts', index: 'by', partition, ...(branchId === undefined ? {} : { prefix: `${branchId}#` }) };
}

/** The work of the ProPays among some rows that ask for a thing, as far as the caller looks after it. */
async function alertedWork(inputs: ReportInputs, rows: readonly Item[], kind: ProPayAlert): Promise<readonly Row[]> {
  const alerted = rows.map(decodeAlerts).filter((one) => one.alerts.includes(kind) && concerns(alertInputs(inputs), one.result));
  const refs = alerted.flatMap((one: AlertedProPay) => {
    const ref = parseProPayId(one.proPayId);
    return ref === null ? [] : [{ ref, one }];
  });
  const jobs = await seenAt<'job'>(
    inputs,
    refs.map(({ ref }) => jobKey(inputs.request.scope, ref.jobId)),
  );
  return refs.map(({ ref, one }) => ({
    ...{ jobId: ref.jobId, milestoneId: ref.milestoneId },
    ...{ name: jobs.get(ref.jobId)?.fields.name ?? null, number: jobs.get(ref.jobId)?.fields.number ?? null },
    ...{ branchId: one.result.place.branchId, date: one.result.startDate },
    reason: kind === 'missing_managers' ? 'manager' : one.result.missing.join(' ') || 'budget',
    propayId: one.proPayId,
  }));
}

/** A page of the active people whom the caller sees. */
async function readWorkers(inputs: ReportInputs) {
  const { request, given } = inputs;
  const partition = listPartition(request.scope, 'WORKER');
  const range: Range = { index: 'by', partition, ...(given.branchId === undefined ? {} : { prefix: `${given.branchId}#` }) };
  const page = await readPage(request, [range]);
  const records = page.items.map((item) => decodeMirrorRecord<'worker'>(item));
  const active = records.filter((worker) => workerState(worker) === 'active' && worker.aliasOf === null);
  const seen = await mirrorSight(inputs).sight.filter(active as unknown as readonly MirrorRecord[]);
  return { workers: seen as unknown as readonly MirrorRecord<'worker'>[], nextCursor: page.nextCursor };
}

function workerCells({ id, fields: { displayName, branchId, divisionId } }: MirrorRecord<'worker'>): Row {
  return { workerId: id, name: displayName, branchId, divisionId };
}

function openCells(propayIds: readonly string[]): Row {
  return { openProPays: propayIds.length, propayIds: propayIds.join(' ') || null };
}

/** The Active ProPays that a worker is on. */
async function activeProPaysOf({ request: { ports, scope } }: ReportInputs, workerId: string): Promise<readonly string[]> {
  const refs = await listProPaysOfWorker(ports.table, scope, workerId);
  const items = await ports.table.batchGet(
    scope,
    refs.map((ref) => proPayKey(scope, ref)),
    { consistent: false },
  );
  const proPays = items.flatMap((item) => (item === null ? [] : [decodeProPay(item)]));
  return proPays.filter(({ status }) => status === 'Active').map(({ id }) => id);
}
