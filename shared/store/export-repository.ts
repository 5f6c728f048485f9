import { exportKey } from '#model/keys.ts';
import {
  decodeExport,
  type ExportedStatement,
  type ExportFileInput,
  encodeExport,
  type PayrollExport,
} from '#model/payroll-export.ts';
import type { TenantScope } from '#model/scope.ts';
import { IF_ABSENT, ifUnchanged } from './conditions.ts';
import { readSnapshot } from './snapshot-store.ts';
import type { Table, WriteAction } from './table.ts';

const EXPORT_ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** A payroll export by its id, strongly; null where the id names nothing of this tenant. */
export async function readExport(table: Table, scope: TenantScope, id: string): Promise<PayrollExport | null> {
  const [found] = await readExports(table, scope, [id]);
  return found ?? null;
}

/** Payroll exports by id, strongly; those that are none are left out. */
export async function readExports(table: Table, scope: TenantScope, ids: readonly string[]): Promise<readonly PayrollExport[]> {
  const known = [...new Set(ids)].filter((id) => EXPORT_ID.test(id));
  const items = await table.batchGet(
    scope,
    known.map((id) => exportKey(scope, id)),
  );
  return items.flatMap((item) => (item === null ? [] : [decodeExport(item)]));
}

/** The statements of an export with their lines, checked against their digest. */
export async function readExportLines(
  table: Table,
  scope: TenantScope,
  { id, content }: Pick<PayrollExport, 'id' | 'content'>,
): Promise<readonly ExportedStatement[]> {
  return (await readSnapshot(table, scope, id, content)) as readonly ExportedStatement[];
}

/** What the files of an export are made of, checked against its digest. */
export async function readExportInput(
  table: Table,
  scope: TenantScope,
  { id, made }: Pick<PayrollExport, 'id'> & { readonly made: NonNullable<PayrollExport['made']> },
): Promise<ExportFileInput> {
  return (await readSnapshot(table, scope, id, made.input)) as ExportFileInput;
}

/** Puts an export: a new one at its first revision, else in place of the revision before. */
export function putExportAction(scope: TenantScope, one: PayrollExport): WriteAction {
  const condition = one.revision === 1 ? IF_ABSENT : ifUnchanged('revision', one.revision - 1);
  return { kind: 'put', item: encodeExport(scope, one), condition };
}
