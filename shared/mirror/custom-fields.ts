import { hashCanonical } from '#kernel/hash.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import type { MappedRecord } from '#model/mapped-record.ts';
import type { StoredRecord } from '#model/sync-items.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Canonical fields that a use of a custom field fills (M-49); `exclusion` fills an entry of `customFields` of its own name. */
const FILLS: Readonly<Record<string, string>> = {
  hours_budget: 'budgetSeconds',
  labor_budget: 'laborAmountCents',
  service_type: 'serviceType',
  invoice_type: 'invoiceType',
  recurring: 'recurring',
};

/** The custom fields of the source that the settings give a use. */
export function usedCustomFields({ customFieldUses = {} }: Pick<ConnectionSettings, 'customFieldUses'>): readonly string[] {
  return Object.keys(customFieldUses).filter((field) => customFieldUses[field] !== 'ignore');
}

/** Fields that a use fills, with what is stored of them where the row as read says nothing any more. Pure. */
export function erasedValues(
  { customFieldUses = {} }: Pick<ConnectionSettings, 'customFieldUses'>,
  fields: readonly string[],
  record: Pick<MappedRecord, 'fields'>,
  stored: Pick<StoredRecord, 'record'> | null,
): Fields {
  if (stored === null || stored.record.tombstone !== null) return {};
  const [now, before] = [record.fields as unknown as Fields, stored.record.fields as unknown as Fields];
  const erased: Record<string, unknown> = {};
  for (const field of fields) {
    const use = customFieldUses[field] ?? '';
    const name = Object.hasOwn(FILLS, use) ? FILLS[use]! : null;
    if (name !== null && isEmpty(now[name]) && !isEmpty(before[name])) {
      erased[name] = before[name];
      if ('basis' in before) erased.basis = before.basis;
    }
    const [values, known] = [now.customFields as Fields | undefined, before.customFields as Fields | undefined];
    if (use === 'exclusion' && values !== undefined && known !== undefined && !(field in values) && field in known)
      erased.customFields = { ...values, ...(erased.customFields as Fields | undefined), [field]: known[field] };
  }
  return erased;
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === false;

/** A record that keeps the last values of fields which the source has no more, and the hash of it (M-49). */
export function withKept<R extends Pick<MappedRecord, 'fields'>>(record: R, kept: Fields): { record: R; contentHash: string } {
  const fields = { ...record.fields, ...kept } as MappedRecord['fields'];
  return { record: { ...record, fields }, contentHash: hashCanonical(fields) };
}
