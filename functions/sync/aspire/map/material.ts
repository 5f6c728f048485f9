import { toScaled } from '#kernel/decimal.ts';
import { sameName } from '#mirror/import-scope.ts';
import { readStamp, readText, refuseRow, requireText } from '#mirror/read-fields.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { ticketItemRow } from '../wire.ts';
import { mapRow, readId, requireId } from './read.ts';

const MAX_QUANTITY_E4 = 10n ** 13n;

/**
 * WorkTicketItems of type material → material_allocation; labor, equipment and the like are not read. The source tells no installed
 * quantity, and not whether its cost is per unit, so both stay empty.
 */
export function mapTicketItem(raw: unknown): MappedRow {
  return mapRow(ticketItemRow, 'WorkTicketItemID', raw, (row, sourceId) => {
    const milestoneId = requireId(row.WorkTicketID, 'WorkTicketID');
    const type = readText(row.ItemType, 'ItemType');
    const known = {
      entity: 'material_allocation',
      space: 'material_allocation',
      sourceId,
      sourceUpdatedAt: null,
      sourceCreatedAt: readStamp(row.CreatedDateTime),
      sourceStatus: null,
    } as const;
    const item = readId(row.CatalogItemID, 'CatalogItemID') ?? sourceId;
    const empty = { milestoneId, item, installedE4: null, unitValueCents: null };
    if (type === null || sameName(type) !== 'material') {
      const skip = { kind: 'out_of_scope', code: 'type_not_read', rule: 'built-in' } as const;
      const name = readText(row.ItemName, 'ItemName') ?? '';
      return { kind: 'record', also: [], record: { ...known, skip, fields: { ...empty, name, unit: '', allocatedE4: 0 } } };
    }
    const quantity = row.ItemQuantityExtended ?? refuseRow('required_field_missing', 'ItemQuantityExtended', null);
    const allocatedE4 = toScaled(quantity, 4) ?? refuseRow('value_out_of_range', 'ItemQuantityExtended', quantity);
    if (allocatedE4 < 0n || allocatedE4 > MAX_QUANTITY_E4)
      return refuseRow('value_out_of_range', 'ItemQuantityExtended', quantity);
    return {
      kind: 'record',
      also: [],
      record: {
        ...known,
        fields: {
          ...empty,
          name: requireText(row.ItemName, 'ItemName'),
          unit: requireText(row.AllocationUnitTypeName, 'AllocationUnitTypeName'),
          allocatedE4: Number(allocatedE4),
        },
      },
    };
  });
}
