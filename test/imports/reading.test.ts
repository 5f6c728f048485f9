import { describe, expect, it } from 'vitest';
import { surveyFile } from '#imports/import-file.ts';
import { CsvReader, findDelimiter } from '#imports/read-csv.ts';
import { readText, UnusableFile } from '#imports/read-text.ts';
import { fileOf, importFile, profileOf, requestOf } from './importing.ts';

async function decode(bytes: Uint8Array, declared: Parameters<typeof readText>[1], chunk: number) {
  const told = { encoding: null, marked: false, bytes: 0 };
  let text = '';
  for await (const piece of readText(fileOf(bytes, chunk)(), declared, told)) text += piece;
  return { text, ...told };
}

const SAMPLE = 'id,name\n1,Zoë 💧 “Müller” — №\n';
const swapped = Buffer.from(SAMPLE, 'utf16le').swap16();
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

describe('text of a file', () => {
  it.each([1, 2, 3, 5, 64])('is decoded whole in chunks of %i bytes, the mark left out', async (chunk) => {
    for (const [bytes, encoding, marked] of [
      [Buffer.from(SAMPLE), 'utf-8', false],
      [Buffer.concat([MARK, Buffer.from(SAMPLE)]), 'utf-8', true],
      [Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(SAMPLE, 'utf16le')]), 'utf-16le', true],
      [Buffer.concat([Buffer.from([0xfe, 0xff]), swapped]), 'utf-16be', true],
    ] as const)
      expect(await decode(bytes, 'auto', chunk)).toEqual({ text: SAMPLE, encoding, marked, bytes: bytes.length });
    expect((await decode(swapped, 'utf-16be', chunk)).text).toBe(SAMPLE);
  });

  it('reads Windows-1252, also what ISO-8859-1 has no letters for', async () => {
    const bytes = Buffer.from([0x80, 0x8a, 0x9f, 0x92, 0xe9, 0x41]);
    expect((await decode(bytes, 'windows-1252', 2)).text).toBe('€ŠŸ’éA');
  });

  it.each([1, 4, 4096])('names the byte at which a declared encoding breaks (chunks of %i)', async (chunk) => {
    const broken: readonly [Uint8Array, Parameters<typeof readText>[1], number][] = [
      [Buffer.concat([Buffer.from('naïve '), Buffer.from([0xe9, 0x20])]), 'utf-8', 7],
      [Buffer.concat([MARK, Buffer.from('abc'), Buffer.from([0xff])]), 'utf-8', 6],
      [Buffer.from([0x41, 0xc3]), 'utf-8', 1],
      [Buffer.from([0x41, 0xed, 0xa0, 0x80]), 'utf-8', 1],
      [Buffer.from([0x41, 0x42, 0x81]), 'windows-1252', 2],
      [Buffer.from([0x41, 0x00, 0x00, 0xdc, 0x41, 0x00]), 'utf-16le', 2],
      [Buffer.from([0x41, 0x00, 0x42]), 'utf-16le', 2],
      [Buffer.concat([MARK, Buffer.from('abc')]), 'windows-1252', 0],
    ];
    for (const [bytes, declared, byteOffset] of broken) {
      const failure = await decode(bytes, declared, chunk).catch((error: unknown) => error);
      expect(failure, `${declared} ${byteOffset}`).toBeInstanceOf(UnusableFile);
      expect((failure as UnusableFile).reason).toMatchObject({ code: 'BAD_ENCODING', byteOffset });
    }
  });

  it('takes what is no UTF-8 for Windows-1252 only where nothing is declared', async () => {
    const bytes = Buffer.from('id,name\n1,Müller\n', 'latin1');
    const read = await importFile(bytes, 'branches');
    expect([read.survey.encoding, read.records[0]?.fields]).toMatchObject(['windows-1252', { name: 'Müller' }]);
    const declared = profileOf({ ...MINIMAL, csv: { encoding: 'utf-8' } });
    expect((await importFile(bytes, declared)).survey.error).toMatchObject({ code: 'BAD_ENCODING', byteOffset: 11 });
  });
});

const MINIMAL = { profile: 'mine', version: 1, entity: 'branches', columns: { id: { from: 'id' }, name: { from: 'name' } } };
const FORM = { delimiter: ',', quote: '"', skipLines: 0, trim: true };

function split(text: string, chunk: number, form: Partial<typeof FORM> = {}) {
  const reader = new CsvReader({ ...FORM, ...form });
  const records = [];
  for (let at = 0; at < text.length; at += chunk) records.push(...reader.write(text.slice(at, at + chunk)));
  records.push(...reader.end());
  return { records, blankLines: reader.blankLines };
}

