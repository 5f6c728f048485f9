import type { GoalRef, ProPayRef } from './ids.ts';
import type { TenantScope } from './scope.ts';

export * from './list-sorts.ts';

/**
 * The only place where keys are built, with the sort keys of lists beside it in `list-sorts.ts`. Every partition key, of the table and of
 * both indexes, begins with the tenant; the schedule slots are the one named exception. The separator is `#`; our own ids contain none, and
 * a raw source id or name stands last in its key, byte for byte. Full list with costs: docs/access-patterns.md.
 */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** `T#<tenant>`: the beginning of every partition key. */
export function tenantKey(scope: TenantScope): string {
  return `T#${scope.tenantId}`;
}

/** Reads the tenant out of a partition key that came from our own stream; null for slots and foreign text. */
export function tenantIdOfKey(pk: string): string | null {
  const match = /^T#([a-z0-9]{4,32})(?:#|$)/.exec(pk);
  return match ? match[1]! : null;
}

// --- job collection: everything that a ProPay reads ---------------------------------------------------------------------------

export const jobPartition = (scope: TenantScope, jobId: string): string => `${tenantKey(scope)}#J#${jobId}`;
export const jobKey = (scope: TenantScope, jobId: string): Key => ({ pk: jobPartition(scope, jobId), sk: 'J' });
export const milestoneKey = (scope: TenantScope, jobId: string, milestoneId: string): Key => ({
  pk: jobPartition(scope, jobId),
  sk: `M#${milestoneId}#$`,
});
export const budgetKey = (scope: TenantScope, jobId: string, milestoneId: string | null, budgetId: string): Key => ({
  pk: jobPartition(scope, jobId),
  sk: milestoneId === null ? `B#${budgetId}` : `M#${milestoneId}#B#${budgetId}`,
});
export const materialKey = (scope: TenantScope, jobId: string, milestoneId: string, id: string): Key => ({
  pk: jobPartition(scope, jobId),
  sk: `M#${milestoneId}#I#${id}`,
});

export interface TimePlace {
  readonly jobId: string | null;
  readonly workerId: string;
  readonly milestoneId: string | null;
  readonly id: string;
}
/** Time without a job (outside scope, pending, shop) waits in its worker's own partition; milestone `-` means none. */
export const timePartition = (scope: TenantScope, place: Pick<TimePlace, 'jobId' | 'workerId'>): string =>
  place.jobId === null ? `${tenantKey(scope)}#O#${place.workerId}` : jobPartition(scope, place.jobId);
export const timeEntryKey = (scope: TenantScope, place: TimePlace): Key => ({
  pk: timePartition(scope, place),
  sk: `T#${place.milestoneId ?? '-'}#${place.id}`,
});
export const driveTimeKey = (scope: TenantScope, place: TimePlace): Key => ({
  pk: timePartition(scope, place),
  sk: `D#${place.milestoneId ?? '-'}#${place.id}`,
});

/** Prefix of a recurring ProPay's own items: header of the milestone, its budgets, its ProPay and result. */
export const milestonePrefix = (milestoneId: string): string => `M#${milestoneId}#`;
/** `!` sorts before letters, so a Query meets the result (with its version) before the inputs. */
export const proPayKey = (scope: TenantScope, ref: ProPayRef): Key => ({
  pk: jobPartition(scope, ref.jobId),
  sk: `${ref.milestoneId === null ? '' : milestonePrefix(ref.milestoneId)}!P#${ref.n}`,
});
export const resultKey = (scope: TenantScope, ref: ProPayRef): Key => ({
  pk: jobPartition(scope, ref.jobId),
  sk: `${ref.milestoneId === null ? '' : milestonePrefix(ref.milestoneId)}!R#${ref.n}`,
});
/** Beside the ProPay and before its inputs, so that the Query that reads these brings the phases along. */
export const phasePrefix = (ref: ProPayRef): string => `!P#${ref.n}#`;
export const phaseKey = (scope: TenantScope, ref: ProPayRef, phaseId: string): Key => ({
  pk: jobPartition(scope, ref.jobId),
  sk: `${phasePrefix(ref)}${phaseId}`,
});
export const verdictKey = (scope: TenantScope, jobId: string, milestoneId: string | null): Key => ({
  pk: jobPartition(scope, jobId),
  sk: `${milestoneId === null ? '' : milestonePrefix(milestoneId)}!E`,
});

