import { asksForProperty, eligibilityOf } from '#bonus/creation.ts';
import { inParallel } from '#kernel/in-parallel.ts';
import type { LocalDate } from '#kernel/instant.ts';
import { listPartition } from '#model/keys.ts';
import { decodeStatement } from '#model/pay-item.ts';
import { targetOfVerdict } from '#model/propay-item.ts';
import type { ProPayTarget } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { readJobLevelProPays, readProPayState, readPropertyNames } from '#store/propay-inputs.ts';
import type { QueryPage, Table } from '#store/table.ts';

/** Jobs and visits that are worked out for one answer. */
const MOST_TARGETS = 500;
const PAGE = 500;
/** Why the launch keeps work out (V-25). */
const KEPT_OUT = ['before_launch_date', 'launch_not_set'] as const;

/** What another launch date lets in. */
export interface LaunchEffect {
  /** ProPays that become possible: jobs, and visits of recurring jobs. */
  readonly count: number;
  readonly items: readonly { readonly jobId: string; readonly milestoneId: string | null }[];
  /** False where more work is kept out than was looked at. */
  readonly complete: boolean;
}

/**
 * The work that becomes eligible under a changed context (M-131): what the launch keeps out at present, worked out by the gates that
 * decide creation, over the first five hundred of it.
 */
export async function readLaunchEffect(table: Table, scope: TenantScope, next: TenantContext): Promise<LaunchEffect> {
  const { targets, complete } = await listKeptOut(table, scope, next);
  const eligible = new Set<ProPayTarget>();
  await inParallel(targets, async (target) => {
    if (await isEligible(table, scope, next, target)) eligible.add(target);
  });
  const items = targets.filter((target) => eligible.has(target));
  return { count: items.length, items, complete };
}

async function listKeptOut(table: Table, scope: TenantScope, { branches }: TenantContext) {
  const partition = listPartition(scope, 'NOPP');
  const targets: ProPayTarget[] = [];
  for (const branchId of ['-', ...Object.keys(branches)])
    for (const code of KEPT_OUT) {
      const room = MOST_TARGETS - targets.length;
      if (room <= 0) return { targets, complete: false };
      const page = await table.query(scope, { index: 'by', partition, prefix: `${branchId}#${code}#`, limit: room });
      targets.push(...page.items.flatMap(targetOfVerdict));
      if (page.after !== null) return { targets, complete: false };
    }
  return { targets, complete: true };
}

async function isEligible(table: Table, scope: TenantScope, context: TenantContext, target: ProPayTarget): Promise<boolean> {
  const read = await readProPayState(table, scope, target, () => false);
  const others = target.milestoneId === null ? [] : await readJobLevelProPays(table, scope, target.jobId);
  const state = { ...read, proPays: [...read.proPays, ...others] };
  const property = asksForProperty(context) ? await readPropertyNames(table, scope, state.records.job) : null;
  return eligibilityOf(state, context, property).outcome === 'applies';
}

/** The last day of the latest pay period that has a paid statement, over all calendars; null where nothing was paid yet. */
export async function lastPaidDay(table: Table, scope: TenantScope, { branches }: TenantContext): Promise<LocalDate | null> {
  const days = await Promise.all(
    ['tenant', ...Object.keys(branches)].map((calendarId) => lastPaidDayOf(table, scope, calendarId)),
  );
  return days
    .flatMap((day) => day ?? [])
    .reduce<LocalDate | null>((last, day) => (last === null || day > last ? day : last), null);
}

async function lastPaidDayOf(table: Table, scope: TenantScope, calendarId: string): Promise<LocalDate | null> {
  const list = {
    index: 'by',
    partition: listPartition(scope, 'ST'),
    prefix: `${calendarId}#`,
    descending: true,
    limit: PAGE,
  } as const;
  let after: QueryPage['after'] = null;
  do {
    const page: QueryPage = await table.query(scope, { ...list, after });
    // `<calendar>#<start>#<status>#…`: the latest period first.
    const paid = page.items.find((item) => String(item.bs).split('#')[2] === 'Paid');
    const header = paid === undefined ? null : await table.get(scope, { pk: paid.pk, sk: paid.sk });
    if (header !== null) return decodeStatement(header).period.endDate;
    after = page.after;
  } while (after !== null);
  return null;
}

/** Whether a launch date moves back, so that work of earlier days comes in (M-131); `null` is not set. */
export function movesBack(before: LocalDate | null, after: LocalDate | null): after is LocalDate {
  return after !== null && (before === null || after < before);
}
