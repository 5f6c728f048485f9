import { codeOf, widthOf } from './pdf-fonts.ts';

/** A font of a document: regular or bold, under the first or the second encoding. */
export type FontName = 'F1' | 'F2' | 'F3' | 'F4';

/** Text that one font shows, as the characters of a PDF string; `actual` is what it stands for where that cannot be shown. */
export interface Run {
  readonly font: FontName;
  readonly shown: string;
  readonly actual: string | null;
}

/**
 * Text as runs of fonts. A character that the fonts do not have is shown by its number in Unicode and carries itself along as what it stands
 * for: no part of a name is lost, neither on paper nor where the text is copied or read aloud.
 */
export function runsOf(text: string, bold: boolean): readonly Run[] {
  const runs: Run[] = [];
  for (const character of shownText(text)) {
    const place = codeOf(character);
    const run: Run =
      place === null
        ? { font: fontOf(bold, false), shown: escaped(numberOf(character)), actual: character }
        : { font: fontOf(bold, place.extended), shown: escaped(String.fromCharCode(place.code)), actual: null };
    const last = runs.at(-1);
    if (last?.font === run.font && last.actual === null && run.actual === null)
      runs[runs.length - 1] = { ...last, shown: last.shown + run.shown };
    else runs.push(run);
  }
  return runs;
}

/** The width of a text in thousandths of a point. */
export function widthOfText(text: string, size: number, bold: boolean): number {
  let width = 0;
  for (const character of shownText(text))
    for (const letter of codeOf(character) === null ? numberOf(character) : character) width += widthOf(letter, bold);
  return width * size;
}

/** Lines of at most so many thousandths of a point, broken between words; a word that is longer is broken where it has to be. */
export function linesOf(text: string, size: number, bold: boolean, most: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  const put = (word: string): void => {
    const joined = line === '' ? word : `${line} ${word}`;
    if (widthOfText(joined, size, bold) <= most) line = joined;
    else {
      if (line !== '') lines.push(line);
      line = '';
      for (const character of word) {
        if (line !== '' && widthOfText(line + character, size, bold) > most) {
          lines.push(line);
          line = '';
        }
        line += character;
      }
    }
  };
  for (const word of shownText(text).split(' ')) put(word);
  return [...lines, line];
}

/** The text of an attribute of a document, in any script. */
export const textString = (text: string): string => `<FEFF${utf16(text)}>`;
/** The same for what a run stands for. */
export const utf16 = (text: string): string =>
  Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')).join('');

const fontOf = (bold: boolean, extended: boolean): FontName => (bold ? (extended ? 'F4' : 'F2') : extended ? 'F3' : 'F1');
/** One spelling of letters with accents; line breaks and other controls are spaces here. */
const shownText = (text: string): string => text.normalize('NFC').replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
const numberOf = (character: string): string => `[U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`;

/** A document is text of ASCII alone: every other code is written by its number. */
function escaped(text: string): string {
  return Array.from(text, (letter) => {
    const code = letter.charCodeAt(0);
    if (letter === '(' || letter === ')' || letter === '\\') return `\\${letter}`;
    return code < 127 ? letter : `\\${code.toString(8)}`;
  }).join('');
}