/** Rework lies with the job that it reworks: whoever calculates that one finds it. */
export const callbackKey = (scope: TenantScope, ref: { originalJobId: string; jobId: string }): Key => ({
  pk: jobPartition(scope, ref.originalJobId),
  sk: `C#${ref.jobId}`,
});

// --- people, organisation, clients --------------------------------------------------------------------------------------------

export const workerPartition = (scope: TenantScope, workerId: string): string => `${tenantKey(scope)}#W#${workerId}`;
export const workerKey = (scope: TenantScope, workerId: string): Key => ({ pk: workerPartition(scope, workerId), sk: 'W' });
export const sourceWageKey = (scope: TenantScope, workerId: string, effectiveFrom: string, id: string): Key => ({
  pk: workerPartition(scope, workerId),
  sk: `G#${effectiveFrom}#S#${id}`,
});
/** Of one date the row that was added later stands later. */
export const localWageKey = (scope: TenantScope, workerId: string, effectiveFrom: string, revision: number): Key => ({
  pk: workerPartition(scope, workerId),
  sk: `G#${effectiveFrom}#L#${String(revision).padStart(9, '0')}`,
});
export const workerProPayKey = (scope: TenantScope, workerId: string, proPay: string): Key => ({
  pk: workerPartition(scope, workerId),
  sk: `PP#${proPay}`,
});
/** ProPays whose figures depend on all of a worker's time over some days, on whatever job (B-45, B-47, B-71). */
export const workerTimeMarkKey = (scope: TenantScope, workerId: string, proPay: string): Key => ({
  pk: workerPartition(scope, workerId),
  sk: `PT#${proPay}`,
});
export const referencePartition = (scope: TenantScope): string => `${tenantKey(scope)}#REF`;
export const referenceKey = (scope: TenantScope, kind: 'branch' | 'division' | 'route', id: string): Key => ({
  pk: referencePartition(scope),
  sk: `${kind}#${id}`,
});
export const clientKey = (scope: TenantScope, id: string): Key => ({ pk: `${tenantKey(scope)}#CL#${id}`, sk: 'CL' });
/** Every act on the overrides of a record, oldest first: counted by the revisions of its facts, whatever the clocks say. */
export const overrideHistoryPartition = (scope: TenantScope, recordId: string): string => `${tenantKey(scope)}#H#${recordId}`;
export const overrideHistoryKey = (scope: TenantScope, recordId: string, revision: number): Key => ({
  pk: overrideHistoryPartition(scope, recordId),
  sk: String(revision).padStart(9, '0'),
});
/** The records that have an override: where conflicts are looked for. */
export const overriddenPartition = (scope: TenantScope): string => `${tenantKey(scope)}#Q#OVERRIDE`;
export const overriddenKey = (scope: TenantScope, entity: string, id: string): Key => ({
  pk: overriddenPartition(scope),
  sk: `${entity}#${id}`,
});

// --- approval, pay --------------------------------------------------------------------------------------------------------------

/** Approvals and snapshots are never read along with a calculation's inputs, so they live in a partition of their own. */
export const approvalPartition = (scope: TenantScope, sourceId: string): string => `${tenantKey(scope)}#A#${sourceId}`;
export const approvalKey = (scope: TenantScope, sourceId: string, n: number): Key => ({
  pk: approvalPartition(scope, sourceId),
  sk: `A#${String(n).padStart(6, '0')}`,
});
export const snapshotKey = (scope: TenantScope, sourceId: string, digest: string, chunk: number): Key => ({
  pk: approvalPartition(scope, sourceId),
  sk: `S#${digest}#${chunk}`,
});
export const differenceKey = (scope: TenantScope, sourceId: string): Key => ({ pk: approvalPartition(scope, sourceId), sk: 'D' });

/** What is held back on a phased ProPay. */
export const reserveKey = (scope: TenantScope, proPayId: string): Key => ({ pk: approvalPartition(scope, proPayId), sk: 'R' });
/** What was decided of a difference, by approval and by the revision that was decided on. */
export const differenceDecisionKey = (scope: TenantScope, sourceId: string, approval: number, n: number): Key => ({
  pk: approvalPartition(scope, sourceId),
  sk: `D#${String(approval).padStart(6, '0')}#${String(n).padStart(6, '0')}`,
});

/** A group with all that is decided from it: header, result, and one contribution a member. */
export const groupPartition = (scope: TenantScope, groupId: string): string => `${tenantKey(scope)}#G#${groupId}`;
export const groupKey = (scope: TenantScope, groupId: string): Key => ({ pk: groupPartition(scope, groupId), sk: 'G' });
export const groupResultKey = (scope: TenantScope, groupId: string): Key => ({ pk: groupPartition(scope, groupId), sk: '!R' });
export const groupMemberKey = (scope: TenantScope, groupId: string, proPay: string): Key => ({
  pk: groupPartition(scope, groupId),
  sk: `M#${proPay}`,
});

