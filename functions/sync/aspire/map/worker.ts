import { sameName } from '#mirror/import-scope.ts';
import { readDate, readStamp, readText, refuseRow } from '#mirror/read-fields.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { UNKNOWN_WORKER } from '#model/unknown-fields.ts';
import { contactRow } from '../wire.ts';
import { lookUpJoined, type MapContext, type Role } from './context.ts';
import { mapRow, readId } from './read.ts';

const RANK: Readonly<Record<string, number>> = { manager: 3, crew_lead: 2, worker: 1 };

/**
 * Contacts → worker. Only contacts of an employee type are workers (M-56); of others nothing but the name is kept, for the marker that
 * explains why they are not here; one who was mirrored as an employee before stays with the fields of that time (M-105), which is the
 * engine's to do. A worker needs an id and a name, all else may be missing (M-100).
 */
export function mapContact(raw: unknown, context: MapContext): MappedRow {
  return mapRow(contactRow, 'ContactID', raw, (row, sourceId) => {
    const type = readText(row.ContactTypeName, 'ContactTypeName');
    const firstName = readText(row.FirstName, 'FirstName');
    const lastName = readText(row.LastName, 'LastName');
    const displayName = [firstName, lastName].filter((part) => part !== null && part.trim() !== '').join(' ');
    const stamps = { sourceUpdatedAt: readStamp(row.ModifiedDate), sourceCreatedAt: readStamp(row.CreatedDateTime) };
    const known = { entity: 'worker', space: 'worker', sourceId, ...stamps, sourceStatus: type } as const;
    const employee =
      type !== null && (context.settings.employeeContactTypes ?? []).some((name) => sameName(name) === sameName(type));
    if (!employee) {
      const skip = { kind: 'out_of_scope', code: 'not_an_employee', rule: 'connection.employeeContactTypes' } as const;
      return { kind: 'record', also: [], record: { ...known, skip, fields: { ...UNKNOWN_WORKER, displayName } } };
    }
    if (displayName === '') return refuseRow('required_field_missing', 'LastName', null);
    const loginId = readId(row.UserID, 'UserID');
    const roles = lookUpJoined(context, context.joins.roles, 'Users.UserID', loginId);
    return {
      kind: 'record',
      also: [],
      record: {
        ...known,
        fields: {
          displayName,
          firstName,
          lastName,
          email: readText(row.Email, 'Email'),
          phone: readText(row.MobilePhone, 'MobilePhone'),
          employeeNumber: readText(row.EmployeeNumber, 'EmployeeNumber'),
          payrollId: null,
          branchId: readId(row.BranchID, 'BranchID'),
          divisionId: null,
          sourceActive: row.Active !== false,
          sourceRole: loginId === null ? null : highestRole(roles ?? [], context.settings.roleMap),
          hireDate: null,
          terminationDate: readDate(row.TerminationDate, 'TerminationDate'),
          loginId,
        },
      },
    };
  });
}

/**
 * The role that decides: the one the role map ranks highest (M-48); among equals the one the source numbered first, which are its
 * own, wider roles.
 */
function highestRole(roles: readonly Role[], roleMap: MapContext['settings']['roleMap']): string | null {
  const ranks = new Map(Object.entries(roleMap).map(([name, role]) => [sameName(name), RANK[role] ?? 0]));
  const rankOf = (role: Role): number => ranks.get(sameName(role.name)) ?? 0;
  const ordered = [...roles].sort((a, b) => rankOf(b) - rankOf(a) || Number(a.id) - Number(b.id) || (a.name < b.name ? -1 : 1));
  return ordered[0]?.name ?? null;
}
