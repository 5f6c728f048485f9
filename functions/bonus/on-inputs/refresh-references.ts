import { canonicalJson } from '#kernel/canonical.ts';
import { AppError } from '#kernel/errors.ts';
import { referencePartition } from '#model/keys.ts';
import { decodeMirrorRecord, isMirrorItem } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { type AreaValues, calendarOf } from '#model/tenant-context.ts';
import { readArea, readContext, saveContextAction } from '#store/settings-repository.ts';
import type { BonusSession } from '../ports.ts';

const TRIES = 6;

type Parts = Pick<TenantContext, 'branches' | 'divisions' | 'routes'>;

/**
 * Brings the context's branches, divisions and routes up to the mirrored ones, from all of them and not from the change that woke it.
 * Does nothing where nothing differs, and before the tenant has a context.
 */
export async function refreshReferences(session: BonusSession, scope: TenantScope): Promise<void> {
  const { table } = session.ports;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const context = await readContext(table, scope);
    if (context === null) return;
    const parts = await readParts(session, scope, context);
    const { branches, divisions, routes } = context;
    if (canonicalJson(parts) === canonicalJson({ branches, divisions, routes })) return;
    const outcome = await table.write(scope, [saveContextAction(scope, { ...context, ...parts })]);
    if (!outcome.applied) continue;
    session.forget(scope);
    return;
  }
  throw new AppError('context-busy', { category: 'transient' });
}

async function readParts(session: BonusSession, scope: TenantScope, context: TenantContext): Promise<Parts> {
  const items = await session.ports.table.queryAll(scope, { partition: referencePartition(scope) });
  const records = items.filter(isMirrorItem).map((item) => decodeMirrorRecord(item));
  const calendars = await calendarsOf(session, scope, records, context);
  return {
    branches: byId(records, 'branch', (record) => {
      const { name, zone, active } = record.fields;
      return { name, zone, active: active && record.tombstone === null, payCalendar: calendars(record.id) };
    }),
    divisions: byId(records, 'division', (record) => {
      const { name, overhead, active } = record.fields;
      return { name, overhead, active: active && record.tombstone === null };
    }),
    routes: byId(records, 'route', (record) => {
      const { name, branchId, crewLeadId, managerId, active } = record.fields;
      return { name, branchId, crewLeadId, managerId, active: active && record.tombstone === null };
    }),
  };
}

function byId<E extends 'branch' | 'division' | 'route', T>(
  records: readonly MirrorRecord[],
  entity: E,
  part: (record: MirrorRecord<E>) => T,
): Record<string, T> {
  const own = records.filter((record) => record.entity === entity) as unknown as readonly MirrorRecord<E>[];
  return Object.fromEntries(own.map((record) => [record.id, part(record)]));
}

/** A branch's own pay calendar is a setting: known branches keep theirs, a new one may have been named there before it was mirrored. */
async function calendarsOf(
  session: BonusSession,
  scope: TenantScope,
  records: readonly MirrorRecord[],
  context: TenantContext,
): Promise<(branchId: string) => TenantContext['payCalendar'] | null> {
  const unknown = records.some((record) => record.entity === 'branch' && context.branches[record.id] === undefined);
  const area = unknown ? await readArea(session.ports.table, scope, 'payroll') : null;
  const own = (area?.values as Partial<AreaValues['payroll']> | undefined)?.branches ?? {};
  return (branchId) => {
    const known = context.branches[branchId];
    if (known !== undefined) return known.payCalendar;
    const values = own[branchId];
    return values === undefined ? null : calendarOf(values);
  };
}
