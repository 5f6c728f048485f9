import { requireText } from '#mirror/read-fields.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { accountRow } from '../wire.ts';
import { branchIdOf, mapNode } from './context.ts';

/** The account → its one derived branch (M-28). Jobber tells no zone of an account, so the tenant's counts. */
export function mapAccount(raw: unknown): MappedRow {
  return mapNode(accountRow, raw, (row, accountId) => ({
    kind: 'record',
    also: [],
    record: {
      entity: 'branch',
      space: 'branch',
      sourceId: branchIdOf({ accountId }),
      sourceUpdatedAt: null,
      sourceCreatedAt: null,
      sourceStatus: null,
      fields: { name: requireText(row.name, 'name'), code: null, zone: null, city: null, active: true, derived: true },
    },
  }));
}
