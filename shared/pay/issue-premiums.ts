import { zoneOf } from '#bonus/creation.ts';
import { calendarById } from '#bonus/pay/assignment.ts';
import { decidePremiums, type PremiumDraft } from '#bonus/pay-law/decide-premiums.ts';
import { type PlannedWeek, planWeeks } from '#bonus/pay-law/plan-weeks.ts';
import { isExempt, termsOfWeeks } from '#bonus/pay-law/policies.ts';
import { premiumItem } from '#bonus/pay-law/premium-item.ts';
import { weekFacts } from '#bonus/pay-law/week-facts.ts';
import { workedRecords } from '#bonus/pay-law/worked-records.ts';
import { AppError } from '#kernel/errors.ts';
import type { LocalDate } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { Key } from '#model/keys.ts';
import { survivorOf } from '#model/merged-people.ts';
import type { LineItem, PayHead } from '#model/pay.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import type { WeekLedger } from '#model/week-ledger.ts';
import { auditAction } from '#store/ledger.ts';
import { createLineItemAction } from '#store/pay-repository.ts';
import type { Table } from '#store/table.ts';
import { putWeekLedgerAction } from '#store/week-ledger-repository.ts';
import { readWorkerBranches } from '#store/worker-time.ts';
import { readFlats } from './flat-bonuses.ts';
import { readPersonPay } from './person-pay.ts';
import { type AuditSource, systemEntry } from './system-entry.ts';
import { readWeekTime } from './week-time.ts';

/** What issuing premiums takes of the outside. */
export interface PremiumPorts extends AuditSource {
  readonly table: Table;
}

/** Whose premiums to look at. */
export interface PremiumRequest {
  readonly workerId: string;
  /** Weeks whose hours may have changed: they are looked at even if the worker's pay says nothing new. */
  readonly weeks: readonly LocalDate[];
  /** Keys of time that the index may not hold yet. */
  readonly also: readonly Key[];
}

const TRIES = 5;

/**
 * Issues the overtime premiums that a worker is owed and brings the worker-weeks up to date (B-206, B-207). Each week is one transaction:
 * the worker-week under its revision, the new premiums, an audit entry for each. It starts from what is stored, so it can be called for
 * any reason and any number of times: what is issued already is not issued again. Answers how many weeks it wrote.
 */
export async function issuePremiums(
  ports: PremiumPorts,
  scope: TenantScope,
  context: TenantContext,
  request: PremiumRequest,
): Promise<number> {
  let written = 0;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const worker = await readWorker(ports, scope, context, request.workerId);
    const weeks = planWeeks(worker, { context, branchId: worker.branchId, now: ports.now() }, request.weeks);
    let met = false;
    for (const week of weeks) {
      const outcome = await settleWeek(ports, scope, worker, week, request.also);
      if (outcome === 'written') written += 1;
      if (outcome === 'lost') met = true;
    }
    if (!met) return written;
  }
  throw new AppError('target-busy', { category: 'transient', data: { workerId: request.workerId } });
}

/** A worker as issuing needs them. */
interface Worker {
  readonly workerId: string;
  readonly branchId: string | null;
  readonly context: TenantContext;
  readonly items: readonly LineItem[];
  readonly heads: readonly PayHead[];
  readonly ledgers: readonly WeekLedger[];
}

async function readWorker({ table }: PremiumPorts, scope: TenantScope, context: TenantContext, named: string): Promise<Worker> {
  const workerId = survivorOf(context, named);
  const [pay, branches] = await Promise.all([
    readPersonPay(table, scope, context, workerId),
    readWorkerBranches(table, scope, [workerId]),
  ]);
  return { workerId, context, branchId: branches.get(workerId) ?? null, ...pay };
}

/** Brings one week up to date; lost where somebody else wrote the week, or one of its premiums, first. */
async function settleWeek(
  ports: PremiumPorts,
  scope: TenantScope,
  worker: Worker,
  week: PlannedWeek,
  also: readonly Key[],
): Promise<'same' | 'written' | 'lost'> {
  const { table } = ports;
  const { workerId, branchId, context } = worker;
  const terms = termsOfWeeks(context, branchId, ports.now());
  const time = workedRecords(await readWeekTime(table, scope, context, workerId, [week.weekStart], also));
  const { rule } = terms;
  const flats = rule === 'california' ? await readFlats(table, scope, worker, week, terms) : [];
  const { ledger, premiums } = decidePremiums({
    ...week,
    workerId,
    facts: weekFacts(time, week.weekStart, terms),
    rule,
    exempt: isExempt(context, workerId),
    flats,
  });
  if (ledger === null) return 'same';
  const items = premiums.map((draft) => placed(draft, worker, ledger, ports));
  const outcome = await table.write(scope, [
    putWeekLedgerAction(scope, ledger, week.ledger?.revision ?? null),
    ...items.map(({ item, freeOn }) => createLineItemAction(scope, item, freeOn)),
    ...items.map(({ item }) => auditAction(scope, systemEntry(ports, issuedEntry(item)))),
  ]);
  return outcome.applied ? 'written' : 'lost';
}

function placed(draft: PremiumDraft, { workerId, context, heads }: Worker, ledger: WeekLedger, { now }: PremiumPorts) {
  const { calendarId, branchId } = draft.cause;
  return premiumItem(draft, {
    workerId,
    ledgerRevision: ledger.revision,
    timing: context.payLaw.premiumTiming,
    todayDate: localDateOf(now(), zoneOf(context, branchId)),
    calendar: calendarById(context, calendarId),
    head: heads.find((head) => head.calendarId === calendarId) ?? null,
  });
}

function issuedEntry({ id, workerId, amountCents, premium }: LineItem) {
  const { weekStart, legalBasis, label } = premium!;
  return {
    action: 'premium.issued',
    entity: 'line_item',
    entityId: id,
    before: null,
    after: { workerId, weekStart, amountCents, legalBasis, label },
    reason: null,
  };
}
