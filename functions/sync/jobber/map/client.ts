import { readStamp, readText, refuseRow } from '#mirror/read-fields.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { clientRow, propertyRow } from '../wire.ts';
import { mapNode, readRef } from './context.ts';

/** Clients → client of kind client. Their billing address is not asked for: places are the properties' (M-25). */
export function mapClient(raw: unknown): MappedRow {
  return mapNode(clientRow, raw, (row, sourceId) => {
    const person = [row.firstName, row.lastName].filter((part) => part?.trim()).join(' ');
    return {
      kind: 'record',
      also: [],
      record: {
        entity: 'client',
        space: 'client',
        sourceId,
        sourceUpdatedAt: readStamp(row.updatedAt),
        sourceCreatedAt: readStamp(row.createdAt),
        sourceStatus: null,
        fields: {
          ...NOWHERE,
          kind: 'client',
          name: firstName([row.name, row.companyName, person], 'name'),
          number: null,
          parentId: null,
          active: row.isArchived !== true,
        },
      },
    };
  });
}

/** Properties → client of kind property under its client. Most have no name of their own and go by their street. */
export function mapProperty(raw: unknown): MappedRow {
  return mapNode(propertyRow, raw, (row, sourceId) => {
    const address = row.address ?? {};
    const line1 = readText(address.street1, 'address') ?? readText(address.street, 'address');
    return {
      kind: 'record',
      also: [],
      record: {
        entity: 'client',
        space: 'property',
        sourceId,
        sourceUpdatedAt: null,
        sourceCreatedAt: null,
        sourceStatus: null,
        fields: {
          kind: 'property',
          name: firstName([row.name, line1, address.city], 'name'),
          number: null,
          parentId: readRef(row.client, 'client'),
          line1,
          city: readText(address.city, 'address'),
          region: readText(address.province, 'address'),
          postalCode: readText(address.postalCode, 'address'),
          country: readText(address.country, 'address'),
          active: true,
        },
      },
    };
  });
}

const NOWHERE = { line1: null, city: null, region: null, postalCode: null, country: null } as const;

/** The first of the texts that says something. */
function firstName(texts: readonly (string | null | undefined)[], field: string): string {
  for (const text of texts) {
    const read = readText(text, field);
    if (read !== null && read.trim() !== '') return read;
  }
  return refuseRow('required_field_missing', field, null);
}
