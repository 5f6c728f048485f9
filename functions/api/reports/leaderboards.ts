import { secondsGained } from '#bonus/rules/goal-metric.ts';
import { type LeaderboardUnit, type RankedWork, rankPeople, unitOf } from '#bonus/rules/leaderboard.ts';
import type { ApprovalSnapshot } from '#bonus/snapshot.ts';
import { inParallel } from '#kernel/in-parallel.ts';
import { jobKey, workerKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import { isPhased } from '#model/phase.ts';
import { readGroup, type StoredGroup } from '#store/group-repository.ts';
import { readApprovalSnapshot } from '#store/snapshot-store.ts';
import { moneyOf } from '../edge.ts';
import { invalidParameter } from '../problem.ts';
import { approvedIn, type Counted } from './counted.ts';
import type { ReportDefinition, ReportInputs } from './report.ts';

const USUAL_LENGTH = 10;
/** Approvals that one board may look into for whose the hours and bonuses are. */
const MOST_APPROVALS = 500;

/** People by what they saved, did or earned on done ProPays (B-180). */
export const leaderboards: ReportDefinition = {
  filters: ['from', 'to', 'period', 'branchId', 'divisionId', 'routeId', 'managerId', 'metric', 'by', 'length'],
  columns: ['rank', 'workerId', 'name', 'value', 'unit', 'proPays'],
  read: async (inputs) => {
    const { metric = 'hours_saved', by = 'worker', length = USUAL_LENGTH } = inputs.given;
    if (length < 2 || length > 20) throw invalidParameter('length', 'must be 2 to 20');
    const counted = await approvedIn(inputs);
    const works = await worksOf(inputs, counted, by);
    const { rows, untold } = rankPeople(metric, works, by === 'worker');
    const first = rows.slice(0, length);
    const names = await namesOf(
      inputs,
      first.map(({ workerId }) => workerId),
    );
    const unit = unitOf(metric);
    return {
      figures: { metric, by, people: rows.length, untold },
      items: first.map(({ workerId, value, proPays }) => ({
        // Equal figures have one rank.
        rank: 1 + first.findIndex((one) => one.value === value),
        ...{ workerId, name: names.get(workerId) ?? null },
        value: valueText(value, unit),
        unit: unit.replace('cents', inputs.desk.context.currency),
        proPays,
      })),
      ids: counted.map(({ proPay }) => proPay.id),
    };
  },
};

const valueText = (value: number, unit: LeaderboardUnit): string | number =>
  unit === 'seconds' || unit === 'count' ? value : moneyOf(value)!;

type Whom = NonNullable<ReportInputs['given']['by']>;

/** The done ProPays with what a board of some people asks of them. */
async function worksOf(inputs: ReportInputs, counted: readonly Counted[], by: Whom): Promise<readonly RankedWork[]> {
  const { metric = 'hours_saved' } = inputs.given;
  const asksApproval =
    metric === 'bonuses_earned' || metric === 'bonus_wage' || (by === 'worker' && /hours_worked|revenue/.test(metric));
  const approvals = asksApproval ? await approvalsOf(inputs, counted) : new Map<string, Approved>();
  const prices = metric.startsWith('revenue') ? await pricesOf(inputs, counted) : new Map<string, number>();
  return counted.map(({ proPay, result: { people }, figures }) => {
    const approved = approvals.get(proPay.id);
    const everybody = [people.workerIds, people.crewLeadIds, people.managerIds, people.otherIds].flat();
    return {
      id: proPay.id,
      people: by === 'manager' ? people.managerIds : by === 'lead' ? people.crewLeadIds : everybody,
      gained: secondsGained(figures),
      actualSeconds: figures.actualSeconds,
      seconds: approved?.seconds ?? null,
      revenueCents: prices.get(proPay.id) ?? null,
      bonuses: approved?.bonuses ?? null,
    };
  });
}

/** Whose the hours of an approval are, and what it paid to each. */
interface Approved {
  readonly seconds: ReadonlyMap<string, number> | null;
  readonly bonuses: ReadonlyMap<string, number>;
}

/** Approvals by ProPay. What a group paid is told at its first member; phases have approvals of their own, and are left untold. */
async function approvalsOf({ request }: ReportInputs, counted: readonly Counted[]): Promise<ReadonlyMap<string, Approved>> {
  const { ports, scope } = request;
  const alone = counted.filter(({ proPay }) => proPay.groupId === null && proPay.approval !== null && !isPhased(proPay));
  const groupIds = [...new Set(counted.flatMap(({ proPay }) => proPay.groupId ?? []))];
  if (alone.length + groupIds.length > MOST_APPROVALS)
    throw invalidParameter('from', `this board looks into at most ${MOST_APPROVALS} approvals: ask for fewer days, or by branch`);
  const found = new Map<string, Approved>();
  await inParallel(alone, async ({ proPay, figures }) => {
    const snapshot = (await readApprovalSnapshot(ports.table, scope, proPay.id, proPay.approval!.n)) as ApprovalSnapshot;
    const paid = [...figures.payouts, ...figures.leadPayouts].filter(({ cents }) => cents > 0);
    found.set(proPay.id, { seconds: summed(snapshot.calculation.entries, 'seconds'), bonuses: summed(paid, 'cents') });
  });
  await inParallel(groupIds, async (groupId) => {
    const group = await readGroup(ports.table, scope, groupId);
    if (group !== null) noteGroup(found, group, counted);
  });
  return found;
}

function noteGroup(found: Map<string, Approved>, { members, result }: StoredGroup, counted: readonly Counted[]): void {
  const paid = [...(result.figures?.payouts ?? []), ...(result.figures?.leadPayouts ?? [])].filter(({ cents }) => cents > 0);
  let told = result.figures === null;
  for (const { proPayId, time } of members) {
    if (!counted.some(({ proPay }) => proPay.id === proPayId)) continue;
    found.set(proPayId, { seconds: summed(time, 'seconds'), bonuses: told ? new Map() : summed(paid, 'cents') });
    told = true;
  }
}

function summed<K extends string>(
  list: readonly (Readonly<Record<K, number>> & { readonly workerId: string })[],
  of: K,
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const one of list) sums.set(one.workerId, (sums.get(one.workerId) ?? 0) + one[of]);
  return sums;
}

/** Contract prices by ProPay: the budget's own, else that of the job where it is one ProPay as a whole. */
async function pricesOf({ request }: ReportInputs, counted: readonly Counted[]): Promise<ReadonlyMap<string, number>> {
  const { ports, scope } = request;
  const ids = [...new Set(counted.flatMap(({ proPay }) => (proPay.milestoneId === null ? [proPay.jobId] : [])))];
  const items = await ports.table.batchGet(
    scope,
    ids.map((id) => jobKey(scope, id)),
    { consistent: false },
  );
  const jobs = new Map(
    items.flatMap((item, at) => (item === null ? [] : [[ids[at]!, decodeMirrorRecord<'job'>(item).fields.contractPriceCents]])),
  );
  return new Map(
    counted.flatMap(({ proPay, result }) => {
      const own = result.budget?.contractPriceCents ?? (proPay.milestoneId === null ? (jobs.get(proPay.jobId) ?? null) : null);
      return own === null ? [] : [[proPay.id, own]];
    }),
  );
}

async function namesOf({ request }: ReportInputs, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { ports, scope } = request;
  const items = await ports.table.batchGet(
    scope,
    ids.map((id) => workerKey(scope, id)),
    { consistent: false },
  );
  return new Map(
    items.flatMap((item, at) => (item === null ? [] : [[ids[at]!, decodeMirrorRecord<'worker'>(item).fields.displayName]])),
  );
}
