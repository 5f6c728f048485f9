import type * as z from 'zod/mini';
import type { statementSchema } from '../bonus/pay/shapes.ts';
import type { statementLineSchema } from '../bonus/pay/statement-lines.ts';
import { dateText, type Formats, hoursText, moneyText, percentText } from './formats.ts';
import { type Words, wordFor } from './words.ts';

/** A statement as the API answers it: documents are made of nothing else, so they show the same figures to the same people. */
export type Statement = Frozen<z.infer<typeof statementSchema>> & { readonly lines: readonly StatementLine[] };
export type StatementLine = Frozen<z.infer<typeof statementLineSchema>>;
export type StatementItem = Statement['items'][number];

/** A value that nobody changes, to its last part. */
type Frozen<T> = T extends readonly (infer I)[]
  ? readonly Frozen<I>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;

/** A label with what stands behind it. */
export interface Fact {
  /** The word that names it. */
  readonly name: keyof Words;
  readonly value: string;
}

/** What a document is written with. */
export interface Writing {
  readonly words: Words;
  readonly formats: Formats;
}

/** An item with its line, its name and where it stands. */
export interface Told {
  readonly item: StatementItem;
  readonly line: StatementLine;
  /** What it is for: its jobs, its description, else what kind of item it is. */
  readonly name: string;
}

/** The items of a statement with their lines, in the order of both. */
export function toldItems({ items, upcomingItems, lines }: Statement, { words }: Writing): readonly Told[] {
  const byId = new Map(lines.map((line) => [line.lineItemId, line]));
  return [...items, ...upcomingItems].map((item) => {
    const line = byId.get(item.id)!;
    const jobs = line.jobs.map(({ id, name, number }) => [number, name ?? id].filter((part) => part !== null).join(' '));
    const kind = wordFor(words, item.category);
    return { item, line, name: jobs.length > 0 ? `${kind}: ${jobs.join(', ')}` : (item.description ?? kind) };
  });
}

/** What stands behind an item (B-141): what was planned, done and saved, how it was divided, and what held or lowered it. */
export function factsOf({ item, line }: Told, statement: Pick<Statement, 'currency'>, writing: Writing): readonly Fact[] {
  const { words, formats } = writing;
  const date = (text: string): string => dateText(text, formats);
  const money = (amount: string): string => moneyIn(formats, amount, statement.currency);
  const facts: (Fact | null)[] = [
    { name: 'part', value: [item.part, item.role].flatMap((word) => (word === null ? [] : wordFor(words, word))).join(', ') },
    { name: 'approvedOn', value: date(item.approvalDate) },
    given('workedFrom', item.workFrom, (from) =>
      item.workTo === null ? date(from) : `${date(from)} ${words.to} ${date(item.workTo)}`,
    ),
    line.held ? { name: 'heldUntil', value: line.heldUntil === null ? words.withoutEnd : date(line.heldUntil) } : null,
    given('phase', line.phase, ({ id, name }) => name ?? id),
    ...(line.approved === null ? [] : approvedFacts(line.approved, statement, writing)),
    ...(line.reserve ?? []).map(({ name, phaseId, putIn, drawn, released, heldBack }): Fact => {
      const parts = [`${words.putIn} ${money(putIn)}`, `${words.drawn} ${money(drawn)}`];
      const rest = [`${words.released} ${money(released)}`, `${words.heldBack} ${money(heldBack)}`];
      return { name: 'reserve', value: `${name ?? phaseId}: ${[...parts, ...rest].join(', ')}` };
    }),
    given('purpose', item.purpose, (purpose) => wordFor(words, purpose)),
    given('description', item.description, (text) => text),
    given('embedded', item.embeddedPremium, money),
    given('excluded', item.rateExclusion, ({ legalBasis, reason }) => `${legalBasis}: ${reason}`),
    ...(item.premium === null ? [] : premiumFacts(item.premium, statement, writing)),
  ];
  return facts.filter((fact) => fact !== null);
}

