import { asksForProperty, excludableOf } from '#bonus/creation.ts';
import { type ExclusionRule, matchedText } from '#bonus/rules/exclusion-rules.ts';
import { jobKey, listPartition, milestoneKey } from '#model/keys.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { Verdict } from '#model/propay.ts';
import { decodeVerdict } from '#model/propay-item.ts';
import { readPropertyNames } from '#store/propay-inputs.ts';
import type { Item } from '#store/table.ts';
import { type Range, readPage } from '../pages.ts';
import type { ReportDefinition, ReportInputs, Row } from './report.ts';
import { seenAt } from './sight.ts';

const WORK = ['jobId', 'milestoneId', 'name', 'number', 'branchId', 'date'];
const EXCLUDED = ['excluded_by_rule', 'excluded_manually'] as const;

/** A verdict with its work, as far as the caller sees that. */
export interface JudgedWork {
  readonly verdict: Verdict;
  readonly job: MirrorRecord<'job'>;
  readonly visit: MirrorRecord<'milestone'> | null;
}

/** Work without ProPay with the verdict that says why (V-19 to V-28). */
export const jobsWithoutProPay: ReportDefinition = {
  filters: ['branchId', 'verdict'],
  paged: true,
  columns: [...WORK, 'verdict', 'missing', 'evaluatedAt'],
  read: async (inputs) => {
    const codes = inputs.given.verdict === undefined ? null : [inputs.given.verdict];
    const { works, nextCursor } = await readVerdicts(inputs, codes);
    const items = works.map((one) => ({
      ...workCells(one),
      verdict: one.verdict.code,
      missing: one.verdict.missing.join(' ') || null,
      evaluatedAt: one.verdict.evaluatedAt,
    }));
    return { items, ids: works.map(idOf), nextCursor };
  },
};

/** Excluded work with what excludes it: each rule with its condition and the value that it met, or who said so (B-17, B-19, V-24). */
export const excludedJobs: ReportDefinition = {
  filters: ['branchId'],
  paged: true,
  columns: [...WORK, 'verdict', 'ruleId', 'type', 'condition', 'matchedValue', 'by', 'at', 'reason'],
  read: async (inputs) => {
    const { works, nextCursor } = await readVerdicts(inputs, EXCLUDED);
    const items: Row[] = [];
    for (const one of works)
      for (const why of await reasonsOf(inputs, one)) items.push({ ...workCells(one), verdict: one.verdict.code, ...why });
    return { items, ids: works.map(idOf), nextCursor };
  },
};

/**
 * A page of verdicts with their work; `codes` null: all of them. A Query for each branch and code, since the list is kept in that order.
 * `extended` puts other lists behind it, whose rows come back as they are.
 */
export async function readVerdicts(
  inputs: ReportInputs,
  codes: readonly string[] | null,
  extended: (ranges: readonly Range[]) => readonly Range[] = (ranges) => ranges,
): Promise<{ readonly works: readonly JudgedWork[]; readonly others: readonly Item[]; readonly nextCursor: string | null }> {
  const page = await readPage(inputs.request, extended(verdictRanges(inputs, codes)));
  const isVerdict = ({ et }: Item): boolean => et === 'el';
  const verdicts = page.items.filter(isVerdict).map(decodeVerdict);
  const { jobs, visits } = await workOf(inputs, verdicts);
  const works = verdicts.flatMap((verdict) => {
    const job = jobs.get(verdict.jobId);
    const visit = verdict.milestoneId === null ? null : (visits.get(verdict.milestoneId) ?? null);
    return job === undefined ? [] : [{ verdict, job, visit }];
  });
  return { works, others: page.items.filter((item) => !isVerdict(item)), nextCursor: page.nextCursor };
}

/** The ranges of the list of verdicts that hold some codes. */
function verdictRanges({ request, desk, given }: ReportInputs, codes: readonly string[] | null): readonly Range[] {
  const partition = listPartition(request.scope, 'NOPP');
  if (codes === null && given.branchId === undefined) return [{ index: 'by', partition }];
  const branches = given.branchId === undefined ? ['-', ...Object.keys(desk.context.branches)] : [given.branchId];
  const prefixes = branches.flatMap((branch) => (codes === null ? [`${branch}#`] : codes.map((code) => `${branch}#${code}#`)));
  return prefixes.sort().map((prefix) => ({ name: prefix, index: 'by', partition, prefix }));
}

async function workOf(inputs: ReportInputs, verdicts: readonly Verdict[]) {
  const { scope } = inputs.request;
  const visitKeys = verdicts.flatMap(({ jobId, milestoneId }) =>
    milestoneId === null ? [] : [milestoneKey(scope, jobId, milestoneId)],
  );
  const [jobs, visits] = await Promise.all([
    seenAt<'job'>(
      inputs,
      verdicts.map(({ jobId }) => jobKey(scope, jobId)),
    ),
    seenAt<'milestone'>(inputs, visitKeys),
  ]);
  return { jobs, visits };
}

/** The cells that name some work. */
export function workCells({ verdict: { jobId, milestoneId, branchId, date }, job, visit }: JudgedWork): Row {
  return { jobId, milestoneId, name: visit?.fields.name ?? job.fields.name, number: job.fields.number, branchId, date };
}

export const idOf = ({ verdict: { jobId, milestoneId } }: JudgedWork): string => milestoneId ?? jobId;

async function reasonsOf({ request, desk }: ReportInputs, { verdict, job, visit }: JudgedWork): Promise<readonly Row[]> {
  const none = { ruleId: null, type: null, condition: null, matchedValue: null, by: null, at: null, reason: null };
  const { excluded } = job.own;
  const byHand =
    excluded === null ? [] : [{ ...none, type: 'manual', by: excluded.by, at: excluded.at, reason: excluded.reason }];
  if (verdict.code === 'excluded_manually') return byHand.length > 0 ? byHand : [{ ...none, type: 'manual' }];
  const rules = desk.context.exclusionRules.filter(({ id }) =>
    verdict.rules.some((rule) => rule.id === id),
  ) as readonly ExclusionRule[];
  // A rule that was removed since is still why the work was passed over, until it is looked at again.
  if (rules.length === 0) return verdict.rules.map(({ id }) => ({ ...none, ruleId: id }));
  const names = asksForProperty(desk.context) ? await readPropertyNames(request.ports.table, request.scope, job) : null;
  const subject = excludableOf(job, visit, names);
  return rules.map((rule) => ({
    ...none,
    ...{ ruleId: rule.id, type: rule.type },
    condition: rule.type === 'custom_field' ? `${rule.field}: ${rule.values.join(', ')}` : rule.value,
    matchedValue: matchedText(subject, rule),
  }));
}
