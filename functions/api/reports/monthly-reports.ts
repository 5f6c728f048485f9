import { zoneOf } from '#bonus/creation.ts';
import { roundedRatio } from '#bonus/exact.ts';
import { daysBetween, type LocalDate } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import { parseProPayId } from '#model/ids.ts';
import { jobKey, type Key, listPartition, milestoneKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import { decodeProPay } from '#model/propay-item.ts';
import { decodeCallback } from '#store/callback-repository.ts';
import { readGroup } from '#store/group-repository.ts';
import type { Item, QueryPage } from '#store/table.ts';
import { moneyOf } from '../edge.ts';
import { approvedIn, bonusOf, type Counted, MOST_PROPAYS } from './counted.ts';
import type { ReportDefinition, ReportInputs, Row } from './report.ts';

/** Verdicts of work that would have a ProPay if what they name were in order. */
const ELIGIBLE = new Set(['no_budget', 'awaiting_generation', 'auto_create_off', 'recurrence_changed']);
const EXISTING = ['Active', 'Approved', 'Paid'] as const;

/** What happened month by month (B-179). What the tenant alone can tell is null for managers; so is what is too much to count. */
export const monthly: ReportDefinition = {
  filters: ['from', 'to', 'branchId', 'divisionId', 'routeId', 'managerId'],
  columns: [
    ...['month', 'generated', 'approved', 'underBudget', 'onBudget', 'overBudget', 'bonus'],
    ...['meanDaysToApproval', 'completionUnknown', 'callbacks'],
  ],
  read: async (inputs) => {
    const { filter, request, desk } = inputs;
    const counted = await approvedIn(inputs);
    const completed = await completionDays(inputs, counted);
    const ofGroups = await groupBonuses(inputs, counted);
    const { divisionId, routeId, managerId } = filter;
    const wholeTenant = request.reach !== 'S' && [divisionId, routeId, managerId].every((id) => id === null);
    const existing = wholeTenant ? await allProPays(inputs) : null;
    const callbacks = wholeTenant && filter.branchId === null ? await openedCallbacks(inputs) : null;
    const dayOf = (instant: string): LocalDate => localDateOf(instant, desk.context.zone);
    const items = monthsOf(filter.from, filter.to).map((month): Row => {
      const isIn = (day: LocalDate): boolean => day.startsWith(month) && day >= filter.from && day <= filter.to;
      const own = counted.filter(({ proPay }) => isIn(proPay.listDate));
      return {
        month,
        generated: existing === null ? null : existing.filter((one) => isIn(dayOf(one.createdAt))).length,
        approved: own.length,
        ...againstBudget(own),
        bonus: moneyOf(own.reduce((sum, one) => sum + bonusHere(one) + (ofGroups.get(one.proPay.id) ?? 0), 0)),
        ...daysToApproval(own, completed),
        callbacks: callbacks === null ? null : callbacks.filter((at) => isIn(dayOf(at))).length,
      };
    });
    return {
      figures: {
        approved: counted.length,
        ...againstBudget(counted),
        eligibleShareBp: existing === null ? null : await eligibleShare(inputs, existing.length),
      },
      items,
      ids: counted.map(({ proPay }) => proPay.id),
    };
  },
};

function monthsOf(from: LocalDate, to: LocalDate): readonly string[] {
  const months: string[] = [];
  let [year, month] = from.split('-').map(Number) as [number, number];
  for (let name = from.slice(0, 7); name <= to.slice(0, 7); ) {
    months.push(name);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
    name = `${year}-${String(month).padStart(2, '0')}`;
  }
  return months;
}

function againstBudget(list: readonly Counted[]): Row {
  const savings = list.map(({ figures }) => figures.savedSeconds ?? figures.savingsCents);
  return {
    underBudget: savings.filter((saved) => saved > 0).length,
    onBudget: savings.filter((saved) => saved === 0).length,
    overBudget: savings.filter((saved) => saved < 0).length,
  };
}

/** What a ProPay pays by itself; what a group pays is told at the first of its members. */
const bonusHere = ({ proPay, figures }: Counted): number => (proPay.groupId === null ? bonusOf(figures) : 0);

async function groupBonuses({ request }: ReportInputs, counted: readonly Counted[]): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const groupId of new Set(counted.flatMap(({ proPay }) => proPay.groupId ?? []))) {
    const group = await readGroup(request.ports.table, request.scope, groupId);
    const first = counted.find(({ proPay }) => proPay.groupId === groupId)!;
    if (group?.result.figures) found.set(first.proPay.id, bonusOf(group.result.figures));
  }
  return found;
}

