import type { LocalDate } from '#kernel/instant.ts';
import { beforeImportWindow, ignoredStatus, sameName } from '#mirror/import-scope.ts';
import type { JobStatus, MilestoneStatus } from '#model/entities.ts';
import type { SkipReason } from '#model/mapped-record.ts';
import type { MapContext } from './context.ts';

/** What M-55 makes of a status; `draft` is anything before won and is never mirrored. */
export type CanonicalJobStatus = JobStatus | 'draft';
export type CanonicalTicketStatus = MilestoneStatus | 'draft';

/** System names of opportunity stages; display names are the tenant's. */
const STAGES: Readonly<Record<string, 'before_won' | 'won' | 'lost'>> = {
  new: 'before_won',
  bidding: 'before_won',
  won: 'won',
  lost: 'lost',
  canceled: 'lost',
  cancelled: 'lost',
};

const TICKETS: Readonly<Record<string, MilestoneStatus>> = {
  open: 'pending',
  scheduled: 'scheduled',
  'pending approval': 'completed',
  complete: 'completed',
  completed: 'completed',
  canceled: 'canceled',
  cancelled: 'canceled',
};

const JOB_STATUSES = ['draft', 'pending', 'in_progress', 'completed', 'canceled'] as const;
const TICKET_STATUSES = ['draft', 'pending', 'scheduled', 'in_progress', 'completed', 'canceled'] as const;

function lookUp<T>(table: Readonly<Record<string, T>>, name: string | null): T | undefined {
  const key = name === null ? '' : sameName(name);
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** What an admin added for raw statuses that the built-in map does not know (M-44). */
function fromStatusMap<T extends string>(context: MapContext, raw: readonly (string | null)[], allowed: readonly T[]): T | null {
  const wanted = new Set(raw.filter((status) => status !== null).map(sameName));
  const hit = Object.entries(context.settings.statusMap).find(([from]) => wanted.has(sameName(from)));
  return allowed.find((status) => status === hit?.[1]) ?? null;
}

/**
 * Status of an opportunity: its stage decides whether it is sold, the job behind it how far it is (M-55). `jobStatus` is the system
 * name of the job's status. Null when no map knows the stage: `status_unmapped`.
 */
export function opportunityStatus(
  context: MapContext,
  row: {
    readonly stage: string | null;
    readonly status: string | null;
    readonly statusName: string | null;
    readonly jobStatus: string | null;
    readonly complete: boolean;
    readonly canceled: boolean;
  },
): CanonicalJobStatus | null {
  const stage = lookUp(STAGES, row.stage) ?? (row.stage === null ? lookUp(STAGES, row.status) : undefined);
  const jobStatus = row.jobStatus === null ? '' : sameName(row.jobStatus);
  if (stage === undefined) return fromStatusMap(context, [row.stage, row.status, row.statusName], JOB_STATUSES);
  if (stage === 'lost' || row.canceled || jobStatus === 'canceled' || jobStatus === 'cancelled') return 'canceled';
  if (stage === 'before_won') return 'draft';
  return row.complete || jobStatus === 'complete' || jobStatus === 'completed' ? 'completed' : 'pending';
}

/**
 * Status of a ticket by the system name of its status, else by what its status id was seen to mean, else by its display name, else by
 * the admin's map (M-44, M-55). Null when none of them knows it.
 */
export function ticketStatus(
  context: MapContext,
  row: { readonly statusId: string | null; readonly system: string | null; readonly display: string | null },
): CanonicalTicketStatus | null {
  const learned = row.statusId === null ? null : (context.joins.ticketStatuses.get(row.statusId) ?? null);
  const name = row.system ?? learned ?? row.display;
  return lookUp(TICKETS, name) ?? fromStatusMap(context, [row.system, row.display, row.statusId], TICKET_STATUSES);
}

/** Why a job or ticket is not mirrored: its status, as mapped or as listed by the tenant, or its end before the first import (M-45, M-78). */
export function skipOf(
  context: MapContext,
  status: CanonicalJobStatus | CanonicalTicketStatus,
  raw: readonly (string | null)[],
  finished: LocalDate | null,
): SkipReason | undefined {
  if (status === 'draft' || status === 'canceled') return { kind: 'ignored', code: status, rule: 'built-in' };
  return ignoredStatus(context, raw) ?? beforeImportWindow(context, finished);
}
