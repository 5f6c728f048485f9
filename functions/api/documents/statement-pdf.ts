import { dateText, moneyText, timeText } from './formats.ts';
import { type Block, renderPdf } from './pdf.ts';
import { factsOf, type Statement, toldItems, type Writing } from './statement-facts.ts';
import type { Words } from './words.ts';

/** What a statement's document tells beside the statement itself. */
export interface Letterhead {
  readonly company: string;
  readonly branch: string | null;
  /** An instant as day and minute there: `2026-03-30T14:05`. */
  readonly localTime: (instant: string) => string;
}

/** A statement for its worker to keep (B-141): every line with what stands behind it, the totals, and when it was last worked out. */
export function statementPdf(statement: Statement, letterhead: Letterhead, writing: Writing): string {
  const { words, formats } = writing;
  const name = statement.reference ?? statement.id;
  const title = `${words.statement} ${name}`;
  const footer = (page: number, pages: number) => `${title}, ${statement.workerName ?? ''} · ${words.page} ${page} / ${pages}`;
  return renderPdf({ title, language: formats.language === 'en' ? 'en-US' : 'es-US', footer }, [
    { kind: 'title', text: words.statement, right: name },
    ...headBlocks(statement, letterhead, writing),
    ...toldItems(statement, writing).flatMap((told): Block[] => [
      { kind: 'heading', text: told.name, right: moneyText(told.item.amount, statement.currency) },
      pair(words.status, words[told.item.status]),
      ...factsOf(told, statement, writing).map(({ name: fact, value }) => pair(words[fact], value)),
    ]),
    ...totalBlocks(statement, writing),
    ...wageBlocks(statement, writing),
    { kind: 'note', text: ' ' },
    { kind: 'note', text: words.note },
  ]);
}

const pair = (label: string, value: string, strong = false): Block => ({ kind: 'pair', label, value, strong });

function headBlocks(
  statement: Statement,
  { company, branch, localTime }: Letterhead,
  { words, formats }: Writing,
): readonly Block[] {
  const date = (text: string): string => dateText(text, formats);
  const instant = (at: string): string => {
    const [day, time] = localTime(at).split('T') as [string, string];
    return `${date(day)}, ${timeText(time, formats)}`;
  };
  const { period, workerName, workerId, status, payDate, calculatedAt, dataAsOf, acknowledgement } = statement;
  return [
    pair(words.worker, workerName ?? workerId, true),
    pair(words.company, company),
    ...(branch === null ? [] : [pair(words.branch, branch)]),
    pair(words.period, `${date(period.startDate)} ${words.to} ${date(period.endDate)}`),
    pair(words.status, words[status]),
    ...(payDate === null ? [] : [pair(words.payDate, date(payDate))]),
    pair(words.calculatedAt, instant(calculatedAt)),
    pair(words.dataAsOf, dataAsOf === null ? words.unknown : instant(dataAsOf)),
    ...(acknowledgement === null ? [] : [pair(words.acknowledged, instant(acknowledgement.at))]),
  ];
}

/** The sums of a statement by the words for them, in the order in which they add up; those that are nothing and always may be are left out. */
export function totalsOf(statement: Statement): readonly (readonly [name: keyof Words, amount: string])[] {
  const always = new Set(['bonuses', 'netBalance', 'premium', 'payable']);
  const all = [
    ['bonuses', statement.bonuses],
    ['deductions', statement.deductions],
    ['ignoredDeductions', statement.ignoredDeductions],
    ['rolloverIn', statement.rolloverIn],
    ['netBalance', statement.netBalance],
    ['premium', statement.premium],
    ['payable', statement.payable],
    ['informationalPremium', statement.informationalPremium],
    ['rolloverOut', statement.rolloverOut],
    ['writtenOff', statement.writtenOff],
    ['heldInAll', statement.held],
  ] as const;
  return all.filter(([name, amount]) => always.has(name) || /[1-9]/.test(amount));
}

function totalBlocks(statement: Statement, { words }: Writing): readonly Block[] {
  return [
    { kind: 'heading', text: words.totals },
    ...totalsOf(statement).map(([name, amount]) => pair(words[name], moneyText(amount, statement.currency), name === 'payable')),
  ];
}

function wageBlocks({ wageFigures, wageFloors, currency }: Statement, { words, formats }: Writing): readonly Block[] {
  const rate = (amount: string | null): string =>
    amount === null ? words.noTime : `${moneyText(amount, currency)} ${words.perHour}`;
  const figures: readonly Block[] =
    wageFigures === null
      ? []
      : [
          { kind: 'heading', text: words.wages },
          pair(words.baseWage, rate(wageFigures.baseWage)),
          pair(words.bonusRate, rate(wageFigures.bonusRate)),
          pair(words.effectiveWage, rate(wageFigures.effectiveWage)),
        ];
  const floors: readonly Block[] = wageFloors.map(({ weekStart, short }) =>
    pair(dateText(weekStart, formats), short === null ? words.cannotTell : `${words.short} ${moneyText(short, currency)}`),
  );
  return [...figures, ...(floors.length === 0 ? [] : [{ kind: 'heading' as const, text: words.floors }, ...floors])];
}