describe('records of a file', () => {
  it.each([1, 2, 3, 7, 1000])('end at LF, CRLF or CR, and keep what quotes protect (pieces of %i)', (chunk) => {
    const text = 'a,b\r\n1,"x, ""y""\r\nz"\r\r\n \n2,it"s\n,\n3, " q " \n"4",last';
    expect(split(text, chunk)).toEqual({
      records: [
        { line: 1, cells: ['a', 'b'] },
        { line: 2, cells: ['1', 'x, "y"\r\nz'] },
        { line: 6, cells: ['2', 'it"s'] },
        { line: 8, cells: ['3', ' q '] },
        { line: 9, cells: ['4', 'last'] },
      ],
      blankLines: 3,
    });
  });

  it.each([1, 5, 1000])('skips lines before the header, and counts them (pieces of %i)', (chunk) => {
    expect(split('report "of\r\nno, use\r\na,b\n', chunk, { skipLines: 2 }).records).toEqual([{ line: 3, cells: ['a', 'b'] }]);
  });

  it('keeps blanks where the profile does not trim', () => {
    expect(split(' a , "b"\n', 1000, { trim: false }).records[0]?.cells).toEqual([' a ', ' "b"']);
  });

  it('names the line on which a quote opens that is never closed', async () => {
    const text = `id,name\n1,good\n2,"never ends\n${'3,more\n'.repeat(20_000)}`;
    const { survey, decision } = await importFile(text, 'branches');
    expect(survey.error).toMatchObject({ code: 'UNCLOSED_QUOTE', line: 3 });
    expect(decision).toMatchObject({ apply: false, deletes: { kind: 'none' }, reasons: ['file_error'] });
  });

  it('takes cells of up to 32 KB and refuses a file with a larger one', async () => {
    const row = (size: number) => `id,name\n1,"${'x'.repeat(size)}"\n`;
    expect((await importFile(row(32 * 1024), 'branches')).survey.error).toBeNull();
    expect((await importFile(row(32 * 1024 + 1), 'branches')).survey.error).toMatchObject({ code: 'CELL_TOO_LARGE', line: 2 });
    const wide = `id,name\n1,${'é'.repeat(16 * 1024 + 1)}\n`;
    expect((await importFile(wide, 'branches', {}, 3)).survey.error?.code).toBe('CELL_TOO_LARGE');
  });

  it('bounds the cells of a record', async () => {
    const read = await importFile(`id,name\n1,a\n${','.repeat(5_000)}\n`, 'branches');
    expect(read.survey.error).toMatchObject({ code: 'TOO_LARGE', line: 3 });
  });

  it('finds the delimiter that splits the header into most cells and the records alike', () => {
    const find = (text: string) => findDelimiter(text, FORM, true);
    expect(find('id;name\n1;a, b, c\n2;d\n')).toBe(';');
    expect(find('id\tname\n1\tx\n')).toBe('\t');
    expect(find('a|b|c\n1|2|3\n')).toBe('|');
    expect(find('id,"a;b;c;d"\n1,x\n')).toBe(',');
    expect(find('a;b,c;d\n1;2,5;3\n')).toBe(';');
    expect(find('name\nx\n')).toBe(',');
    expect(find('')).toBe(',');
  });
});

describe('a file as a whole', () => {
  it('may have a mark, CRLF, semicolons and no end of line', async () => {
    const bytes = Buffer.concat([MARK, Buffer.from('ID;Name\r\n007;North\r\n8;"South; ""old"""')]);
    const { survey, records } = await importFile(bytes, 'branches', {}, 1);
    expect(survey).toMatchObject({ error: null, encoding: 'utf-8', delimiter: ';', counts: { records: 2, ok: 2 } });
    expect(records.map(({ sourceId, fields }) => [sourceId, (fields as { name: string }).name])).toEqual([
      ['007', 'North'],
      ['8', 'South; "old"'],
    ]);
  });

  it('needs a header with the required columns, each once', async () => {
    const error = async (text: string) => (await importFile(text, 'branches')).survey.error;
    expect(await error('')).toMatchObject({ code: 'MISSING_HEADER' });
    expect(await error('\n\n')).toMatchObject({ code: 'MISSING_HEADER' });
    expect(await error('1,North\n2,South\n')).toMatchObject({ code: 'MISSING_COLUMN', column: 'id' });
    expect(await error('id,name,NAME \n1,a,b\n')).toMatchObject({ code: 'DUPLICATE_HEADER', column: 'NAME' });
    expect(await error('ID , time zone,TIME_ZONE,name\n')).toMatchObject({ code: 'DUPLICATE_HEADER' });
    expect(await error('id,name,note,note\n1,a,x,y\n')).toBeNull();
  });

  it('matches headers whatever their case and blanks, and tells of each column that nobody named', async () => {
    const { survey, records } = await importFile(' ID ,NAME,Time  Zone,Note,\n1,N,America/Denver,x,\n', 'branches');
    expect(records[0]?.fields).toMatchObject({ zone: 'America/Denver' });
    expect(survey.warnings.map(({ code, column }) => [code, column])).toEqual([
      ['UNNAMED_COLUMN', 'Note'],
      ['UNNAMED_COLUMN', 'column 5'],
    ]);
  });

  it('is read by number where it has no header', async () => {
    const profile = profileOf({ ...MINIMAL, csv: { header: 'none' }, columns: { id: { from: 2 }, name: { from: 1 } } });
    const { records } = await importFile('North,1\nSouth,2\n', profile);
    expect(records.map(({ sourceId }) => sourceId)).toEqual(['1', '2']);
    expect((await importFile('', profile)).decision).toMatchObject({ apply: true, held: true, deletes: { kind: 'everything' } });
  });

  it('is refused above 50 MB', async () => {
    const chunk = Buffer.alloc(1 << 20, 'x');
    const open = async function* () {
      yield Buffer.from('id,name\n1,"');
      for (let at = 0; at < 50; at += 1) yield chunk;
    };
    expect((await surveyFile(open, requestOf('branches'))).survey.error?.code).toBe('TOO_LARGE');
  });
});
