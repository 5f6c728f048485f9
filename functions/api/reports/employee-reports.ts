import { itemStatus } from '#bonus/item-status.ts';
import { branchOf } from '#bonus/pay/statement-header.ts';
import { payrollIdOf } from '#model/own-facts.ts';
import type { LineItem } from '#model/pay.ts';
import { storedFigures } from '#pay/statement-figures.ts';
import { todayIn } from '../bonus/desk.ts';
import { statementsOfWorker } from '../bonus/pay/load-statement.ts';
import { isInCharge, seesPay } from '../bonus/sight.ts';
import { moneyOf, rateOf } from '../edge.ts';
import { readPeoplesPay } from './people-pay.ts';
import type { ReportDefinition } from './report.ts';

const STATUSES = ['Held', 'In Process', 'Paid', 'Voided'] as const;
const CELLS = { Held: 'held', 'In Process': 'inProcess', Paid: 'paid', Voided: 'voided' } as const;

/** The history of people's pay (B-177): a row a statement, with its items by status and what the hour was worth. */
export const employeeBonus: ReportDefinition = {
  filters: ['from', 'to', 'branchId', 'workerId'],
  paged: true,
  columns: [
    ...['workerId', 'name', 'payrollId', 'statementId', 'statement', 'branchId', 'periodStart', 'periodEnd', 'status', 'payDate'],
    ...['items', ...Object.values(CELLS), 'bonuses', 'deductions', 'premium', 'payable'],
    ...['baseWage', 'bonusRate', 'effectiveWage'],
  ],
  read: async (inputs) => {
    const { request, desk, given } = inputs;
    const { persons, nextCursor } = await readPeoplesPay(inputs);
    const statements = persons.flatMap(({ worker, pay }) => {
      const calendars = [...new Set(pay.items.map(({ calendarId }) => calendarId))].sort();
      return calendars.flatMap((calendarId) =>
        statementsOfWorker(desk, worker.id, calendarId, pay).views.map((view) => ({ worker, view })),
      );
    });
    const wanted = statements.filter(({ view }) => {
      const pay = { workerId: view.workerId, branchId: branchOf(view) };
      return (
        (view.items.length > 0 || view.upcoming.length > 0 || view.status !== 'Open') &&
        seesPay(request, desk, pay) &&
        (request.reach !== 'S' || isInCharge(request, pay)) &&
        (given.branchId === undefined || pay.branchId === given.branchId) &&
        (given.from === undefined || view.period.startDate >= given.from) &&
        (given.to === undefined || view.period.startDate <= given.to)
      );
    });
    const items = wanted.map(({ worker, view }) => {
      const all = [...view.items, ...view.upcoming];
      const statusOf = (item: LineItem) => itemStatus(item.releaseOn, item.events, todayIn(desk, item.branchId));
      const { wageFigures } = storedFigures(view);
      const sums = STATUSES.map((status) => {
        const cents = all.filter((item) => statusOf(item) === status).reduce((sum, { amountCents }) => sum + amountCents, 0);
        return [CELLS[status], moneyOf(cents)] as const;
      });
      return {
        ...{ workerId: worker.id, name: worker.fields.displayName, payrollId: payrollIdOf(worker) },
        ...{ statementId: view.id, statement: view.header?.reference ?? null, branchId: branchOf(view) },
        ...{ periodStart: view.period.startDate, periodEnd: view.period.endDate, status: view.status },
        ...{ payDate: view.header?.payDate ?? null, items: all.length, ...Object.fromEntries(sums) },
        ...{ bonuses: moneyOf(view.totals.bonusesCents), deductions: moneyOf(view.totals.deductionsCents) },
        ...{ premium: moneyOf(view.totals.premiumCents), payable: moneyOf(view.totals.payableCents) },
        bonusRate: rateOf(wageFigures?.bonusRateE4 ?? null),
        // The statement itself tells wages by a toggle of its own; a report of statements is none (M-146).
        ...(inputs.shows.costs && {
          baseWage: rateOf(wageFigures?.baseWageE4 ?? null),
          effectiveWage: rateOf(wageFigures?.effectiveWageE4 ?? null),
        }),
      };
    });
    return { items, ids: wanted.map(({ view }) => view.id), nextCursor };
  },
};
