import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { inProject, projectRoot } from '#tools/project.ts';
import { type NumberUse, numberUses } from './support/number-uses.ts';

/** Where money and time are kept, decided and answered. */
const ROOMS = [
  'shared/kernel/',
  'shared/bonus/',
  'shared/model/',
  'shared/pay/',
  'functions/bonus/',
  'functions/api/bonus/',
  'functions/api/goals/',
];

/** The few files that divide, round or convert numbers, and why each of them stays exact. */
const ALLOWED: Readonly<Record<string, { readonly uses: readonly NumberUse[]; readonly because: string }>> = {
  'shared/kernel/allocate.ts': {
    uses: ['division', 'rounding', 'conversion'],
    because: 'a double quotient of safe integers is put right by its exact remainder; beyond them big integers divide',
  },
  'shared/kernel/fraction.ts': {
    uses: ['conversion'],
    because: 'big integers in the safe range become numbers for the remainders of gcd',
  },
  'shared/bonus/exact.ts': {
    uses: ['division', 'rounding', 'conversion'],
    because: 'the same, for one ratio; big integers become numbers only after a check of the safe range',
  },
  'shared/kernel/money.ts': { uses: ['conversion'], because: 'a big integer becomes a number, then is checked to be safe' },
  'shared/kernel/decimal.ts': {
    uses: ['division', 'conversion'],
    because: 'halves an even unit of hours; reads exponents; compares a double with its text to find digits it would lose',
  },
  'shared/kernel/instant.ts': {
    uses: ['division', 'rounding', 'conversion'],
    because: 'whole days, weeks and clock parts out of safe integers; digits matched by a pattern',
  },
  'shared/kernel/zone.ts': {
    uses: ['division', 'rounding', 'conversion'],
    because: 'whole days and minutes out of safe integers; offsets are multiples of a second; digits matched by a pattern',
  },
  'shared/kernel/period.ts': {
    uses: ['division', 'rounding', 'conversion'],
    because: 'whole periods out of day and month numbers; digits of a checked date',
  },
  'shared/kernel/ids.ts': { uses: ['division', 'rounding'], because: 'digits of an id out of a safe integer, no amount' },
  'shared/model/ids.ts': { uses: ['conversion'], because: 'counters in ids, matched as digits, no amount' },
  'shared/model/propay-item.ts': { uses: ['conversion'], because: 'the version of a stored item, no amount' },
  'functions/bonus/daily.ts': { uses: ['conversion'], because: 'the hour of a clock, no amount' },
  'shared/bonus/inputs/wages.ts': { uses: ['conversion'], because: 'the revision of a wage record, no amount' },
};

const places = numberUses(inProject('tsconfig.json'), (path) =>
  ROOMS.some((room) => path.startsWith(join(projectRoot, room))),
).map((place) => ({ ...place, path: place.path.slice(projectRoot.length) }));

describe('money and time are exact integers', () => {
  test('nothing outside the list divides, rounds or converts a number', () => {
    const wrong = places.filter(({ path, use }) => !ALLOWED[path]?.uses.includes(use));
    expect(wrong.map(({ path, line, use, text }) => `${path}:${line} ${use}: ${text}`)).toEqual([]);
  });

  test('the list names no more than there is', () => {
    const used = new Set(places.map(({ path, use }) => `${path} ${use}`));
    const stale = Object.entries(ALLOWED).flatMap(([path, { uses }]) => uses.map((use) => `${path} ${use}`));
    expect(stale.filter((one) => !used.has(one))).toEqual([]);
  });
});

describe('the search finds what it is for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'protiv-numbers-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const head = 'export const f = (cents: number, big: bigint, text: string, list: number[], whole: number | bigint) =>';
  const found = (snippets: readonly string[]): readonly (NumberUse | null)[] => {
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { target: 'es2024' }, include: ['*.ts'] }));
    for (const [index, snippet] of snippets.entries())
      writeFileSync(join(folder, `snippet-${index}.ts`), `${head} ${snippet};\n`);
    const uses = numberUses(join(folder, 'tsconfig.json'), (path) => path.includes('snippet-'));
    return snippets.map((_, index) => uses.find(({ path }) => path.endsWith(`/snippet-${index}.ts`))?.use ?? null);
  };

  test('every way from an integer to something else', () => {
    const bad: readonly (readonly [string, NumberUse])[] = [
      ['cents * 0.5', 'literal'],
      ['cents * 1e-2', 'literal'],
      ['cents / 2', 'division'],
      ['(cents /= 2)', 'division'],
      ['Number(big) / 2', 'division'],
      ['cents ** cents', 'division'],
      ['Math.round(cents)', 'rounding'],
      ['Math.trunc(cents)', 'rounding'],
      ['list.map(Math.floor)', 'rounding'],
      ['Math.sqrt(cents)', 'rounding'],
      ['Number(text)', 'conversion'],
      ['Number(big)', 'conversion'],
      ['[text].map(Number)', 'conversion'],
      ['+text', 'conversion'],
      ['parseFloat(text)', 'decimals'],
      ['Number.parseFloat(text)', 'decimals'],
      ['cents.toFixed(2)', 'decimals'],
    ];
    expect(found(bad.map(([snippet]) => snippet))).toEqual(bad.map(([, use]) => use));
  });

  test('and nothing else', () => {
    const good = [
      'cents * 2 - (cents % 3)',
      'big / 2n',
      '(big + BigInt(cents)) / 3n',
      'big ** 2n',
      'Math.max(0, Math.abs(cents))',
      'Number.isSafeInteger(cents)',
      'BigInt(whole) * 1_000_000n',
      '`cents / 2 is 0.5`',
      'text.replace(/cents\\/2/, "0.5") /* cents / 2 */',
      '-cents',
    ];
    expect(found(good)).toEqual(good.map(() => null));
  });
});
