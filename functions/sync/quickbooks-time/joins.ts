import { tryRead } from '#mirror/read-fields.ts';
import type { QuarantineReason } from '#model/mapped-record.ts';
import type { Project } from './map/context.ts';
import { readDay, readFlag, readId, readName, readWholeSeconds } from './map/read.ts';
import { estimateItemRow, estimateRow, fieldItemRow, projectRow } from './wire.ts';

type OrReason<T> = T | QuarantineReason;

/**
 * Projects by the jobcode they stand on; a live one before an archived one, and of two alike the later. One that cannot be read stands
 * with its reason, so that its jobcode is not taken for one without project (M-90).
 */
export function projectsByJobcode(rows: readonly unknown[]): ReadonlyMap<string, OrReason<Project>> {
  const found = new Map<string, { readonly project: OrReason<Project>; readonly rank: readonly [number, string] }>();
  for (const raw of rows) {
    const jobcodeId = idIn(raw, 'jobcode_id');
    if (jobcodeId === null || jobcodeId === '0') continue;
    const { value, reason } = attempt(() => projectOf(raw));
    const rank = [value?.active === false ? 0 : 1, (value?.id ?? '').padStart(20, '0')] as const;
    const known = found.get(jobcodeId);
    if (known !== undefined && (known.rank[0] > rank[0] || (known.rank[0] === rank[0] && known.rank[1] >= rank[1]))) continue;
    found.set(jobcodeId, { project: value ?? reason ?? 'type_invalid', rank });
  }
  return new Map([...found].map(([id, { project }]) => [id, project]));
}

function projectOf(raw: unknown): (Project & { readonly active: boolean }) | null {
  const row = projectRow.safeParse(raw);
  if (!row.success) return null;
  return {
    id: readId(row.data.id, 'id') ?? '',
    status: readName(row.data.status, 'status'),
    startDate: readDay(row.data.start_date, 'start_date'),
    dueDate: readDay(row.data.due_date, 'due_date'),
    completedDate: readDay(row.data.completed_date, 'completed_date'),
    active: readFlag(row.data.active, 'active') !== false,
  };
}

/** Seconds by project: the live items of its live estimates added up. */
export function secondsByProject(
  estimates: readonly unknown[],
  items: readonly unknown[],
): ReadonlyMap<string, OrReason<number>> {
  const projectOfEstimate = new Map<string, string>();
  for (const raw of estimates) {
    const id = idIn(raw, 'id');
    const row = estimateRow.safeParse(raw);
    const projectId = idIn(raw, 'project_id');
    if (id === null || projectId === null || (row.success && row.data.active !== undefined && isOff(row.data.active))) continue;
    projectOfEstimate.set(id, projectId);
  }
  const seconds = new Map<string, OrReason<number>>();
  for (const raw of items) {
    const projectId = projectOfEstimate.get(idIn(raw, 'estimate_id') ?? '');
    if (projectId === undefined) continue;
    const { value, reason } = attempt(() => {
      const row = estimateItemRow.safeParse(raw);
      if (!row.success) return null;
      return isOff(row.data.active) ? 0 : (readWholeSeconds(row.data.estimated_seconds, 'estimated_seconds') ?? 0);
    });
    const known = seconds.get(projectId) ?? 0;
    if (typeof known === 'string') continue;
    seconds.set(projectId, value === null ? (reason ?? 'type_invalid') : known + value);
  }
  return seconds;
}

/** Branch ids by the item names that stand as values on jobcodes and users. */
export function branchIdsByName(rows: readonly unknown[], fieldId: string): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const raw of rows) {
    const row = fieldItemRow.safeParse(raw);
    const id = idIn(raw, 'id');
    if (!row.success || id === null || idIn(raw, 'customfield_id') !== fieldId) continue;
    const name = row.data.name;
    // Of two items of one name a live one is meant.
    if (typeof name === 'string' && (!ids.has(name) || !isOff(row.data.active))) ids.set(name, id);
  }
  return ids;
}

function isOff(flag: boolean | string | number | null | undefined): boolean {
  return attempt(() => readFlag(flag, 'active') === false).value === true;
}

function attempt<T>(read: () => T | null): { readonly value: T | null; readonly reason: QuarantineReason | null } {
  let value: T | null = null;
  const reason = tryRead(() => {
    value = read();
  });
  return { value, reason };
}

/** An id in a field of a raw row; null where there is none, or none that can be read. */
export function idIn(raw: unknown, field: string): string | null {
  if (typeof raw !== 'object' || raw === null || !Object.hasOwn(raw, field)) return null;
  const value = (raw as Record<string, unknown>)[field];
  return attempt(() => readId(value, field)).value;
}

/** The distinct jobcodes that rows name in a field; 0 is none. */
export function jobcodesIn(rows: readonly unknown[], field: string): string[] {
  return [...new Set(rows.map((raw) => idIn(raw, field)).filter((id) => id !== null && id !== '0'))] as string[];
}