export const payPartition = (scope: TenantScope, workerId: string): string => `${tenantKey(scope)}#P#${workerId}`;
export const lineItemKey = (
  scope: TenantScope,
  place: { workerId: string; calendarId: string; assignOn: string; tail: string },
): Key => ({
  pk: payPartition(scope, place.workerId),
  sk: `I#${place.calendarId}#${place.assignOn}#${place.tail}`,
});
/** A moved item (hold, release, extend) leaves its present assignment date behind under its tail. */
export const movedItemKey = (scope: TenantScope, workerId: string, tail: string): Key => ({
  pk: payPartition(scope, workerId),
  sk: `V#${tail}`,
});
export const statementKey = (scope: TenantScope, place: { workerId: string; calendarId: string; startDate: string }): Key => ({
  pk: payPartition(scope, place.workerId),
  sk: `S#${place.calendarId}#${place.startDate}`,
});
/** What a worker's workweek owes and has been given in overtime premium (B-206). */
export const weekLedgerKey = (scope: TenantScope, workerId: string, weekStart: string): Key => ({
  pk: payPartition(scope, workerId),
  sk: `K#${weekStart}`,
});
/** The worker's pay head of one calendar: which periods are paid or voided, and what rolls over. */
export const payHeadKey = (scope: TenantScope, workerId: string, calendarId: string): Key => ({
  pk: payPartition(scope, workerId),
  sk: `Z#${calendarId}`,
});

/** Payroll exports in the order of their making: their ids are ULIDs. */
export const exportsPartition = (scope: TenantScope): string => `${tenantKey(scope)}#X`;
export const exportKey = (scope: TenantScope, id: string): Key => ({ pk: exportsPartition(scope), sk: id });

/** Endpoints that are told of events, each in one of ten places. */
export const webhooksPartition = (scope: TenantScope): string => `${tenantKey(scope)}#WH`;
export const webhookKey = (scope: TenantScope, slot: number): Key => ({ pk: webhooksPartition(scope), sk: String(slot) });
/** What is, was or will be delivered to an endpoint, in the order of the events' times. */
export const deliveriesPartition = (scope: TenantScope, webhookId: string): string => `${webhooksPartition(scope)}#${webhookId}`;
export const deliveryKey = (scope: TenantScope, webhookId: string, id: string): Key => ({
  pk: deliveriesPartition(scope, webhookId),
  sk: id,
});

// --- Pro-Goals ------------------------------------------------------------------------------------------------------------------

/** A template with its goals; what people enter as results lies apart, so that a list of goals does not read it. */
export const goalPartition = (scope: TenantScope, templateId: string): string => `${tenantKey(scope)}#GO#${templateId}`;
export const goalTemplateKey = (scope: TenantScope, templateId: string): Key => ({
  pk: goalPartition(scope, templateId),
  sk: 'O',
});
export const goalKey = (scope: TenantScope, ref: GoalRef): Key => ({
  pk: goalPartition(scope, ref.templateId),
  sk: `I#${ref.startDate}`,
});
export const goalResultsKey = (scope: TenantScope, ref: GoalRef): Key => ({
  pk: goalPartition(scope, ref.templateId),
  sk: `V#${ref.startDate}`,
});

// --- settings, people, connections ------------------------------------------------------------------------------------------------

export const settingsPartition = (scope: TenantScope): string => `${tenantKey(scope)}#S`;
export const settingsKey = (scope: TenantScope, area: string): Key => ({ pk: settingsPartition(scope), sk: area });
export const settingsVersionKey = (scope: TenantScope, area: string, version: number): Key => ({
  pk: settingsPartition(scope),
  sk: `${area}#v${String(version).padStart(6, '0')}`,
});
/** The compiled context: everything of the tenant that a calculation needs, in one item. */
export const contextKey = (scope: TenantScope): Key => ({ pk: settingsPartition(scope), sk: 'CX' });
export const definitionKey = (scope: TenantScope, kind: 'disqualifier' | 'penalty', id: string): Key => ({
  pk: settingsPartition(scope),
  sk: `${kind}#${id}`,
});
export const poolKey = (scope: TenantScope, poolId: string): Key => ({ pk: settingsPartition(scope), sk: `pool#${poolId}` });

