import { excludableOf, isCanceled, type PropertyNames } from '#bonus/creation.ts';
import { effectsOfRule, type RuleSubject } from '#bonus/rule-effects.ts';
import { type ExclusionRule, matches } from '#bonus/rules/exclusion-rules.ts';
import { parseProPayId } from '#model/ids.ts';
import { clientKey, jobKey, type ListName, listPartition, milestoneKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Item, QueryPage, Table } from '#store/table.ts';

/** Jobs, and as many visits, that are looked at. */
const MOST_RECORDS = 5_000;
const PAGE = 500;
/** Active ProPays that are looked at. */
const MOST_ACTIVE = 1_000;

/** What saving a rule means for the work that is there. */
export interface Effects {
  readonly jobsMatched: number;
  readonly nearestValues: readonly string[];
  /** Active ProPays that the rule would have kept from being made; it cancels none (B-18). */
  readonly activePropayIds: readonly string[];
  readonly overlapRuleIds: readonly string[];
  /** False where there is more than was looked at: 5,000 jobs, 5,000 visits and 1,000 Active ProPays. */
  readonly complete: boolean;
}

type Jobs = ReadonlyMap<string, MirrorRecord<'job'>>;
type Properties = ReadonlyMap<string, PropertyNames>;

/** Works out the effects of a rule, beside the others, from lists and records read eventually: they inform and decide nothing. */
export async function readEffects(
  table: Table,
  scope: TenantScope,
  rule: ExclusionRule,
  others: readonly ExclusionRule[],
): Promise<Effects> {
  const rules = [rule, ...others];
  const jobs = await readList<'job'>(table, scope, 'JOB');
  const visits = rules.some(asksForTypes) ? await readList<'milestone'>(table, scope, 'MS') : NOTHING;
  const active = await readActive(table, scope);
  const everyJob = [...jobs.records, ...active.jobs.values()];
  const properties = rules.some(({ type }) => type === 'property') ? await readProperties(table, scope, everyJob) : NO_PROPERTIES;
  const excluded = active.targets.filter(
    ({ job, visit }) => job.own.included === null && matches(factsOf(job, visit, properties), rule),
  );
  return {
    ...effectsOfRule(rule, others, subjectsOf(jobs.records, visits.records, properties)),
    activePropayIds: excluded.map(({ id }) => id),
    complete: jobs.complete && visits.complete && active.complete,
  };
}

const NOTHING = { records: [], complete: true } as const;
const NO_PROPERTIES: Properties = new Map();
const asksForTypes = ({ type }: ExclusionRule): boolean => type === 'service_type' || type === 'invoice_type';

/** Live jobs, each as itself, and the visits of recurring ones. */
function subjectsOf(
  jobs: readonly MirrorRecord<'job'>[],
  visits: readonly MirrorRecord<'milestone'>[],
  properties: Properties,
): readonly RuleSubject[] {
  const live: Jobs = new Map(jobs.filter((job) => !isCanceled(job)).map((job) => [job.id, job]));
  return [
    ...[...live.values()].map((job) => ({ jobId: job.id, facts: factsOf(job, null, properties) })),
    ...visits.flatMap((visit) => {
      const job = live.get(visit.fields.jobId);
      if (job === undefined || !job.fields.recurring || isCanceled(visit)) return [];
      return [{ jobId: job.id, facts: factsOf(job, visit, properties) }];
    }),
  ];
}

function factsOf(job: MirrorRecord<'job'>, visit: MirrorRecord<'milestone'> | null, properties: Properties) {
  const { propertyId } = job.fields;
  return excludableOf(job, visit, propertyId === null ? null : (properties.get(propertyId) ?? null));
}

/** The first records of a list, in its order. */
async function readList<E extends 'job' | 'milestone'>(
  table: Table,
  scope: TenantScope,
  name: ListName,
): Promise<{ readonly records: readonly MirrorRecord<E>[]; readonly complete: boolean }> {
  const records: MirrorRecord<E>[] = [];
  let after: QueryPage['after'] = null;
  for (let rows = 0; rows < MOST_RECORDS; rows += PAGE) {
    const page: QueryPage = await table.query(scope, { index: 'by', partition: listPartition(scope, name), limit: PAGE, after });
    const keys = page.items.map(({ pk, sk }) => ({ pk, sk }));
    records.push(...decoded<E>(await table.batchGet(scope, keys, { consistent: false })));
    after = page.after;
    if (after === null) return { records, complete: true };
  }
  return { records, complete: false };
}

/** Active ProPays with the job and visit that each is about. */
async function readActive(table: Table, scope: TenantScope) {
  const list = { index: 'by', partition: listPartition(scope, 'PP'), prefix: 'Active#', limit: MOST_ACTIVE } as const;
  const page = await table.query(scope, list);
  const ids = page.items.map((item) => String(item.bs).slice(String(item.bs).lastIndexOf('#') + 1));
  const refs = ids.flatMap((id) => {
    const ref = parseProPayId(id);
    return ref === null ? [] : [{ id, ...ref }];
  });
  const jobIds = [...new Set(refs.map(({ jobId }) => jobId))];
  const visitKeys = refs.flatMap(({ jobId, milestoneId }) =>
    milestoneId === null ? [] : [milestoneKey(scope, jobId, milestoneId)],
  );
  const items = await table.batchGet(scope, [...jobIds.map((id) => jobKey(scope, id)), ...visitKeys], { consistent: false });
  const jobs: Jobs = new Map(decoded<'job'>(items.slice(0, jobIds.length)).map((job) => [job.id, job]));
  const visits = new Map(decoded<'milestone'>(items.slice(jobIds.length)).map((visit) => [visit.id, visit]));
  const targets = refs.flatMap(({ id, jobId, milestoneId }) => {
    const job = jobs.get(jobId);
    return job === undefined ? [] : [{ id, job, visit: milestoneId === null ? null : (visits.get(milestoneId) ?? null) }];
  });
  return { jobs, targets, complete: page.after === null };
}

async function readProperties(table: Table, scope: TenantScope, jobs: readonly MirrorRecord<'job'>[]): Promise<Properties> {
  const ids = [...new Set(jobs.flatMap(({ fields }) => fields.propertyId ?? []))];
  const keys = ids.map((id) => clientKey(scope, id));
  const clients = decoded<'client'>(await table.batchGet(scope, keys, { consistent: false }));
  return new Map(clients.map(({ id, sourceId, fields }) => [id, { sourceId, number: fields.number }]));
}

function decoded<E extends 'job' | 'milestone' | 'client'>(items: readonly (Item | null)[]): readonly MirrorRecord<E>[] {
  return items.flatMap((item) => (item === null ? [] : [decodeMirrorRecord<E>(item)]));
}
