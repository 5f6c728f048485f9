import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CsvReader } from '#imports/read-csv.ts';
import { type Encoding, readText, UnusableFile } from '#imports/read-text.ts';
import { fileOf, importFile } from './importing.ts';

async function decode(bytes: Uint8Array, declared: Encoding | 'auto', chunk: number): Promise<string | number> {
  let text = '';
  try {
    for await (const piece of readText(fileOf(bytes, chunk)(), declared, { encoding: null, marked: false, bytes: 0 }))
      text += piece;
    return text;
  } catch (error) {
    if (error instanceof UnusableFile && error.reason.byteOffset !== undefined) return error.reason.byteOffset;
    throw error;
  }
}

const chunk = fc.integer({ min: 1, max: 9 });

it('any text comes back from any encoding in any chunks', async () => {
  // A mark in the text itself would be taken for the file's own.
  const words = fc
    .string({ unit: 'grapheme', maxLength: 40 })
    .filter((text) => text.isWellFormed() && !text.startsWith('\ufeff'));
  await fc.assert(
    fc.asyncProperty(words, chunk, async (text, size) => {
      expect(await decode(Buffer.from(text), 'utf-8', size)).toBe(text);
      expect(await decode(Buffer.from(`\ufeff${text}`), 'auto', size)).toBe(text);
      expect(await decode(Buffer.from(`\ufeff${text}`, 'utf16le'), 'auto', size)).toBe(text);
      expect(await decode(Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), 'auto', size)).toBe(text);
    }),
    { numRuns: 200 },
  );
});

it('any bytes are text, or the first that is not is named', async () => {
  const bytes = fc.array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc2, 0xe2, 0x82, 0xac, 0xed, 0xa0, 0xf0, 0x9f, 0xf4, 0x90, 0xff), {
    minLength: 3,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(bytes, chunk, async (list, size) => {
      const file = Uint8Array.from(list);
      const answer = await decode(file, 'utf-8', size);
      if (typeof answer === 'string') {
        expect(Buffer.from(answer)).toEqual(Buffer.from(file));
        return;
      }
      expect(isUtf8(file)).toBe(false);
      expect(isUtf8(file.subarray(0, answer))).toBe(true);
      for (let end = answer + 1; end <= Math.min(file.length, answer + 4); end += 1)
        expect(isUtf8(file.subarray(answer, end))).toBe(false);
    }),
    { numRuns: 500 },
  );
});

const cell = fc.string({ unit: fc.constantFrom('a', '1', ' ', ',', ';', '"', '\n', '\r', "'", 'é'), maxLength: 6 });
const form = { delimiter: ',', quote: '"', skipLines: 0, trim: false };

function split(text: string, size: number): readonly (readonly string[])[] {
  const reader = new CsvReader(form);
  const records = [];
  for (let at = 0; at < text.length; at += size) records.push(...reader.write(text.slice(at, at + size)));
  return [...records, ...reader.end()].map(({ cells }) => cells);
}

it('any table that is written by RFC 4180 is read back, with any ends of lines, in any pieces', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.array(cell, { minLength: 2, maxLength: 4 }), fc.constantFrom('\n', '\r\n', '\r'), fc.boolean()), {
        maxLength: 8,
      }),
      fc.boolean(),
      chunk,
      (rows, ended, size) => {
        const quoted = (text: string, always: boolean) =>
          always || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
        const text = rows
          .map(
            ([cells, end, always], at) =>
              cells.map((one) => quoted(one, always)).join(',') + (at < rows.length - 1 || ended ? end : ''),
          )
          .join('');
        expect(split(text, size)).toEqual(rows.map(([cells]) => cells).filter((cells) => cells.some((one) => one !== '')));
      },
    ),
    { numRuns: 500 },
  );
});

it('any file at all ends in rows or in a reason, the same in any chunks', async () => {
  const junk = fc.string({
    unit: fc.constantFrom('i', 'd', ',', 'n', 'a', 'm', 'e', '"', '\n', '\r\n', '1', '=', ' ', '\u0000', '💧'),
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(junk, fc.boolean(), chunk, async (text, headed, size) => {
      const content = headed ? `id,name\n${text}` : text;
      const whole = await importFile(content, 'branches');
      const pieces = await importFile(content, 'branches', {}, size);
      expect(pieces).toEqual(whole);
      const { records, ok, warning, error, parked } = whole.survey.counts;
      if (whole.survey.error === null) expect([whole.rows.length, ok + warning + error + parked]).toEqual([records, records]);
      else expect(whole.decision).toMatchObject({ apply: false, deletes: { kind: 'none' } });
    }),
    { numRuns: 300 },
  );
});
