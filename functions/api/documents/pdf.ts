import { EXTENDED_DIFFERENCES } from './pdf-fonts.ts';
import { linesOf, runsOf, textString, utf16, widthOfText } from './pdf-text.ts';

/** A part of a document, from its top to its bottom. */
export type Block =
  | { readonly kind: 'title' | 'heading'; readonly text: string; readonly right?: string }
  | { readonly kind: 'pair'; readonly label: string; readonly value: string; readonly strong?: boolean }
  | { readonly kind: 'note'; readonly text: string };

/** What a document is called, in which language it is, and what stands below each of its pages. */
export interface DocumentHead {
  readonly title: string;
  readonly language: string;
  readonly footer: (page: number, pages: number) => string;
}

/** A page of US letter paper, in points. */
const [WIDTH, HEIGHT, MARGIN] = [612, 792, 54];
/** Thousandths of a point between the margins. */
const LINE_WIDTH = (WIDTH - 2 * MARGIN) * 1_000;
const INDENT = 12;
const SIZES = { title: 16, heading: 11, pair: 9, note: 8 } as const;
/** Points from one line to the next. */
const LEADING = { title: 24, heading: 20, pair: 12, note: 11 } as const;
/** A heading does not stand at the foot of a page alone. */
const KEEP_WITH_HEADING = 36;

/** Sets a document (PDF 1.4). The same blocks give the same bytes, and all of these are ASCII. */
export function renderPdf({ title, language, footer }: DocumentHead, blocks: readonly Block[]): string {
  const pages = setPages(blocks);
  const contents = pages.map((page, at) =>
    [...page, ...shownAt(MARGIN, 30, footer(at + 1, pages.length), SIZES.note, false)].join('\n'),
  );
  const fonts = ['Helvetica', 'Helvetica-Bold'].flatMap((name) => [`/BaseFont /${name} /Encoding /WinAnsiEncoding`]);
  const extended = ['Helvetica', 'Helvetica-Bold'].map(
    (name) =>
      `/BaseFont /${name} /Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences ${EXTENDED_DIFFERENCES} >>`,
  );
  const FIRST_PAGE = 8;
  const kids = pages.map((_, at) => `${FIRST_PAGE + 2 * at} 0 R`);
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R /Lang (${language}) >>`,
    `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${pages.length} >>`,
    `<< /Title ${textString(title)} >>`,
    ...[...fonts, ...extended].map((font) => `<< /Type /Font /Subtype /Type1 ${font} >>`),
    ...contents.flatMap((content, at) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${WIDTH} ${HEIGHT}] /Contents ${FIRST_PAGE + 2 * at + 1} 0 R ` +
        '/Resources << /Font << /F1 4 0 R /F2 5 0 R /F3 6 0 R /F4 7 0 R >> >> >>',
      `<< /Length ${content.length + 1} >>\nstream\n${content}\nendstream`,
    ]),
  ];
  return written(objects);
}

/** The objects one after the other with the table that says where each begins. */
function written(objects: readonly string[]): string {
  let text = '%PDF-1.4\n';
  const starts = objects.map((object, at) => {
    const start = text.length;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return start;
  });
  const table = ['0000000000 65535 f ', ...starts.map((start) => `${String(start).padStart(10, '0')} 00000 n `)];
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 3 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
  return `${text}xref\n0 ${table.length}\n${table.join('\n')}\n${trailer}`;
}

/** The blocks on pages, each a list of what is drawn. */
function setPages(blocks: readonly Block[]): readonly (readonly string[])[] {
  const pages: string[][] = [[]];
  let y = HEIGHT - MARGIN;
  const take = (points: number, needs = points): number => {
    if (y - needs < MARGIN) {
      pages.push([]);
      y = HEIGHT - MARGIN;
    }
    y -= points;
    return y;
  };
  for (const block of blocks) {
    const size = SIZES[block.kind];
    const leading = LEADING[block.kind];
    const draw = (...operators: readonly string[]): void => void pages.at(-1)!.push(...operators);
    if (block.kind === 'note') {
      for (const line of linesOf(block.text, size, false, LINE_WIDTH)) draw(...shownAt(MARGIN, take(leading), line, size, false));
    } else if (block.kind === 'pair') {
      const { label, value, strong = false } = block;
      const indent = MARGIN + INDENT;
      const room = LINE_WIDTH - INDENT * 1_000;
      const isShort = widthOfText(label, size, strong) + widthOfText(value, size, strong) + 8_000 <= room;
      const at = take(leading);
      draw(...shownAt(indent, at, label, size, strong));
      if (isShort) draw(...shownRight(at, value, size, strong));
      // What does not fit beside its label stands below it.
      else
        for (const line of linesOf(value, size, strong, room - INDENT * 1_000))
          draw(...shownAt(indent + INDENT, take(leading), line, size, strong));
    } else {
      const { text, right } = block;
      const rightWidth = right === undefined ? 0 : widthOfText(right, size, true) + 12_000;
      const [first = '', ...more] = linesOf(text, size, true, LINE_WIDTH - rightWidth);
      const at = take(leading, leading + KEEP_WITH_HEADING);
      if (block.kind === 'heading') draw(`0.7 G 0.5 w ${MARGIN} ${at + 13} m ${WIDTH - MARGIN} ${at + 13} l S`);
      draw(...shownAt(MARGIN, at, first, size, true));
      if (right !== undefined) draw(...shownRight(at, right, size, true));
      for (const line of more) draw(...shownAt(MARGIN, take(size + 3), line, size, true));
    }
  }
  return pages;
}

/** Text that ends at the right margin. */
function shownRight(y: number, text: string, size: number, bold: boolean): readonly string[] {
  return shownAt(points((WIDTH - MARGIN) * 1_000 - widthOfText(text, size, bold)), y, text, size, bold);
}

/** Text that begins at a place, in whatever fonts it takes. */
function shownAt(x: number | string, y: number, text: string, size: number, bold: boolean): readonly string[] {
  const shown = runsOf(text, bold).flatMap(({ font, shown: characters, actual }) => {
    const run = `/${font} ${size} Tf (${characters}) Tj`;
    return actual === null ? [run] : [`/Span << /ActualText <FEFF${utf16(actual)}> >> BDC ${run} EMC`];
  });
  return shown.length === 0 ? [] : [`BT ${x} ${y} Td`, ...shown, 'ET'];
}

/** Thousandths of a point as a number of PDF. */
function points(thousandths: number): string {
  return `${Math.floor(thousandths / 1_000)}.${String(thousandths % 1_000).padStart(3, '0')}`;
}
