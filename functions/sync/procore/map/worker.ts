import { readText, refuseRow } from '#mirror/read-fields.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { UNKNOWN_WORKER } from '#model/unknown-fields.ts';
import type { People } from '../people.ts';
import { personRow } from '../wire.ts';
import { UNSTAMPED } from './context.ts';
import { mapRow, readId } from './read.ts';

/**
 * People → worker (M-40): the party id is the key, since every timecard names it; e-mail, job title and stamp come from the login, where
 * there is one. Only employees are workers. `active`: from which of the two lists the row came, where it does not say so itself.
 */
export function mapPerson(raw: unknown, people: People, active: boolean): MappedRow {
  return mapRow(personRow, raw, (row, sourceId) => {
    const loginId = readId(row.user_id, 'user_id') ?? people.loginOf(sourceId);
    // Two people behind one login: whose hours a timecard of that login would be is nobody's to guess.
    if (loginId !== null && people.isShared(loginId)) return refuseRow('duplicate_identity', 'user_id', loginId);
    const user = loginId === null ? null : people.user(loginId);
    const firstName = readText(row.first_name, 'first_name');
    const lastName = readText(row.last_name, 'last_name');
    const displayName = [firstName, lastName].filter((part) => part !== null && part.trim() !== '').join(' ');
    // People carry no stamps, and those of a login say nothing about the person.
    const known = { entity: 'worker', space: 'worker', sourceId, ...UNSTAMPED } as const;
    if (row.is_employee !== true) {
      const skip = { kind: 'out_of_scope', code: 'not_an_employee', rule: 'built-in' } as const;
      return { kind: 'record', also: [], record: { ...known, skip, fields: { ...UNKNOWN_WORKER, displayName } } };
    }
    if (displayName === '') return refuseRow('required_field_missing', 'last_name', null);
    return {
      kind: 'record',
      also: [],
      record: {
        ...known,
        fields: {
          ...UNKNOWN_WORKER,
          displayName,
          firstName,
          lastName,
          email: user?.email ?? readText(row.contact?.email, 'contact'),
          employeeNumber: readText(row.employee_id, 'employee_id') ?? user?.employeeNumber ?? null,
          sourceActive: row.contact?.is_active ?? active,
          sourceRole: user?.jobTitle ?? null,
          loginId,
        },
      },
    };
  });
}
