import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderPdf } from '#functions/api/documents/pdf.ts';
import type { CallOptions } from '#test/support/api.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, workerId } from '#test/support/bonus-world.ts';
import { PEOPLE, STATEMENTS, seedPaidPeriod } from '#test/support/export-world.ts';
import { saveArea } from '#test/support/propay-desk.ts';
import { readPdf } from '#test/support/read-pdf.ts';

/** Statements as documents and tables in English and Spanish (B-141): the figures of the API, read back from the bytes. */

let bench: BonusBench;
beforeAll(async () => {
  bench = await startBonusBench();
  await seedPaidPeriod(bench);
});
afterAll(() => bench.stop());

interface Item {
  readonly id: string;
  readonly amount: string;
}
type View = Readonly<Record<string, unknown>> & { readonly items: readonly Item[]; readonly reference: string };
const path = (name: string) => `/v1/statements/${STATEMENTS[name]}`;
const json = async (name: string) => (await bench.api.call<View>('GET', path(name))).body;
const document = (name: string, query: Record<string, string>, options: CallOptions = {}) =>
  bench.api.call('GET', path(name), { ...options, query }) as unknown as Promise<{
    status: number;
    headers: Record<string, string>;
    body: string;
  }>;
const pdf = async (name: string, language = 'en') => readPdf((await document(name, { format: 'pdf', language })).body);
/** `-1234.50` → `-$1,234.50`. */
const dollars = (amount: unknown): string => {
  const [whole, cents] = String(amount).replace('-', '').split('.') as [string, string];
  const groups = whole.replaceAll(/(?<=\d)(?=(?:\d{3})+$)/g, ',');
  return `${String(amount).startsWith('-') ? '-' : ''}$${groups}.${cents}`;
};
/** What stands right of a label. */
const told = (lines: readonly string[], label: string): string | undefined => lines[lines.lastIndexOf(label) + 1];

