import { readStamp, readText, requireText } from '#mirror/read-fields.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { companyRow, propertyRow } from '../wire.ts';
import { mapRow, readId } from './read.ts';

/** Companies → client of kind client. */
export function mapCompany(raw: unknown): MappedRow {
  return mapRow(companyRow, 'CompanyID', raw, (row, sourceId) => ({
    kind: 'record',
    also: [],
    record: {
      entity: 'client',
      space: 'client',
      sourceId,
      sourceUpdatedAt: readStamp(row.ModifiedDateTime),
      sourceCreatedAt: readStamp(row.CreatedDateTime),
      sourceStatus: null,
      fields: {
        kind: 'client',
        name: requireText(row.CompanyName, 'CompanyName'),
        number: null,
        parentId: null,
        line1: null,
        city: null,
        region: null,
        postalCode: null,
        country: null,
        active: row.Active !== false,
      },
    },
  }));
}

/** Properties → client of kind property, in an identity space of its own; its parent is the company of its contacts. */
export function mapProperty(raw: unknown): MappedRow {
  return mapRow(propertyRow, 'PropertyID', raw, (row, sourceId) => ({
    kind: 'record',
    also: [],
    record: {
      entity: 'client',
      space: 'property',
      sourceId,
      sourceUpdatedAt: readStamp(row.ModifiedDate),
      sourceCreatedAt: readStamp(row.CreatedDate),
      sourceStatus: readText(row.PropertyStatusName, 'PropertyStatusName'),
      fields: {
        kind: 'property',
        name: requireText(row.PropertyName, 'PropertyName'),
        number: readText(row.SequenceNumber, 'SequenceNumber'),
        parentId: companyOf(row.PropertyContacts ?? []),
        line1: readText(row.PropertyAddressLine1, 'PropertyAddressLine1'),
        city: readText(row.PropertyAddressCity, 'PropertyAddressCity'),
        region: readText(row.PropertyAddressStateProvinceCode, 'PropertyAddressStateProvinceCode'),
        postalCode: readText(row.PropertyAddressZipCode, 'PropertyAddressZipCode'),
        country: null,
        active: row.Active !== false,
      },
    },
  }));
}

type Contacts = NonNullable<(typeof propertyRow)['_zod']['output']['PropertyContacts']>;

/**
 * A property names no company itself, only contacts that belong to one: the company of the primary contact, else of the billing
 * contact, else the one that all contacts share. Several equal claims leave it open.
 */
function companyOf(contacts: Contacts): string | null {
  const companies = (chosen: Contacts): string[] => [
    ...new Set(chosen.map((contact) => readId(contact.CompanyID, 'PropertyContacts')).filter((id) => id !== null)),
  ];
  const claims = [
    companies(contacts.filter((contact) => contact.PrimaryContact === true)),
    companies(contacts.filter((contact) => contact.BillingContact === true)),
    companies(contacts),
  ];
  return claims.find((ids) => ids.length === 1)?.[0] ?? null;
}
