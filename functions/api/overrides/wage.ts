import * as z from 'zod/mini';
import { currentWage, sourceWageOn } from '#bonus/inputs/overrides.ts';
import { addDays, type LocalDate } from '#kernel/instant.ts';
import type { LocalWage } from '#model/overrides.ts';
import { putLocalWageAction } from '#store/override-repository.ts';
import { readWageHistory } from '#store/propay-inputs.ts';
import { dateText, e4Of, rateText } from '../edge.ts';
import { invalidField } from '../problem.ts';
import { dateParameter } from '../query.ts';
import { type ApiAnswer, defineRoute } from '../route.ts';
import { type ChangeRequest, changeOverride, madeBy, type OverrideChange } from './change.ts';
import { EDIT_WAGES, requireWageEditor } from './rights.ts';
import { overridesAnswer, reason } from './shapes.ts';
import { type Subject, type SubjectRequest, workerSubject } from './subject.ts';

/** Ten-thousandths of a dollar per hour: $10,000.00/h. */
const HIGHEST_E4 = 100_000_000;
const [EARLIEST, LATEST] = ['2000-01-01', '2099-12-31'];
/** Wages that may be announced at once: more is no payroll but a defect. */
const MOST_ANNOUNCED = 50;

/** A wage as it is given. */
export const wageBody = z.strictObject({
  wage: rateText,
  effectiveFrom: dateText,
  burdenBp: z.optional(z.nullable(z.int().check(z.minimum(0), z.maximum(1_000_000)))),
  reason,
});

/** E-1: an hourly wage from a day on, with optional burden. It wins over every wage of the source on and after that day. */
export const putWage = defineRoute({
  method: 'PUT',
  path: '/v1/workers/{id}/overrides/wage',
  group: 'overrides',
  summary: 'Give a person an hourly wage from a day on',
  access: EDIT_WAGES,
  ifMatch: true,
  body: wageBody,
  bodyExample: { wage: '27.50', effectiveFrom: '2026-04-01' },
  answer: overridesAnswer,
  handler: (request) => setWage(request, request.params.id, request.body, request.ifMatch),
});

/** Gives one person a wage. */
export async function setWage(
  request: ChangeRequest,
  id: string,
  body: z.infer<typeof wageBody>,
  ifMatch: number,
): Promise<ApiAnswer> {
  const { ports, scope } = request;
  const wageE4 = e4Of(body.wage, '/wage');
  if (wageE4 < 1 || wageE4 > HIGHEST_E4) throw invalidField('/wage', 'must be above zero and at most 10000.00 an hour');
  const { effectiveFrom, burdenBp = null } = body;
  if (effectiveFrom < EARLIEST || effectiveFrom > LATEST)
    throw invalidField('/effectiveFrom', `must lie between ${EARLIEST} and ${LATEST}`);
  const by = { subject: () => requireEditable(request, id), ifMatch, reason: body.reason };
  return changeOverride(request, by, async (subject) => {
    const { record, mirror } = subject;
    const rows = await readWageHistory(ports.table, scope, record.id);
    const sourceE4WhenSet = sourceWageOn(rows, laterOf(effectiveFrom, mirror.today));
    const row = { effectiveFrom, wageE4, burdenBp, sourceE4WhenSet, ...madeBy(request, body.reason) };
    return {
      overrides: (setAt) => ({ ...record.own.overrides, wages: withRows(subject, [{ ...row, setAt }]) }),
      act: { field: 'wage', act: 'set', value: wageE4, sourceValueWhenSet: sourceE4WhenSet, effectiveFrom, burdenBp },
      actions: (setAt) => [putLocalWageAction(scope, record.id, { ...row, setAt })],
    };
  });
}