describe('a statement as a document', () => {
  it('tells of every line and sum what the API tells', async () => {
    for (const name of Object.keys(PEOPLE)) {
      const view = await json(name);
      const { pages, title, language } = await pdf(name);
      const lines = pages.flat();
      expect([title, language]).toEqual([`Bonus statement ${view.reference}`, 'en-US']);
      for (const { amount } of view.items) expect([name, lines]).toEqual([name, expect.arrayContaining([dollars(amount)])]);
      expect([name, told(lines, 'Total')]).toEqual([name, dollars(view.payable)]);
      expect(told(lines, 'Bonuses')).toBe(dollars(view.bonuses));
      expect(told(lines, 'Bonus')).toBeDefined();
      expect(told(lines, 'Overtime premium on bonus')).toBe(dollars(view.premium));
      const figures = view.wageFigures as { baseWage: string | null } | null;
      if (figures?.baseWage) expect(told(lines, 'Base wage')).toBe(`$${figures.baseWage} per hour`);
    }
  });

  it('tells what stands behind a line: budget, hours, shares, weeks of the premium, and when it was worked out', async () => {
    const lines = (await pdf('ann')).pages.flat();
    expect(told(lines, 'Worker')).toBe("Ann O'Neil");
    expect(told(lines, 'Pay period')).toBe('Mar 9, 2026 to Mar 22, 2026');
    expect(told(lines, 'Pay date')).toBe('Mar 30, 2026');
    expect(told(lines, 'Status')).toBe('Paid');
    expect(told(lines, 'Budget')).toBe('80.00 h');
    expect(told(lines, 'Actual')).toBe('60.00 h');
    expect(told(lines, 'Saved')).toBe('20.00 h');
    expect(told(lines, 'Savings')).toBe('$500.00');
    expect(told(lines, 'Pool')).toBe('share of savings 50%, crew 70%, crew lead 20%, manager 10%');
    expect(told(lines, 'Divided')).toBe('by hours');
    expect(told(lines, 'Your hours of the crew’s')).toBe('30.00 h of 60.00 h');
    expect(told(lines, 'Your wages')).toBe('$25.00 per hour');
    expect(told(lines, 'Workweek from')).toBe('Mar 2, 2026');
    expect(told(lines, 'Hours worked')).toBe('50.00 h');
    expect(told(lines, 'Overtime')).toBe('10.00 h');
    expect(lines).toContain('Last calculated');
    expect(lines).toContain('Data as of');
    expect(lines.at(-1)).toBe("Bonus statement ST-2, Ann O'Neil · Page 1 / 1");
  });

  it('is in Spanish where that is asked for or set, with its dates, and with the tenant’s way to write hours', async () => {
    const lines = (await pdf('ann', 'es')).pages.flat();
    expect(lines[0]).toBe('Estado de bonos');
    expect(told(lines, 'Período de pago')).toBe('9 mar 2026 a 22 mar 2026');
    expect(told(lines, 'Prima de horas extra sobre el bono')).toBe('$8.75');
    const tenant = (await bench.api.call<{ values: object }>('GET', '/v1/settings/tenant')).body.values;
    await saveArea(bench, 'tenant', { ...tenant, language: 'es', hoursDisplay: 'h:mm', timeFormat: '24h' });
    const own = await document('ann', { format: 'pdf' });
    expect(own.headers['content-language']).toBe('es');
    expect(told(readPdf(own.body).pages.flat(), 'Presupuesto')).toBe('80:00 h');
    await saveArea(bench, 'tenant', tenant);
  });

  it('loses no letter of a name, whatever its script, and prints what it cannot show by number', async () => {
    const head = { title: 'T', language: 'en-US', footer: () => '' };
    for (const name of ['José Núñez', 'Łukasz Żółć', 'Şükrü İğne', 'Ştefan', 'Ευγενία', '张伟', 'Zoë 🛠 €5 — “ok”…', 'A\\B (C)']) {
      const text = renderPdf(head, [{ kind: 'title', text: name }]);
      expect(readPdf(text).pages[0]![0]).toBe(name);
      // ASCII alone, whatever it shows.
      expect(/^[\n -~]*$/.test(text)).toBe(true);
      expect(text).toBe(renderPdf(head, [{ kind: 'title', text: name }]));
    }
    expect(renderPdf(head, [{ kind: 'title', text: '张' }])).toContain('([U+5F20]) Tj');
  });

  it('goes on over as many pages as it takes, and breaks what is too long', async () => {
    const pairs = Array.from({ length: 200 }, (_, at) => ({ kind: 'pair' as const, label: `L${at}`, value: `V${at}` }));
    const long = { kind: 'pair' as const, label: 'Long', value: `${'word '.repeat(60)}${'x'.repeat(300)}` };
    const read = readPdf(
      renderPdf({ title: 'T', language: 'en-US', footer: (page, pages) => `${page}/${pages}` }, [...pairs, long]),
    );
    expect(read.pages.length).toBeGreaterThan(3);
    const lines = read.pages.flat();
    for (let at = 0; at < 200; at++) expect(told(lines, `L${at}`)).toBe(`V${at}`);
    expect(read.pages.map((page) => page.at(-1))).toEqual(read.pages.map((_, at) => `${at + 1}/${read.pages.length}`));
    expect(
      lines
        .slice(lines.indexOf('Long') + 1, -1)
        .join('')
        .replaceAll(' ', ''),
    ).toBe(long.value.replaceAll(' ', ''));
  });

  it('is its worker’s own, and those’s who see statements', async () => {
    const ann = { tokenId: await bench.api.grant('worker', { workerId: workerId('ann') }) };
    for (const format of ['pdf', 'csv']) {
      expect((await document('ann', { format }, ann)).status).toBe(200);
      expect((await document('bob', { format }, ann)).status).toBe(404);
      expect((await document('ann', { format }, { as: 'auditor' })).status).toBe(200);
    }
    const south = await bench.api.grant('manager', {
      scope: { branchIds: [idOf('branch', 'b2')], divisionIds: [], routeIds: [] },
    });
    expect((await document('ann', { format: 'pdf' }, { tokenId: south })).status).toBe(404);
    expect((await document('ann', { format: 'doc' })).status).toBe(400);
    expect((await document('ann', { format: 'pdf', language: 'fr' })).status).toBe(400);
  });
});

describe('a statement as a table', () => {
  it('has a row a line and a row a sum, with plain amounts, in both languages', async () => {
    for (const [language, total] of [
      ['en', 'Total'],
      ['es', 'Total'],
    ] as const) {
      const { headers, body } = await document('bob', { format: 'csv', language });
      expect(headers['content-type']).toBe('text/csv; charset=utf-8');
      expect(headers['x-checksum-sha256']).toBe(createHash('sha256').update(body).digest('hex'));
      const view = await json('bob');
      const rows = body.trim().split('\r\n');
      for (const { amount } of view.items) expect(rows.filter((row) => row.includes(`,${amount},`)).length).toBeGreaterThan(0);
      expect(rows.find((row) => row.includes(`,${total},,,`))).toContain(`,${view.payable},`);
    }
    expect((await document('max', { format: 'csv' })).body).toContain("'=Max");
    expect((await document('ann', { format: 'csv' })).body).toContain(',2026-03-02 to 2026-03-04,');
  });
});