export const peoplePartition = (scope: TenantScope): string => `${tenantKey(scope)}#U`;
export const apiTokenKey = (scope: TenantScope, tokenId: string): Key => ({ pk: peoplePartition(scope), sk: `K#${tokenId}` });
export const memberKey = (scope: TenantScope, subject: string): Key => ({ pk: peoplePartition(scope), sk: `M#${subject}` });

/** A user, called `I` for the invitation that it begins with. */
export const userKey = (scope: TenantScope, userId: string): Key => ({ pk: peoplePartition(scope), sk: `I#${userId}` });
/** What one live user alone may have: an e-mail by its digest, or a worker. */
export const userClaimKey = (scope: TenantScope, claim: string): Key => ({ pk: peoplePartition(scope), sk: `E#${claim}` });
/** Who owns the account, and to whom it is offered. */
export const ownershipKey = (scope: TenantScope): Key => ({ pk: peoplePartition(scope), sk: 'OWNER' });

export const connectionsPartition = (scope: TenantScope): string => `${tenantKey(scope)}#C`;
/** Zero-padded so that a tenant's connections list in the order of their making. */
export const connectionKey = (scope: TenantScope, n: number): Key => ({
  pk: connectionsPartition(scope),
  sk: String(n).padStart(6, '0'),
});
export const connectionPartition = (scope: TenantScope, n: number): string => `${tenantKey(scope)}#C#${n}`;
export const syncStateKey = (scope: TenantScope, n: number): Key => ({ pk: connectionPartition(scope, n), sk: 'SYNC' });
export const credentialsKey = (scope: TenantScope, n: number): Key => ({ pk: connectionPartition(scope, n), sk: 'CRED' });
/** The approval that is being waited for at the source's authorize page. */
export const authorizationKey = (scope: TenantScope, n: number): Key => ({ pk: connectionPartition(scope, n), sk: 'AUTH' });
/** An event of the provider that was taken, by the digest of its body. */
export const hookKey = (scope: TenantScope, n: number, digest: string): Key => ({
  pk: connectionPartition(scope, n),
  sk: `HOOK#${digest}`,
});
export const runKey = (scope: TenantScope, n: number, runId: string): Key => ({
  pk: connectionPartition(scope, n),
  sk: `RUN#${runId}`,
});
export const planKey = (scope: TenantScope, n: number, runId: string, page: number): Key => ({
  pk: connectionPartition(scope, n),
  sk: `PLAN#${runId}#${String(page).padStart(6, '0')}`,
});
export const fingerprintKey = (scope: TenantScope, n: number, stream: string, segment: string): Key => ({
  pk: connectionPartition(scope, n),
  sk: `FP#${stream}#${segment}`,
});
export const sweepKey = (scope: TenantScope, n: number, stream: string): Key => ({
  pk: connectionPartition(scope, n),
  sk: `SWEEP#${stream}`,
});
export const markerKey = (scope: TenantScope, n: number, space: string, sourceId: string): Key => ({
  pk: connectionPartition(scope, n),
  sk: `MARK#${space}#${sourceId}`,
});
export const quarantineKey = (scope: TenantScope, n: number, space: string, sourceIdOrRow: string): Key => ({
  pk: connectionPartition(scope, n),
  sk: `QUAR#${space}#${sourceIdOrRow}`,
});
/** What a connection refers to and another one supplies, by the mirror id that the connection's own record would have. */
export const linkKey = (scope: TenantScope, n: number, ownId: string): Key => ({
  pk: connectionPartition(scope, n),
  sk: `LINK#${ownId}`,
});
/** A child that waits for a parent: found by the parent's id when the parent arrives. */
export const parkedKey = (scope: TenantScope, n: number, parentId: string, space: string, sourceId: string): Key => ({
  pk: connectionPartition(scope, n),
  sk: `PARK#${parentId}#${space}#${sourceId}`,
});
export const holdKey = (scope: TenantScope, n: number, hold: { runId: string; stream: string; part: number }): Key => ({
  pk: connectionPartition(scope, n),
  sk: `HOLD#${hold.runId}#${hold.stream}#${hold.part}`,
});

/** A file that was uploaded (`UP`), and the rows behind its preview (`UPR`). */
export const uploadKey = (scope: TenantScope, n: number, uploadId: string, part: 'UP' | 'UPR'): Key => ({
  pk: connectionPartition(scope, n),
  sk: `${part}#${uploadId}`,
});

// --- ledger, counters, slots --------------------------------------------------------------------------------------------------

