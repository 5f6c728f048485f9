import { isInForce } from '#bonus/commands/statement-talk.ts';
import { itemStateOf, itemStatus } from '#bonus/item-status.ts';
import { calendarById, statementIdOf } from '#bonus/pay/assignment.ts';
import { branchOf } from '#bonus/pay/statement-header.ts';
import type { StatementView } from '#bonus/pay/statements.ts';
import type { ItemSource, LineItem, PayHead, PremiumWorking } from '#model/pay.ts';
import type { StatementFigures } from '#pay/statement-figures.ts';
import { moneyOf, rateOf } from '../../edge.ts';
import { type Desk, dataAsOf, todayIn } from '../desk.ts';
import { ofPayee } from './heads.ts';

/** A line item in the shape of the interface, with status and statement as of today (B-125, B-134). */
export function lineItemView(item: LineItem, desk: Desk, head: PayHead | null) {
  const today = todayIn(desk, item.branchId);
  return {
    id: item.id,
    workerId: item.workerId,
    type: item.type,
    category: item.category,
    part: item.part,
    role: item.role,
    amount: moneyOf(item.amountCents)!,
    currency: desk.context.currency,
    status: itemStatus(item.releaseOn, item.events, today),
    approvalDate: item.approvalDate,
    releaseOn: itemStateOf(item.releaseOn, item.events).releaseOn,
    statementId: statementIdOf(ofPayee(desk.context, item), calendarById(desk.context, item.calendarId), head, today),
    source: sourceView(item.source),
    purpose: item.purpose,
    description: item.description,
    workFrom: item.workFrom,
    workTo: item.workTo,
    embeddedPremium: moneyOf(item.embeddedPremiumCents),
    rateExclusion: item.rateExclusion,
    premium: item.premium === null ? null : premiumView(item.premium),
    events: item.events,
    replaces: item.replaces,
  };
}

/** The working of a premium: its week, hours, bonuses and the time behind them (B-207). */
function premiumView({ bonuses, dueCents, issuedBeforeCents, ...working }: PremiumWorking) {
  return {
    ...working,
    bonuses: bonuses.map(({ attributedCents, ...bonus }) => ({ ...bonus, attributed: moneyOf(attributedCents)! })),
    due: moneyOf(dueCents)!,
    issuedBefore: moneyOf(issuedBeforeCents)!,
  };
}

/** Where an item comes from, by its id; nothing for manual items and premiums. */
function sourceView(source: ItemSource) {
  switch (source.kind) {
    case 'group':
    case 'group-adjustment':
      return { groupId: source.groupId };
    case 'goal':
      return { goalId: source.goalId };
    case 'phase':
      return { propayId: source.proPayId, phaseId: source.phaseId };
    case 'group-callback':
      return { groupId: source.groupId, propayId: source.proPayId, callbackId: source.callbackId };
    case 'callback':
      return { propayId: source.proPayId, callbackId: source.callbackId };
    case 'manual':
    case 'premium':
      return {};
    default:
      return { propayId: source.proPayId };
  }
}

/** What the worker says of the statement as it stands now, and what was answered (B-142). */
function talkView(view: StatementView) {
  const { acknowledgements, disputes } = view.header ?? { acknowledgements: [], disputes: [] };
  const inForce = acknowledgements.filter((one) => isInForce(one, view));
  const whole = inForce.find(({ lineItemId }) => lineItemId === null);
  return {
    acknowledgement: whole === undefined ? null : { at: whole.at, by: whole.by },
    acknowledgedItems: inForce.flatMap(({ lineItemId, at, by }) => (lineItemId === null ? [] : [{ lineItemId, at, by }])),
    disputes,
  };
}

/** A statement in the shape of the interface. */
export function statementView(view: StatementView, desk: Desk, head: PayHead | null, figures: StatementFigures) {
  const { totals, header } = view;
  const { wageFigures, wageFloors } = figures;
  return {
    id: view.id,
    reference: header?.reference ?? null,
    workerId: view.workerId,
    workerName: header?.workerName ?? null,
    branchId: branchOf(view),
    period: view.period,
    status: view.status,
    items: view.items.map((item) => lineItemView(item, desk, head)),
    held: moneyOf(view.upcoming.reduce((sum, { amountCents }) => sum + amountCents, 0))!,
    upcomingItems: view.upcoming.map((item) => lineItemView(item, desk, head)),
    bonuses: moneyOf(totals.bonusesCents)!,
    deductions: moneyOf(totals.deductionsCents)!,
    ignoredDeductions: moneyOf(totals.ignoredDeductionsCents)!,
    rolloverIn: moneyOf(totals.rolloverInCents)!,
    netBalance: moneyOf(totals.netBalanceCents)!,
    premium: moneyOf(totals.premiumCents)!,
    informationalPremium: moneyOf(totals.informationalCents ?? 0)!,
    payable: moneyOf(totals.payableCents)!,
    rolloverOut: moneyOf(totals.rolloverOutCents)!,
    writtenOff: moneyOf(totals.writtenOffCents)!,
    currency: desk.context.currency,
    wageFigures:
      wageFigures === null
        ? null
        : {
            baseWage: rateOf(wageFigures.baseWageE4),
            bonusRate: rateOf(wageFigures.bonusRateE4),
            effectiveWage: rateOf(wageFigures.effectiveWageE4),
          },
    wageFloors: wageFloors.map(({ weekStart, totalSeconds, missing, payCents, minimumPayCents, shortCents }) => ({
      ...{ weekStart, totalSeconds, missing },
      ...{ pay: moneyOf(payCents), minimumPay: moneyOf(minimumPayCents), short: moneyOf(shortCents) },
    })),
    payDate: header?.payDate ?? null,
    ...talkView(view),
    dataAsOf: dataAsOf(desk, Object.keys(desk.context.connections)),
    calculatedAt: header?.paidAt ?? desk.now,
  };
}
