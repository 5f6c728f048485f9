/** A reader of PDF documents, made from the format's own description: it follows the table of objects and gives each page's text. */

/** Names of letters with an accent, as far as our documents use them: the letter, then the accent. */
const ACCENTS: Readonly<Record<string, string>> = {
  ...{ acute: '\u0301', breve: '\u0306', macron: '\u0304', ogonek: '\u0328', caron: '\u030c', commaaccent: '\u0326' },
  ...{ cedilla: '\u0327', hungarumlaut: '\u030b', ring: '\u030a', dotaccent: '\u0307' },
};
const SPECIAL: Readonly<Record<string, string>> = { Lslash: 'Ł', lslash: 'ł', Dcroat: 'Đ', dcroat: 'đ', dotlessi: 'ı' };

export interface ReadPdf {
  readonly title: string;
  readonly language: string;
  /** The lines of each page, in the order in which they are drawn. */
  readonly pages: readonly (readonly string[])[];
}

export function readPdf(text: string): ReadPdf {
  if (!text.startsWith('%PDF-1.4\n') || !text.endsWith('%%EOF\n')) throw new Error('no document');
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)![1]);
  const table = text.slice(start).split('\n');
  if (table[0] !== 'xref') throw new Error('startxref leads to no table');
  const count = Number(table[1]!.split(' ')[1]);
  const object = (n: number): string => {
    const at = Number(table[2 + n]!.slice(0, 10));
    const head = `${n} 0 obj\n`;
    if (!text.startsWith(head, at)) throw new Error(`object ${n} is not where the table says`);
    return text.slice(at + head.length, text.indexOf('\nendobj\n', at));
  };
  const ref = (from: string, key: string): number => Number(new RegExp(`/${key} (\\d+) 0 R`).exec(from)![1]);
  const trailer = text.slice(text.lastIndexOf('trailer'));
  if (!trailer.includes(`/Size ${count} `)) throw new Error('the trailer counts otherwise');
  const catalog = object(ref(trailer, 'Root'));
  const kids = [.../\[(.*)\]/.exec(object(ref(catalog, 'Pages')))![1]!.matchAll(/(\d+) 0 R/g)].map(([, n]) => Number(n));
  return {
    title: utf16(/\/Title <([0-9A-F]+)>/.exec(object(ref(trailer, 'Info')))![1]!),
    language: /\/Lang \(([^)]*)\)/.exec(catalog)![1]!,
    pages: kids.map((kid) => {
      const page = object(kid);
      const stream = object(ref(page, 'Contents'));
      const length = Number(/\/Length (\d+)/.exec(stream)![1]);
      const body = stream.slice(stream.indexOf('stream\n') + 7, stream.lastIndexOf('endstream'));
      if (body.length !== length) throw new Error('a stream is not as long as it says');
      return linesOf(body, (font) => object(ref(page, font)));
    }),
  };
}

/** The text of a page, one line each that is set. */
function linesOf(body: string, fontOf: (name: string) => string): readonly string[] {
  return [...body.matchAll(/BT [^\n]*\n([\s\S]*?)\nET/g)].map(([, set]) =>
    set!
      .split('\n')
      .map((line) => {
        const actual = /\/ActualText <([0-9A-F]+)>/.exec(line);
        if (actual !== null) return utf16(actual[1]!);
        const [, font, shown] = /\/(F\d) \d+ Tf \((.*)\) Tj/.exec(line)!;
        return decoded(shown!, fontOf(font!));
      })
      .join(''),
  );
}

function decoded(shown: string, font: string): string {
  const codes = [...shown.matchAll(/\\(\d{1,3})|\\(.)|([\s\S])/g)].map(([, octal, escaped, plain]) =>
    octal === undefined ? (escaped ?? plain)!.charCodeAt(0) : Number.parseInt(octal, 8),
  );
  const differences = /\/Differences \[(\d+) ([^\]]*)\]/.exec(font);
  if (differences === null) return new TextDecoder('windows-1252').decode(new Uint8Array(codes));
  const names = differences[2]!
    .trim()
    .split(/\s*\//)
    .filter((name) => name !== '');
  return codes.map((code) => letterOf(names[code - Number(differences[1])]!)).join('');
}

function letterOf(name: string): string {
  const accent = ACCENTS[name.slice(1)];
  return SPECIAL[name] ?? (name.charAt(0) + accent!).normalize('NFC');
}

function utf16(hex: string): string {
  const units = [...hex.matchAll(/.{4}/g)].map(([unit]) => Number.parseInt(unit, 16));
  return String.fromCharCode(...units.slice(1));
}