function given<T>(name: keyof Words, value: T | null, text: (value: T) => string): Fact | null {
  return value === null ? null : { name, value: text(value) };
}

const moneyIn = ({ plain }: Formats, amount: string, currency: string): string => (plain ? amount : moneyText(amount, currency));

type Approved = NonNullable<StatementLine['approved']>;

function approvedFacts(
  approved: Approved,
  { currency }: Pick<Statement, 'currency'>,
  { words, formats }: Writing,
): readonly (Fact | null)[] {
  const money = (amount: string): string => moneyIn(formats, amount, currency);
  const hours = (seconds: number): string => hoursText(seconds, formats);
  const { pool, own, distribution, budgetSeconds, budgetAmount, savedSeconds } = approved;
  const shares = [
    [words.crew, pool.crewBp],
    [words.crew_lead, pool.crewLeadBp],
    [words.manager, pool.managerBp],
    [words.other, pool.otherBp],
    [words.companyPool, pool.companyBp],
  ] as const;
  const split = pool.splitEnabled ? [`${words.split} ${percentText(pool.splitBp)}`] : [];
  const parts = shares.filter(([, bp]) => bp > 0).map(([name, bp]) => `${name} ${percentText(bp)}`);
  const byHand = (distribution.amounts ?? []).map(({ amount }) => money(amount)).join(', ');
  return [
    { name: 'budget', value: budgetSeconds === undefined ? money(budgetAmount!) : hours(budgetSeconds) },
    { name: 'actual', value: hours(approved.actualSeconds) },
    given('saved', savedSeconds ?? null, hours),
    { name: 'savings', value: money(approved.savings) },
    given('completion', approved.completionBp, percentText),
    { name: 'pool', value: [...split, ...parts].join(', ') },
    { name: 'workerShare', value: money(approved.workerShare) },
    { name: 'crewPool', value: money(approved.crewPool) },
    { name: 'distribution', value: wordFor(words, distribution.formula) },
    byHand === '' ? null : { name: 'byHand', value: byHand },
    { name: 'yourHours', value: `${hours(own.seconds)} ${words.of} ${hours(own.crewSeconds)}` },
    own.wages.length === 0
      ? null
      : { name: 'yourWages', value: own.wages.map((wage) => `${money(wage)} ${words.perHour}`).join(', ') },
    ...approved.disqualifiers.map(({ name, state, note }): Fact => {
      return { name: 'disqualifiers', value: `${name}: ${wordFor(words, state)}${note === null ? '' : ` (${note})`}` };
    }),
    ...approved.penalties.map(({ name, amount, count }): Fact => {
      return { name: 'penalties', value: `${name}: ${count} × ${amount === null ? words.toBeSet : money(amount)}` };
    }),
  ];
}

type Premium = NonNullable<StatementItem['premium']>;

/** The week of an overtime premium, and how it was worked out (B-207). */
function premiumFacts(
  premium: Premium,
  { currency }: Pick<Statement, 'currency'>,
  { words, formats }: Writing,
): readonly (Fact | null)[] {
  const money = (amount: string): string => moneyIn(formats, amount, currency);
  const hours = (seconds: number): string => hoursText(seconds, formats);
  return [
    { name: 'week', value: dateText(premium.weekStart, formats) },
    { name: 'hoursWorked', value: hours(premium.totalSeconds) },
    { name: 'overtime', value: hours(premium.overtimeSeconds) },
    premium.doubleTimeSeconds === 0 ? null : { name: 'doubleTime', value: hours(premium.doubleTimeSeconds) },
    { name: 'legalBasis', value: wordFor(words, premium.legalBasis) },
    { name: 'bonusOfWeek', value: premium.bonuses.map(({ attributed }) => money(attributed)).join(' + ') },
    { name: 'due', value: money(premium.due) },
    { name: 'issuedBefore', value: money(premium.issuedBefore) },
    premium.label === null ? null : { name: 'incomplete', value: '!' },
  ];
}
