import type * as z from 'zod/mini';
import { MAX_ID_BYTES, mapRawRow, parseRow, refuseRow } from '#mirror/read-fields.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import type { Reference } from '../wire.ts';

/** What mapping one row may depend on besides the row: settings, the tenant's zone, and whose account it is. */
export interface MapContext {
  readonly settings: ConnectionSettings;
  /** Zone in which the company works: Jobber knows none per branch (M-35). */
  readonly zone: string;
  readonly accountId: string;
  /** True for rows read by their own ids: an old record that something refers to is wanted (M-78). */
  readonly byId: boolean;
}

const PRIVATE_FIELDS = new Set(['name', 'firstName', 'lastName', 'companyName', 'email', 'address']);

/** Maps one node of a list. */
export function mapNode<T>(schema: z.ZodMiniType<T>, raw: unknown, map: (row: T, sourceId: string) => MappedRow): MappedRow {
  const parse = (node: object) => parseRow(schema, node);
  return mapRawRow({ key: 'id', readId, parse, privateFields: PRIVATE_FIELDS }, raw, map);
}

/** An id byte for byte as received; it is opaque (M-24). Null when absent. */
export function readId(value: unknown, field: string): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string' || !value.isWellFormed()) return refuseRow('type_invalid', field, value);
  return Buffer.byteLength(value) > MAX_ID_BYTES ? refuseRow('id_too_long', field, value) : value;
}

/** The one branch of an account (M-28). */
export function branchIdOf({ accountId }: Pick<MapContext, 'accountId'>): string {
  return `account:${accountId}`;
}

/** The id a reference names; null without one. */
export function readRef(value: Reference, field: string): string | null {
  return value === null || value === undefined ? null : readId(value.id, field);
}

/** A reference that must be there, such as the worker of an entry. */
export function requireRef(value: Reference, field: string): string {
  return readRef(value, field) ?? refuseRow('required_field_missing', field, null);
}
