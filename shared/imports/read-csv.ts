import { UnusableFile } from './read-text.ts';

/** One record of a file: where it begins, and its cells. */
export interface CsvRecord {
  /** Physical line, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvForm {
  readonly delimiter: string;
  readonly quote: string;
  readonly skipLines: number;
  /** Blanks around a cell that is not quoted do not count. What stands inside quotes is kept as it is. */
  readonly trim: boolean;
}

/** One cell at most (M-70), in bytes of UTF-8. */
const MAX_CELL_BYTES = 32 * 1024;
/** No table is so wide; the bound keeps a file of delimiters alone from filling the memory. */
const MAX_CELLS = 5_000;
const LF = 10;
const CR = 13;
const BLANK = 32;

/**
 * Splits text into records, piece by piece (RFC 4180): LF, CRLF or CR ends a record, also mixed; inside quotes it belongs to the value;
 * a quote that does not begin a cell stands for itself. Lines of blanks and records of empty cells are skipped and counted.
 */
export class CsvReader {
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #quoteText: string;
  readonly #trim: boolean;
  #skipLines: number;
  /** Physical line being read, and where the record and the quoted cell began. */
  #line = 1;
  #recordLine = 1;
  #quoteLine = 0;
  #state: 'start' | 'plain' | 'quoted' | 'closing' = 'start';
  #cells: string[] = [];
  /** What earlier pieces hold of the cell being read. */
  #held = '';
  #wasQuoted = false;
  #afterCr = false;
  #tooLargeLine = 0;
  #records: CsvRecord[] = [];
  blankLines = 0;

