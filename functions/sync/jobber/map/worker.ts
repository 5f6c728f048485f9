import { readStamp, readText, refuseRow } from '#mirror/read-fields.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { userRow } from '../wire.ts';
import { branchIdOf, type MapContext, mapNode } from './context.ts';

/** The states of a user and whether somebody in it works here: those who were not invited to log in yet work all the same. */
const ACTIVE: Readonly<Record<string, boolean>> = {
  ACTIVATED: true,
  NOT_INVITED: true,
  SEND_INVITE: true,
  RESEND_INVITE: true,
  DEACTIVATED: false,
};

/**
 * Users → worker, with every state. Jobber knows no employees apart from users, no wages and no roles that say who leads a crew: wages
 * start out missing (M-58) and roles are set here. A worker needs an id and a name, all else may be missing (M-100).
 */
export function mapUser(raw: unknown, context: MapContext): MappedRow {
  return mapNode(userRow, raw, (row, sourceId) => {
    const status = readText(row.status, 'status');
    const known = status === null || Object.hasOwn(ACTIVE, status);
    if (!known) return refuseRow('status_unmapped', 'status', status);
    const firstName = readText(row.name?.first, 'name');
    const lastName = readText(row.name?.last, 'name');
    const parts = [firstName, lastName].filter((part) => part !== null && part.trim() !== '').join(' ');
    const full = readText(row.name?.full, 'name');
    const displayName = full !== null && full.trim() !== '' ? full : parts;
    if (displayName === '') return refuseRow('required_field_missing', 'name', null);
    return {
      kind: 'record',
      also: [],
      record: {
        entity: 'worker',
        space: 'worker',
        sourceId,
        sourceUpdatedAt: null,
        sourceCreatedAt: readStamp(row.createdAt),
        sourceStatus: status,
        fields: {
          displayName,
          firstName,
          lastName,
          email: readText(row.email?.raw, 'email'),
          phone: null,
          employeeNumber: null,
          payrollId: null,
          branchId: branchIdOf(context),
          divisionId: null,
          sourceActive: status === null || ACTIVE[status] === true,
          sourceRole: null,
          hireDate: null,
          terminationDate: null,
          loginId: null,
        },
      },
    };
  });
}
