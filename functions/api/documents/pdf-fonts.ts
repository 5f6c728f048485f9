/**
 * The two fonts that documents are set in, Helvetica and its bold, which every reader of PDF has. What they can show is Windows' Latin
 * alphabet, and under a second encoding the rest of the Latin letters that Adobe's own character set holds.
 */

/** Codes 128 to 159 of the Windows alphabet; 0 where there is none. From 160 on codes are those of Unicode. */
const WINDOWS =
  '\u20ac\0\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\0\u017d\0\0\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\0\u017e\u0178';

/** Letters beyond it with the names that fonts know them by; the small ones follow from the capitals. */
const CAPITALS: Readonly<Record<string, string>> = {
  ...{
    Ă: 'Abreve',
    Ā: 'Amacron',
    Ą: 'Aogonek',
    Ć: 'Cacute',
    Č: 'Ccaron',
    Ď: 'Dcaron',
    Đ: 'Dcroat',
    Ě: 'Ecaron',
    Ė: 'Edotaccent',
  },
  ...{ Ē: 'Emacron', Ę: 'Eogonek', Ğ: 'Gbreve', Ģ: 'Gcommaaccent', Ī: 'Imacron', Į: 'Iogonek', Ķ: 'Kcommaaccent', Ĺ: 'Lacute' },
  ...{
    Ľ: 'Lcaron',
    Ļ: 'Lcommaaccent',
    Ł: 'Lslash',
    Ń: 'Nacute',
    Ň: 'Ncaron',
    Ņ: 'Ncommaaccent',
    Ő: 'Ohungarumlaut',
    Ō: 'Omacron',
  },
  ...{
    Ŕ: 'Racute',
    Ř: 'Rcaron',
    Ŗ: 'Rcommaaccent',
    Ś: 'Sacute',
    Ş: 'Scedilla',
    Ș: 'Scommaaccent',
    Ť: 'Tcaron',
    Ţ: 'Tcommaaccent',
  },
  ...{ Ű: 'Uhungarumlaut', Ū: 'Umacron', Ų: 'Uogonek', Ů: 'Uring', Ź: 'Zacute', Ż: 'Zdotaccent' },
};
const FIRST_CODE = 33;

/** The letters of the second encoding, in the order of their codes. */
const EXTENDED: readonly (readonly [letter: string, name: string])[] = [
  ...Object.entries(CAPITALS).flatMap(([letter, name]): [string, string][] => [
    [letter, name],
    [letter.toLowerCase(), name.charAt(0).toLowerCase() + name.slice(1)],
  ]),
  ['İ', 'Idotaccent'],
  ['ı', 'dotlessi'],
];
const EXTENDED_CODES = new Map(EXTENDED.map(([letter], at) => [letter, FIRST_CODE + at]));

/** What the second encoding is made of, as a font says it. */
export const EXTENDED_DIFFERENCES = `[${FIRST_CODE} ${EXTENDED.map(([, name]) => `/${name}`).join(' ')}]`;

/** Where a character stands: in the first or the second encoding; null: these fonts cannot show it. */
export function codeOf(character: string): { readonly extended: boolean; readonly code: number } | null {
  const point = character.codePointAt(0)!;
  if ((point >= 32 && point < 127) || (point >= 160 && point < 256)) return { extended: false, code: point };
  const windows = point === 0 ? -1 : WINDOWS.indexOf(character);
  if (windows >= 0) return { extended: false, code: 128 + windows };
  const extended = EXTENDED_CODES.get(character);
  return extended === undefined ? null : { extended: true, code: extended };
}

/** Widths of the codes 32 to 126, in thousandths of the size. */
const REGULAR = widths(
  '278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 ' +
    '1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 ' +
    '333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584',
);
const BOLD = widths(
  '278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 333 584 584 584 611 ' +
    '975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 ' +
    '333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584',
);
/** What has no letter below an accent. */
const OTHERS: Readonly<Record<string, number>> = {
  ...{ '—': 1000, '…': 1000, '™': 1000, Œ: 1000, Æ: 1000, œ: 944, æ: 889, ß: 611, Ł: 556, ł: 222, Đ: 722, đ: 556, ı: 278 },
  ...{ Ø: 778, ø: 611, '•': 350, '·': 278, '€': 556, '–': 556 },
};
/** Wide enough for whatever else there is. */
const WIDEST = 611;

function widths(text: string): readonly number[] {
  return text.split(' ').map(Number);
}

/** The width of one character in thousandths of the size; letters with an accent are as wide as those without. */
export function widthOf(character: string, bold: boolean): number {
  const plain = character.normalize('NFD').charCodeAt(0);
  return (bold ? BOLD : REGULAR)[plain - 32] ?? OTHERS[character] ?? WIDEST;
}