export const auditKey = (scope: TenantScope, at: string, ulid: string): Key => ({
  pk: `${tenantKey(scope)}#AU#${at.slice(0, 7)}`,
  sk: ulid,
});
/** How far the audit log of each month is sealed. */
export const auditHeadPartition = (scope: TenantScope): string => `${tenantKey(scope)}#AU`;
export const auditHeadKey = (scope: TenantScope, month: string): Key => ({
  pk: auditHeadPartition(scope),
  sk: `HEAD#${month}`,
});
/** Pages of the change feed, by number. */
export const feedPartition = (scope: TenantScope): string => `${tenantKey(scope)}#FEED`;
export const feedPageKey = (scope: TenantScope, page: number): Key => ({
  pk: feedPartition(scope),
  sk: String(page).padStart(12, '0'),
});
export const idempotencyKey = (scope: TenantScope, hash: string): Key => ({ pk: `${tenantKey(scope)}#ID#${hash}`, sk: 'ID' });
/** A batch and, beside it, the keys of the records it holds (decision 009). */
export const batchKey = (scope: TenantScope, id: string): Key => ({ pk: `${tenantKey(scope)}#B#${id}`, sk: 'B' });
export const batchTargetsKey = (scope: TenantScope, id: string): Key => ({ pk: `${tenantKey(scope)}#B#${id}`, sk: 'T' });
export const counterKey = (scope: TenantScope, name: string): Key => ({ pk: `${tenantKey(scope)}#CTR`, sk: name });
export const tenantHeaderKey = (scope: TenantScope): Key => ({ pk: tenantKey(scope), sk: 'TENANT' });
/** The named exception: slots belong to an integration and a minute of its cycle, not to a tenant. */
export const slotPartition = (provider: string, cycleMinutes: number, minute: number): string =>
  `DUE#${provider}#${cycleMinutes}#${minute}`;
export const slotKey = (provider: string, cycleMinutes: number, minute: number, scope: TenantScope, n: number): Key => ({
  pk: slotPartition(provider, cycleMinutes, minute),
  sk: connectionPartition(scope, n),
});
/** Tenants whose daily work falls into an hour of the day, in UTC; hashed, so that they spread evenly. */
export const dailySlotKey = (hour: number, scope: TenantScope): Key => ({ pk: dailySlotPartition(hour), sk: tenantKey(scope) });
export const dailySlotPartition = (hour: number): string => `DUE#DAILY#${String(hour).padStart(2, '0')}`;
export const tickKey = (provider: string): Key => ({ pk: `DUE#${provider}`, sk: 'TICK' });

// --- index `id` (ip / is) -------------------------------------------------------------------------------------------------------

export const byMirrorId = (scope: TenantScope, id: string): string => `${tenantKey(scope)}#I#${id}`;
export const byNumber = (scope: TenantScope, number: string): string => `${tenantKey(scope)}#N#${number}`;
export const byJobOfProPay = (scope: TenantScope, jobId: string): string => `${tenantKey(scope)}#JP#${jobId}`;
export const byRework = (scope: TenantScope, jobId: string): string => `${tenantKey(scope)}#CB#${jobId}`;
export const byItemSource = (scope: TenantScope, sourceId: string): string => `${tenantKey(scope)}#IT#${sourceId}`;

// --- index `by` (bp / bs) -------------------------------------------------------------------------------------------------------

/** Lists: one partition per tenant and kind; a filter is a prefix of the sort key (see docs/decisions/001-table-keys.md). */
export type ListName =
  | 'JOB'
  | 'MS'
  | 'WORKER'
  | 'CLIENT'
  | 'PP'
  | 'GRP'
  | 'NOPP'
  | 'LI'
  | 'ST'
  | 'WAGE'
  | 'BUDGET'
  | 'MATERIAL'
  | 'BATCH'
  | 'CHANGE'
  | 'ALERT'
  | 'GT'
  | 'GO'
  | 'CB'
  | 'RESERVE';

/** Tombstoned and hidden rows have a range of their own (`X`), so that hiding them reads nothing. */
export const listPartition = (scope: TenantScope, name: ListName, hidden = false): string =>
  `${tenantKey(scope)}#L#${name}${hidden ? 'X' : ''}`;
/** A worker's time and drive time by date. */
export const workerTimePartition = (scope: TenantScope, workerId: string): string => `${tenantKey(scope)}#W#${workerId}`;
export const auditEntityPartition = (scope: TenantScope, entityId: string): string => `${tenantKey(scope)}#E#${entityId}`;