/** Ends the local wages from a day on (E-1): a revert on that day, and on the day of every wage announced for later. */
export const deleteWage = defineRoute({
  method: 'DELETE',
  path: '/v1/workers/{id}/overrides/wage',
  group: 'overrides',
  summary: 'Go back to the wages of the source from a day on',
  access: EDIT_WAGES,
  ifMatch: true,
  query: { effectiveFrom: dateParameter('The first day of the source’s wages; today where it is left out') },
  answer: overridesAnswer,
  handler: (request) => {
    const { ports, scope, params, query, ifMatch } = request;
    return changeOverride(request, { subject: () => requireEditable(request, params.id), ifMatch }, async (subject) => {
      const { record, mirror } = subject;
      const from = query.effectiveFrom ?? mirror.today;
      const local = (await readWageHistory(ports.table, scope, record.id)).filter(({ origin }) => origin === 'local');
      if (!endsAnything(local, from)) return null;
      const days = [...new Set([from, ...local.map(({ effectiveFrom }) => effectiveFrom).filter((day) => day > from)])];
      const revert = { wageE4: null, burdenBp: null, sourceE4WhenSet: null, ...madeBy(request, undefined) };
      const rowsAt = (setAt: number): LocalWage[] => days.map((effectiveFrom) => ({ ...revert, effectiveFrom, setAt }));
      return {
        overrides: (setAt) => ({ ...record.own.overrides, wages: withRows(subject, rowsAt(setAt)) }),
        act: { field: 'wage', act: 'cleared', value: null, sourceValueWhenSet: null, effectiveFrom: from },
        actions: (setAt) => rowsAt(setAt).map((row) => putLocalWageAction(scope, record.id, row)),
      };
    });
  },
});

/** Keeps the wage, with the source's present one as seen (M-118). */
export function keptWage(
  { record, mirror }: Subject<'worker'>,
  rows: Awaited<ReturnType<typeof readWageHistory>>,
): OverrideChange | null {
  const current = currentWage(record.own.overrides.wages, mirror.today);
  if (current === null) return null;
  const { effectiveFrom, wageE4: value } = current;
  const sourceE4WhenSet = sourceWageOn(rows, laterOf(effectiveFrom, mirror.today));
  const seen = (row: LocalWage): LocalWage => (row.setAt === current.setAt ? { ...row, sourceE4WhenSet } : row);
  return {
    overrides: () => ({ ...record.own.overrides, wages: record.own.overrides.wages.map(seen) }),
    act: { field: 'wage', act: 'kept', value, sourceValueWhenSet: sourceE4WhenSet, effectiveFrom },
  };
}

async function requireEditable(request: SubjectRequest, id: string): Promise<Subject<'worker'>> {
  const subject = await workerSubject(request, id);
  await requireWageEditor(request);
  return subject;
}

/** Whether a wage that people gave is in force on the day, or follows it. */
function endsAnything(
  local: readonly { readonly effectiveFrom: LocalDate; readonly wageE4: number | null }[],
  from: LocalDate,
): boolean {
  const latest = new Map(local.map(({ effectiveFrom, wageE4 }) => [effectiveFrom, wageE4]));
  const before = [...latest].findLast(([day]) => day <= from);
  return (before !== undefined && before[1] !== null) || [...latest].some(([day, wageE4]) => day > from && wageE4 !== null);
}

/**
 * What the record shows of the local wages: the row in force and those to come. Yesterday's in UTC is where the kept ones begin, so that in
 * every zone the one in force is among them; the whole history stands with the worker's wages.
 */
function withRows({ record }: Subject<'worker'>, added: readonly LocalWage[]): readonly LocalWage[] {
  const byDay = new Map([...record.own.overrides.wages, ...added].map((row) => [row.effectiveFrom, row]));
  const rows = [...byDay.values()].sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1));
  const yesterday = addDays(added[0]!.at.slice(0, 10), -1);
  const first = Math.max(
    rows.findLastIndex(({ effectiveFrom }) => effectiveFrom <= yesterday),
    0,
  );
  const kept = rows.slice(first);
  if (kept.length > MOST_ANNOUNCED) throw invalidField('/effectiveFrom', 'too many wages are announced already');
  return kept.every(({ wageE4 }) => wageE4 === null) ? [] : kept;
}

const laterOf = (a: LocalDate, b: LocalDate): LocalDate => (a > b ? a : b);
