import { bindHeader, type Layout } from './bind-header.ts';
import type { OpenFile } from './outcome.ts';
import type { Profile } from './profile.ts';
import { CsvReader, type CsvRecord, findDelimiter } from './read-csv.ts';
import { type DecodedAs, type Encoding, readText, UnusableFile } from './read-text.ts';

/** The most records that are read from a file (M-70). */
export const MAX_RECORDS = 1_000_000;
/** The delimiter is looked for in this much of the file. */
const SAMPLE_LENGTH = 128 * 1024;

/** What is found out about the form of a file while it is read; the second reading starts with what the first has found. */
export interface FileForm extends DecodedAs {
  delimiter: string | null;
  blankLines: number;
}

export interface RecordBatch {
  readonly layout: Layout;
  readonly records: readonly CsvRecord[];
  /** Number of the first of them. */
  readonly from: number;
}

/**
 * The records of a file behind its header, piece by piece, numbered from 1. Throws an UnusableFile. `encoding`: as found before, or as the
 * profile declares it.
 */
export async function* readRecords(
  open: OpenFile,
  profile: Profile,
  encoding: Encoding | 'auto',
  form: FileForm,
): AsyncGenerator<RecordBatch> {
  const { quote, skipLines, trim, header } = profile.csv;
  const plain = { quote, skipLines, trim };
  let reader: CsvReader | null = null;
  let layout = header === 'none' ? bindHeader(null, profile) : null;
  let count = 0;
  const batch = (found: readonly CsvRecord[]): RecordBatch | null => {
    let records = found;
    if (layout === null && records.length > 0) {
      layout = bindHeader(records[0]!.cells, profile);
      records = records.slice(1);
    }
    const from = count + 1;
    count += records.length;
    if (count > MAX_RECORDS) throw new UnusableFile({ code: 'TOO_MANY_ROWS', message: 'the file has more than 1,000,000 rows' });
    form.blankLines = reader!.blankLines;
    return layout === null ? null : { layout, records, from };
  };
  const begin = (sample: string, whole: boolean): CsvReader => {
    form.delimiter ??= profile.csv.delimiter === 'auto' ? findDelimiter(sample, plain, whole) : profile.csv.delimiter;
    return new CsvReader({ ...plain, delimiter: form.delimiter });
  };

  let waiting = '';
  for await (const text of readText(open(), encoding, form)) {
    if (reader === null) {
      waiting += text;
      if (form.delimiter === null && waiting.length < SAMPLE_LENGTH) continue;
      reader = begin(waiting, false);
    }
    const ready = batch(reader.write(waiting === '' ? text : waiting));
    waiting = '';
    if (ready !== null) yield ready;
  }
  if (reader === null) {
    reader = begin(waiting, true);
    const ready = batch(reader.write(waiting));
    if (ready !== null) yield ready;
  }
  const last = batch(reader.end());
  if (last === null) throw new UnusableFile({ code: 'MISSING_HEADER', message: 'the file is empty: it has not even a header' });
  yield last;
}
