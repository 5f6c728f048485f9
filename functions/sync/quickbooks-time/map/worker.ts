import { refuseRow } from '#mirror/read-fields.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { userRow } from '../wire.ts';
import { branchSource, type MapContext } from './context.ts';
import { mapRow, readCustomFields, readDay, readFlag, readName, readRef, readStampOf } from './read.ts';

/** Users → worker: every user is one (M-40). Phones, permissions and leave balances are never read (M-25). */
export function mapUser(raw: unknown, context: MapContext): MappedRow {
  return mapRow(userRow, raw, (row, sourceId) => {
    const firstName = readName(row.first_name, 'first_name');
    const lastName = readName(row.last_name, 'last_name');
    const own = readName(row.display_name, 'display_name');
    const displayName = own ?? [firstName, lastName].filter((part) => part !== null && part.trim() !== '').join(' ');
    if (displayName.trim() === '') return refuseRow('required_field_missing', 'last_name', null);
    return {
      kind: 'record',
      also: [],
      record: {
        entity: 'worker',
        space: 'worker',
        sourceId,
        sourceUpdatedAt: readStampOf(row.last_modified),
        sourceCreatedAt: readStampOf(row.created),
        sourceStatus: null,
        fields: {
          displayName,
          firstName,
          lastName,
          email: readName(row.email, 'email'),
          phone: null,
          // 0 stands for none.
          employeeNumber: readRef(row.employee_number, 'employee_number'),
          payrollId: readName(row.payroll_id, 'payroll_id'),
          branchId: branchOf(row, context),
          divisionId: null,
          sourceActive: readFlag(row.active, 'active') !== false,
          sourceRole: null,
          hireDate: readDay(row.hire_date, 'hire_date'),
          terminationDate: readDay(row.term_date, 'term_date'),
          loginId: null,
        },
      },
    };
  });
}

function branchOf(row: (typeof userRow)['_zod']['output'], context: MapContext): string {
  const from = branchSource(context.settings);
  if (from.kind === 'group') return readRef(row.group_id, 'group_id') ?? context.accountBranchId;
  const value = from.kind === 'field' ? readCustomFields(row.customfields).get(from.id) : undefined;
  return (value === undefined ? undefined : context.joins.branchItems.get(value)) ?? context.accountBranchId;
}
