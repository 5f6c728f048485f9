import type * as z from 'zod/mini';
import { requireText } from '#mirror/read-fields.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { fieldItemRow, groupRow } from '../wire.ts';
import type { MapContext } from './context.ts';
import { mapRow, readFlag, readName, readStampOf } from './read.ts';

type Listed = Pick<z.infer<typeof groupRow>, 'name' | 'active' | 'last_modified'>;

/** The one branch of the whole account, to which everything without another belongs (M-28). */
export function accountBranch(context: Pick<MapContext, 'accountBranchId'>, name: string): MappedRow {
  return branchRecord({ sourceId: context.accountBranchId, name, active: true, derived: true, updated: null, created: null });
}

/** Groups → branch, where the contractor's branches are groups. */
export function mapGroup(raw: unknown): MappedRow {
  return mapRow(groupRow, raw, (row, sourceId) => listedBranch(row, sourceId, readStampOf(row.created)));
}

/** Items of a managed list → branch, where a custom field of jobcodes names the branch. */
export function mapFieldItem(raw: unknown): MappedRow {
  return mapRow(fieldItemRow, raw, (row, sourceId) => listedBranch(row, sourceId, null));
}

function listedBranch(row: Listed, sourceId: string, created: string | null): MappedRow {
  return branchRecord({
    sourceId,
    name: requireText(readName(row.name, 'name'), 'name'),
    active: readFlag(row.active, 'active') !== false,
    derived: false,
    updated: readStampOf(row.last_modified),
    created,
  });
}

function branchRecord(branch: {
  readonly sourceId: string;
  readonly name: string;
  readonly active: boolean;
  readonly derived: boolean;
  readonly updated: string | null;
  readonly created: string | null;
}): MappedRow {
  const { sourceId, name, active, derived, updated, created } = branch;
  return {
    kind: 'record',
    also: [],
    record: {
      entity: 'branch',
      space: 'branch',
      sourceId,
      sourceUpdatedAt: updated,
      sourceCreatedAt: created,
      sourceStatus: null,
      fields: { name, code: null, zone: null, city: null, active, derived },
    },
  };
}