  constructor({ delimiter, quote, skipLines, trim }: CsvForm) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#quote = quote.charCodeAt(0);
    this.#quoteText = quote;
    this.#trim = trim;
    this.#skipLines = skipLines;
  }

  /** The records that end in this piece of the file. */
  write(text: string): readonly CsvRecord[] {
    let at = this.#skip(text);
    let start = at;
    while (at < text.length) {
      const unit = text.charCodeAt(at);
      if (this.#afterCr) {
        this.#afterCr = false;
        if (unit === LF) {
          at += 1;
          start = at;
          continue;
        }
      }
      if (this.#state === 'quoted') {
        const end = this.#toQuote(text, at);
        if (end === -1) {
          this.#hold(text.slice(start));
          return this.#take();
        }
        this.#hold(text.slice(start, end));
        this.#state = 'closing';
        at = end + 1;
        start = at;
      } else if (this.#state === 'closing' && unit === this.#quote) {
        this.#hold(this.#quoteText);
        this.#state = 'quoted';
        at += 1;
        start = at;
      } else if (unit === this.#delimiter) {
        this.#endCell(text, start, at);
        at += 1;
        start = at;
      } else if (unit === LF || unit === CR) {
        this.#endCell(text, start, at);
        this.#endRecord();
        this.#afterCr = unit === CR;
        this.#line += 1;
        this.#recordLine = this.#line;
        at += 1;
        start = at;
      } else if (this.#state === 'start' && unit === this.#quote) {
        this.#state = 'quoted';
        this.#wasQuoted = true;
        this.#quoteLine = this.#line;
        this.#held = '';
        at += 1;
        start = at;
      } else {
        // Blanks before an opening quote leave the cell unbegun, and blanks behind a closing one are not part of it.
        const blank = this.#trim && unit === BLANK && this.#state !== 'plain';
        if (!blank) this.#state = 'plain';
        at += 1;
        if (blank && this.#wasQuoted) start = at;
      }
    }
    if (start < text.length) this.#hold(text.slice(start));
    return this.#take();
  }

  /** The last record, where its line has no end. Throws an UnusableFile where a quote was never closed. */
  end(): readonly CsvRecord[] {
    if (this.#state === 'quoted') {
      const line = this.#quoteLine;
      throw new UnusableFile({ code: 'UNCLOSED_QUOTE', message: `the quote that opens in line ${line} is never closed`, line });
    }
    if (this.#cells.length > 0 || this.#held !== '' || this.#wasQuoted) {
      this.#endCell('', 0, 0);
      this.#endRecord();
    }
    return this.#take();
  }

  /** Leaves out the first lines, whatever they hold. */
  #skip(text: string): number {
    let at = 0;
    while (this.#skipLines > 0 && at < text.length) {
      const unit = text.charCodeAt(at);
      at += 1;
      if (this.#afterCr && unit === LF) {
        this.#afterCr = false;
        continue;
      }
      this.#afterCr = unit === CR;
      if (unit !== LF && unit !== CR) continue;
      this.#skipLines -= 1;
      this.#line += 1;
      this.#recordLine = this.#line;
    }
    return at;
  }

  /** The next quote, counting the lines before it; -1 where there is none. */
  #toQuote(text: string, from: number): number {
    for (let at = from; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit === this.#quote) return at;
      if (unit === CR || (unit === LF && !this.#crBefore(text, at))) this.#line += 1;
    }
    return -1;
  }

  #crBefore(text: string, at: number): boolean {
    return (at === 0 ? this.#held.charCodeAt(this.#held.length - 1) : text.charCodeAt(at - 1)) === CR;
  }

  /** Keeps part of a cell that goes on. Of one that is too large only the end: it will not be used. */
  #hold(part: string): void {
    this.#held = this.#held === '' ? part : this.#held + part;
    if (this.#held.length > MAX_CELL_BYTES) {
      if (this.#tooLargeLine === 0) this.#tooLargeLine = this.#quoteLine > 0 ? this.#quoteLine : this.#recordLine;
      this.#held = this.#held.slice(-1);
    }
  }

  #endCell(text: string, start: number, end: number): void {
    if (start < end || this.#held !== '') this.#hold(text.slice(start, end));
    let cell = this.#held;
    if (this.#trim && !this.#wasQuoted) cell = cell.trim();
    if (cell.length * 3 > MAX_CELL_BYTES && Buffer.byteLength(cell) > MAX_CELL_BYTES && this.#tooLargeLine === 0)
      this.#tooLargeLine = this.#recordLine;
    // Told where the quotes around it are closed: a quote that never is would be the better reason.
    if (this.#tooLargeLine > 0) {
      const line = this.#tooLargeLine;
      throw new UnusableFile({ code: 'CELL_TOO_LARGE', message: `a cell of line ${line} is larger than 32 KB`, line });
    }
    if (this.#cells.length >= MAX_CELLS) {
      const line = this.#recordLine;
      throw new UnusableFile({ code: 'TOO_LARGE', message: `line ${line} has more than ${MAX_CELLS} cells`, line });
    }
    this.#cells.push(cell);
    this.#held = '';
    this.#wasQuoted = false;
    this.#quoteLine = 0;
    this.#state = 'start';
  }

  #endRecord(): void {
    const cells = this.#cells;
    this.#cells = [];
    if (cells.every((cell) => cell === '')) this.blankLines += 1;
    else this.#records.push({ line: this.#recordLine, cells });
  }

  #take(): readonly CsvRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
const SAMPLE_RECORDS = 20;

/**
 * The delimiter of a file by its first records: the one that splits the header into most cells and all the others alike. `whole`: the
 * text is all of the file, so that its last record is complete.
 */
export function findDelimiter(text: string, form: Omit<CsvForm, 'delimiter'>, whole: boolean): string {
  let best: string = DELIMITERS[0];
  let bestCells = 1;
  let bestConsistent = false;
  for (const delimiter of DELIMITERS) {
    const records = sample(text, { ...form, delimiter }, whole);
    const cells = records[0]?.cells.length ?? 0;
    const consistent = records.every((record) => record.cells.length === cells);
    if (cells < 2 || (bestConsistent && !consistent)) continue;
    if (cells > bestCells || (consistent && !bestConsistent)) {
      best = delimiter;
      bestCells = cells;
      bestConsistent = consistent;
    }
  }
  return best;
}

function sample(text: string, form: CsvForm, whole: boolean): readonly CsvRecord[] {
  const reader = new CsvReader(form);
  try {
    const records = reader.write(text);
    return (whole ? [...records, ...reader.end()] : records).slice(0, SAMPLE_RECORDS);
  } catch (error) {
    // A file that cannot be split so is not of this form.
    if (error instanceof UnusableFile) return [];
    throw error;
  }
}
