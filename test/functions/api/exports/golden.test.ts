import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCents } from '#kernel/money.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { exportDesk, GENERIC, seedPaidPeriod, target } from '#test/support/export-world.ts';

/** One paid period as every payroll gets it, byte for byte (B-225 to B-231). */

let bench: BonusBench;
let desk: ReturnType<typeof exportDesk>;
beforeAll(async () => {
  bench = await startBonusBench();
  desk = exportDesk(bench);
  await seedPaidPeriod(bench);
});
afterAll(() => bench.stop());

const goldenPath = (name: string): URL => new URL(`golden/${name}.csv`, import.meta.url);
const golden = (name: string): string => readFileSync(goldenPath(name), 'utf8');
const PAYCOM = ['Employee ID', 'Earning Code', 'Dollars', 'Hours', 'Date'];
const CASES: readonly (readonly [name: string, targetName: string, settings: object])[] = [
  ['generic-plus-premium', 'generic', GENERIC.generic],
  ['generic-bonus-only', 'generic', target('bonus_only', { codes: {} })],
  ['generic-by-workweek', 'generic', target('bonus_by_workweek', { codes: { bonus: 'BONUS' } })],
  ['gusto-bonus-only', 'gusto', target('bonus_only', { codes: {} })],
  ['gusto-plus-premium', 'gusto', target('bonus_plus_premium', { codes: {} })],
  ['adp-plus-premium', 'adp', target('bonus_plus_premium', { template: { companyCode: 'AC' } })],
  ['adp-bonus-only', 'adp', target('bonus_only', { template: { companyCode: 'ACM' } })],
  ['paychex-by-workweek', 'paychex', target('bonus_by_workweek', { template: { companyCode: '0070X123' } })],
  ['quickbooks-plus-premium', 'quickbooks', target('bonus_plus_premium', { codes: {} })],
  ['paycom-plus-premium', 'paycom', target('bonus_plus_premium', { template: { columns: PAYCOM } })],
];

describe.each(CASES)('%s', (name, targetName, settings) => {
  it('is the file that is kept here, and its worksheet', async () => {
    await desk.targets({ [targetName]: settings });
    const prepared = await desk.prepare({ target: targetName });
    expect(prepared.status, JSON.stringify(prepared.body)).toBe(201);
    expect(prepared.body.preflight.filter(({ severity }) => severity === 'error')).toEqual([]);
    const { id } = prepared.body;
    const made = await desk.make(id);
    const downloads = Object.fromEntries(
      await Promise.all(made.body.files.map(async ({ part }) => [part, await desk.file(id, part)] as const)),
    );
    // Free for the next case, whatever comes of this one.
    expect((await desk.cancel(id)).body.status).toBe('Canceled');
    for (const { part, name: fileName, checksum } of made.body.files) {
      const { body, headers } = downloads[part]!;
      expect(headers['content-disposition']).toBe(`attachment; filename="${fileName}"`);
      expect(createHash('sha256').update(body).digest('hex')).toBe(checksum);
      const reference = new RegExp(made.body.reference.replace('-', '-?'), 'g');
      expect(body.replaceAll(reference, 'EX-N')).toBe(golden(part === 'file' ? name : `${name}.worksheet`));
    }
    expect(made.body.checksum).toBe(made.body.files[0]!.checksum);
    expect(made.body.files.some(({ part }) => part === 'worksheet')).toBe(existsSync(goldenPath(`${name}.worksheet`)));
    // Nothing is lost between the two, and nothing is in both.
    expect(made.body.files.reduce((sum, { total }) => sum + parseCents(total)!, 0)).toBe(parseCents(made.body.total));
  });
});