/** The mean of the days from completion to approval, with two places (R8), over those whose completion the source tells. */
function daysToApproval(own: readonly Counted[], completed: ReadonlyMap<string, LocalDate>): Row {
  const days = own.flatMap(({ proPay }) => {
    const day = completed.get(proPay.id);
    return day === undefined ? [] : [daysBetween(day, proPay.listDate)];
  });
  const hundredths =
    days.length === 0
      ? null
      : roundedRatio(
          days.reduce((sum, one) => sum + one, 0),
          100,
          days.length,
        );
  return { meanDaysToApproval: moneyOf(hundredths), completionUnknown: own.length - days.length };
}

/** The local day on which each ProPay's work was complete, where the source tells. */
async function completionDays(
  { request, desk }: ReportInputs,
  counted: readonly Counted[],
): Promise<ReadonlyMap<string, LocalDate>> {
  const { ports, scope } = request;
  const works = counted.flatMap(({ proPay, result }) => {
    const ref = parseProPayId(proPay.id);
    if (ref === null) return [];
    const key: Key = ref.milestoneId === null ? jobKey(scope, ref.jobId) : milestoneKey(scope, ref.jobId, ref.milestoneId);
    return [{ id: proPay.id, key, branchId: result.place.branchId }];
  });
  const unique = [...new Map(works.map(({ key }) => [`${key.pk} ${key.sk}`, key])).values()];
  const items = await ports.table.batchGet(scope, unique, { consistent: false });
  const found = new Map(items.flatMap((item) => (item === null ? [] : [[`${item.pk} ${item.sk}`, completedAt(item)]])));
  return new Map(
    works.flatMap(({ id, key, branchId }) => {
      const at = found.get(`${key.pk} ${key.sk}`) ?? null;
      return at === null ? [] : [[id, localDateOf(at, zoneOf(desk.context, branchId))] as const];
    }),
  );
}

const completedAt = (item: Item): string | null => decodeMirrorRecord<'job' | 'milestone'>(item).fields.completedAt;

/** All ProPays that there are; null where there are too many to count. */
async function allProPays(inputs: ReportInputs) {
  const { request, filter } = inputs;
  const keys: Key[] = [];
  for (const status of EXISTING) {
    const prefix = filter.branchId === null ? `${status}#` : `${status}#${filter.branchId}#`;
    const found = await keysOf(inputs, 'PP', prefix, MOST_PROPAYS - keys.length);
    if (found === null) return null;
    keys.push(...found.map(({ pk, sk }) => ({ pk, sk })));
  }
  const items = await request.ports.table.batchGet(request.scope, keys, { consistent: false });
  return items.flatMap((item) => (item === null ? [] : [decodeProPay(item)]));
}

/** The share of eligible work that has its ProPay; null without any, or where there is too much to count. */
async function eligibleShare(inputs: ReportInputs, having: number): Promise<number | null> {
  const { branchId } = inputs.filter;
  const keys = await keysOf(inputs, 'NOPP', branchId === null ? '' : `${branchId}#`, MOST_PROPAYS);
  if (keys === null) return null;
  const without = keys.filter(({ bs }) => ELIGIBLE.has(String(bs).split('#')[1]!)).length;
  return having + without === 0 ? null : roundedRatio(having, 10_000, having + without);
}

/** When the callbacks were opened; null where there are too many to count. */
async function openedCallbacks(inputs: ReportInputs): Promise<readonly string[] | null> {
  const { ports, scope } = inputs.request;
  const keys = await keysOf(inputs, 'CB', '', MOST_PROPAYS);
  if (keys === null) return null;
  const items = await ports.table.batchGet(
    scope,
    keys.map(({ pk, sk }) => ({ pk, sk })),
    { consistent: false },
  );
  return items.flatMap((item) => (item === null ? [] : [decodeCallback(item).openedAt]));
}

/** Keys of a list, in Queries of a thousand; null where there are more than so many. */
async function keysOf({ request }: ReportInputs, name: 'PP' | 'NOPP' | 'CB', prefix: string, most: number) {
  const { ports, scope } = request;
  const keys: QueryPage['items'][number][] = [];
  let after: QueryPage['after'] = null;
  do {
    const page: QueryPage = await ports.table.query(scope, {
      ...{ index: 'by' as const, partition: listPartition(scope, name), ...(prefix === '' ? {} : { prefix }) },
      ...{ limit: 1_000, after },
    });
    keys.push(...page.items);
    after = page.after;
  } while (after !== null && keys.length <= most);
  return keys.length > most ? null : keys;
}
