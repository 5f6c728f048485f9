import type { LineItem } from '#model/pay.ts';

export const WORKER = 'W'.repeat(16);
let made = 0;

/** A line item of 10.00, free from the day of its approval unless said otherwise; each has an id of its own, in the order of making. */
export function lineItem(changes: Partial<LineItem> = {}): LineItem {
  made += 1;
  const releaseOn = changes.releaseOn ?? '2026-03-02';
  const amountCents = changes.amountCents ?? 1_000;
  return {
    id: `${WORKER}.tenant.${releaseOn}.item-${String(made).padStart(8, '0')}`,
    workerId: WORKER,
    calendarId: 'tenant',
    branchId: null,
    type: amountCents < 0 ? 'deduction' : 'bonus',
    category: 'propay',
    part: 'main',
    role: 'crew',
    amountCents,
    approvalDate: '2026-03-02',
    releaseOn,
    assignOn: releaseOn,
    statementAssignment: 'current',
    periodStart: null,
    includeDeductions: true,
    carry: true,
    source: { kind: 'propay', proPayId: 'p', approval: 1 },
    weeks: [],
    premiumMethod: null,
    embeddedPremiumCents: null,
    rateExclusion: null,
    premium: null,
    purpose: null,
    description: null,
    workFrom: null,
    workTo: null,
    events: [],
    replaces: null,
    revision: 1,
    ...changes,
  };
}
