import { MAX_WAGE_E4 } from '#kernel/money.ts';
import { UNKNOWN_WORKER } from '#model/unknown-fields.ts';
import { alone, branchOf, type MapFields, UNSTATED, withSkip } from './context.ts';

/** A row of `workers`. Who is no employee leaves a mark that holds nothing but the name (M-56). */
export const mapWorker: MapFields = (row, place) => {
  const firstName = row.text('first_name');
  const lastName = row.text('last_name');
  const full = [firstName, lastName].filter((part) => part !== null).join(' ');
  const displayName = row.text('display_name') ?? full;
  const known = { entity: 'worker', space: 'worker', ...place, ...UNSTATED } as const;
  if (row.flag('is_employee') === false) {
    const skip = { kind: 'out_of_scope', code: 'not_an_employee', rule: 'built-in' } as const;
    return alone({ ...known, skip, fields: { ...UNKNOWN_WORKER, displayName } });
  }
  const terminationDate = row.date('termination_date');
  return alone({
    ...known,
    fields: {
      ...UNKNOWN_WORKER,
      displayName,
      firstName,
      lastName,
      email: row.text('email'),
      phone: row.text('phone'),
      employeeNumber: row.text('employee_number'),
      payrollId: row.text('payroll_id'),
      branchId: branchOf(row),
      sourceActive: row.flag('active') ?? terminationDate === null,
      sourceRole: row.text('role'),
      hireDate: row.date('hire_date'),
      terminationDate,
    },
  });
};

/**
 * A row of `wages`: read only where the connection imports them (M-25). A rate of zero is no hourly wage and leaves the worker without
 * one, never with an invented one (M-21, M-39).
 */
export const mapWage: MapFields = (row, place) => {
  const workerId = row.id('worker_id') ?? '';
  const effectiveFrom = row.date('effective_date') ?? '';
  const { currency, settings } = row.request;
  const known = { entity: 'wage_record', space: 'wage_record', ...place, ...UNSTATED } as const;
  const none = { workerId, effectiveFrom, rateE4: 0, currency, burdenBp: null };
  if (!settings.importWages) {
    const skip = { kind: 'out_of_scope', code: 'type_not_read', rule: 'connection.importWages' } as const;
    return alone({ ...known, skip, fields: none });
  }
  const rateE4 = row.scaled('hourly_wage', 4, MAX_WAGE_E4) ?? 0;
  const burdenBp = row.basisPoints('burden_percent');
  const skip = rateE4 > 0 ? undefined : ({ kind: 'out_of_scope', code: 'type_not_read', rule: 'built-in' } as const);
  const warnings = rateE4 > 0 ? {} : { warnings: ['wage_not_positive'] };
  return alone({ ...known, ...withSkip(skip), ...warnings, fields: { ...none, rateE4, burdenBp: rateE4 > 0 ? burdenBp : null } });
};
