import { csvLine } from '#kernel/csv.ts';
import type { Fact, Statement, Writing } from './statement-facts.ts';
import { factsOf, toldItems } from './statement-facts.ts';
import { totalsOf } from './statement-pdf.ts';
import { type Words, wordFor } from './words.ts';

/** What stands behind a line, in the order of the columns. */
const FACTS: readonly Fact['name'][] = [
  ...(['part', 'approvedOn', 'workedFrom', 'heldUntil', 'phase', 'budget', 'actual', 'saved', 'savings', 'completion'] as const),
  ...([
    'pool',
    'workerShare',
    'crewPool',
    'distribution',
    'byHand',
    'yourHours',
    'yourWages',
    'disqualifiers',
    'penalties',
  ] as const),
  ...(['reserve', 'purpose', 'description', 'embedded', 'excluded', 'week', 'hoursWorked', 'overtime', 'doubleTime'] as const),
  ...(['legalBasis', 'bonusOfWeek', 'due', 'issuedBefore', 'incomplete'] as const),
];
const HEAD: readonly (keyof Words)[] = ['number', 'worker', 'row', 'line', 'kind', 'status', 'amount'];

/**
 * A statement as a table: its lines, then its totals, under headings of the language. Amounts are plain decimals, as in every table (M-156); what
 * stands behind a line is told as on paper.
 */
export function statementCsv(statement: Statement, writing: Writing): string {
  const { words } = writing;
  const own = [statement.reference ?? statement.id, statement.workerName ?? statement.workerId];
  const lines = toldItems(statement, writing).map((told) => {
    const facts = factsOf(told, statement, writing);
    const cells = FACTS.map((name) =>
      facts
        .filter((fact) => fact.name === name)
        .map(({ value }) => value)
        .join('; '),
    );
    const { category, status, amount } = told.item;
    return [...own, words.line, told.name, wordFor(words, category), words[status], amount, ...cells];
  });
  const blank = FACTS.map(() => '');
  const totals = totalsOf(statement).map(([name, amount]) => [...own, words.total, words[name], '', '', amount, ...blank]);
  const head = [...HEAD, ...FACTS].map((name) => words[name]);
  return [head, ...lines, ...totals].map((cells) => `${csvLine(cells)}\r\n`).join('');
}
