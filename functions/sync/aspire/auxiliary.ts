import { canonicalJson } from '#kernel/canonical.ts';
import { type Instant, isLocalDate, isoWeek, type LocalDate } from '#kernel/instant.ts';
import type { AuxiliaryPart, FetchRequest } from '#mirror/connector.ts';
import { readStamp } from '#mirror/read-fields.ts';
import { idOf, idsOf } from './listing.ts';
import { serviceRow, serviceTypeRow, userRow, visitRow } from './wire.ts';

/** Most ids of one fetch. */
const FETCH_IDS = 200;

/** What decides a worker's source role, as one text: changes of anything else on a login do not count. */
export function usersDigest(rows: readonly unknown[]): string {
  return digest(rows, 'UserID', (raw) => {
    const row = userRow.safeParse(raw);
    if (!row.success) return 'unreadable';
    return (row.data.UserRoles ?? []).map((role) => [idText(role.RoleID), role.RoleName ?? null]).sort(byText);
  });
}

/** What decides a service type name, as one text. */
export function servicesDigest(services: readonly unknown[], types: readonly unknown[]): string {
  const ofServices = digest(services, 'ServiceID', (raw) => {
    const row = serviceRow.safeParse(raw);
    return row.success ? [idText(row.data.ServiceTypeID), row.data.ServiceTypeName ?? null] : 'unreadable';
  });
  const ofTypes = digest(types, 'ServiceTypeID', (raw) => {
    const row = serviceTypeRow.safeParse(raw);
    return row.success ? (row.data.ServiceTypeName ?? null) : 'unreadable';
  });
  return `${ofServices}${ofTypes}`;
}

/** The canonical text of a list, whatever order its rows came in. */
function digest(rows: readonly unknown[], key: string, part: (raw: unknown) => unknown): string {
  return canonicalJson(rows.map((raw) => [idOf(raw, key), part(raw)]).sort(byText));
}

function byText(a: unknown, b: unknown): number {
  const [left, right] = [canonicalJson(a), canonicalJson(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function idText(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** Changed service lines: their jobs and the milestones of those are to be read again. */
export function refetchOfLines(rows: readonly unknown[]): FetchRequest[] {
  const ids = idsOf(rows, 'OpportunityID');
  const requests: FetchRequest[] = [];
  for (let from = 0; from < ids.length; from += FETCH_IDS) {
    const some = ids.slice(from, from + FETCH_IDS);
    requests.push({ stream: 'opportunities', ids: some }, { stream: 'work_tickets', parentIds: some });
  }
  return requests;
}

/** Largest readable stamp of raw rows (M-88). */
export function highWaterOf(rows: readonly unknown[], field: string): Instant | null {
  let highest: Instant | null = null;
  for (const row of rows) {
    const value =
      typeof row === 'object' && row !== null && Object.hasOwn(row, field) ? (row as Record<string, unknown>)[field] : null;
    const stamp = typeof value === 'string' ? readStamp(value) : null;
    if (stamp !== null && (highest === null || stamp > highest)) highest = stamp;
  }
  return highest;
}

/**
 * One part per visit, by ticket and ISO week: what gives the ticket its date and route. A visit that cannot be read, or has neither
 * ticket nor date, is no part: where it was one before, its ticket is read again and tells what is wrong.
 */
export function visitParts(
  rows: readonly unknown[],
  window: { readonly from: LocalDate; readonly to: LocalDate } | null,
): AuxiliaryPart[] {
  const parts: AuxiliaryPart[] = [];
  for (const raw of rows) {
    const sourceId = idOf(raw, 'WorkTicketID');
    const row = visitRow.safeParse(raw);
    if (sourceId === null || !row.success) continue;
    const date = (row.data.ScheduledDate ?? '').slice(0, 10);
    if (!isLocalDate(date) || (window !== null && (date < window.from || date > window.to))) continue;
    const { WorkTicketVisitID, RouteID, SequenceNum } = row.data;
    const text = canonicalJson([idText(WorkTicketVisitID), date, idText(RouteID), idText(SequenceNum)]);
    parts.push({ space: 'milestone', sourceId, segment: isoWeek(date), text });
  }
  return parts;
}
