import type { Key } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { todayIn } from '../bonus/desk.ts';
import type { AlertInputs } from '../mirror/alerts/inputs.ts';
import type { MirrorContext } from '../mirror/context.ts';
import { type Sight, sightOf } from '../mirror/sight.ts';
import type { ReportInputs } from './report.ts';

/** What the caller may see of the mirror, by the context that the report has read already. */
export function mirrorSight({ request, desk }: ReportInputs): { readonly mirror: MirrorContext; readonly sight: Sight } {
  const mirror = { tenant: desk.context, visibility: desk.visibility, today: todayIn(desk, null) };
  return { mirror, sight: sightOf(request, mirror) };
}

/** The inputs of the alerts that a report tells in full. */
export function alertInputs({ request, desk, given: { branchId, divisionId, managerId } }: ReportInputs): AlertInputs {
  return { request, desk, filters: { branchId, divisionId, managerId } };
}

/** Records at some keys, by id, as far as the caller sees them. */
export async function seenAt<E extends 'job' | 'milestone' | 'worker'>(
  inputs: ReportInputs,
  keys: readonly Key[],
): Promise<ReadonlyMap<string, MirrorRecord<E>>> {
  const { ports, scope } = inputs.request;
  const unique = [...new Map(keys.map((key) => [`${key.pk} ${key.sk}`, key])).values()];
  const items = await ports.table.batchGet(scope, unique, { consistent: false });
  const records = items.flatMap((item) => (item === null ? [] : [decodeMirrorRecord<E>(item)]));
  const seen = await mirrorSight(inputs).sight.filter(records as unknown as readonly MirrorRecord[]);
  return new Map((seen as unknown as readonly MirrorRecord<E>[]).map((record) => [record.id, record]));
}

/** A value in one cell: text and numbers as they are, anything with parts as JSON. */
export function textOf(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : (value as string | number | boolean);
}
