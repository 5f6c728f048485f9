import type { FileError } from './outcome.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** The largest file that is read (M-70). */
export const MAX_FILE_BYTES = 50 * 1024 * 1024;
/** What is decoded at once: pieces of this size keep memory small, whatever the chunks of the file are. */
const PIECE_BYTES = 64 * 1024;

/** Stops the reading of a file: nothing of it can be used. */
export class UnusableFile extends Error {
  readonly reason: FileError;

  constructor(reason: FileError) {
    super(`${reason.code}: ${reason.message}`);
    this.name = 'UnusableFile';
    this.reason = reason;
  }
}

/** Told as soon as it is known, before the first text. */
export interface DecodedAs {
  encoding: Encoding | null;
  /** The file says so itself, by a byte order mark. */
  marked: boolean;
  bytes: number;
}

/**
 * Decodes a file piece by piece. A byte order mark decides and is no part of the text; without one the declared encoding holds, and under
 * `auto` UTF-8. A mark of another encoding than the declared one is the first byte that does not fit. Throws an UnusableFile that names the byte where the encoding breaks, and for a file above 50 MB.
 */
export async function* readText(
  bytes: AsyncIterable<Uint8Array>,
  declared: Encoding | 'auto',
  told: DecodedAs,
): AsyncGenerator<string> {
  let decoder: Decoder | null = null;
  let head: Uint8Array<ArrayBufferLike> = new Uint8Array(0);
  for await (const chunk of bytes) {
    told.bytes += chunk.length;
    if (told.bytes > MAX_FILE_BYTES) throw new UnusableFile({ code: 'TOO_LARGE', message: 'the file is larger than 50 MB' });
    let rest = chunk;
    if (decoder === null) {
      // The mark takes up to three bytes, which may come one by one.
      head = Buffer.concat([head, chunk]);
      if (head.length < 3) continue;
      ({ decoder, rest } = begin(head, declared, told));
    }
    for (let at = 0; at < rest.length; at += PIECE_BYTES) yield decoder.decode(rest.subarray(at, at + PIECE_BYTES));
  }
  if (decoder === null) {
    const begun = begin(head, declared, told);
    decoder = begun.decoder;
    yield decoder.decode(begun.rest);
  }
  yield decoder.end();
}

const MARKS: readonly (readonly [Encoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** The decoder of a file by its first bytes, and these without a mark. */
function begin(head: Uint8Array, declared: Encoding | 'auto', told: DecodedAs): { decoder: Decoder; rest: Uint8Array } {
  const marked = MARKS.find(([, mark]) => mark.every((byte, at) => head[at] === byte));
  if (marked !== undefined && declared !== 'auto' && declared !== marked[0]) throw badBytes(declared, 0);
  const encoding = marked?.[0] ?? (declared === 'auto' ? 'utf-8' : declared);
  const skipped = marked?.[1].length ?? 0;
  told.encoding = encoding;
  told.marked = marked !== undefined;
  return { decoder: makeDecoder(encoding, skipped), rest: head.subarray(skipped) };
}

interface Decoder {
  decode(bytes: Uint8Array): string;
  end(): string;
}

function makeDecoder(encoding: Encoding, offset: number): Decoder {
  return encoding === 'windows-1252' ? new SingleByteDecoder(offset) : new UnicodeDecoder(encoding, offset);
}

/** Decodes by the platform, and on failure looks for the byte, which the platform does not tell. */
class UnicodeDecoder implements Decoder {
  readonly #encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  readonly #decoder: InstanceType<typeof TextDecoder>;
  #offset: number;
  /** Bytes of a character that goes on in the next piece. */
  #begun: Uint8Array = new Uint8Array(0);

  constructor(encoding: 'utf-8' | 'utf-16le' | 'utf-16be', offset: number) {
    this.#encoding = encoding;
    this.#decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
    this.#offset = offset;
  }

  decode(bytes: Uint8Array): string {
    return this.#run(bytes, true);
  }

  end(): string {
    return this.#run(new Uint8Array(0), false);
  }

  #run(bytes: Uint8Array, stream: boolean): string {
    const known = this.#begun.length === 0 ? bytes : Buffer.concat([this.#begun, bytes]);
    const start = this.#offset - this.#begun.length;
    try {
      const text = this.#decoder.decode(bytes, { stream });
      this.#offset += bytes.length;
      this.#begun = known.slice(known.length - unfinished(known, this.#encoding));
      return text;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw badBytes(this.#encoding, start + firstBad(known, this.#encoding));
    }
  }
}

/** How many bytes at the end belong to a character that is not complete. */
function unfinished(bytes: Uint8Array, encoding: Encoding): number {
  const { length } = bytes;
  if (encoding !== 'utf-8') {
    const odd = length % 2;
    const at = length - odd - 2;
    const unit = at < 0 ? 0 : unitAt(bytes, at, encoding);
    return unit >= 0xd800 && unit <= 0xdbff ? odd + 2 : odd;
  }
  for (let back = 1; back <= 3 && back <= length; back += 1) {
    const byte = bytes[length - back]!;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

function firstBad(bytes: Uint8Array, encoding: Encoding): number {
  return encoding === 'utf-8' ? firstBadUtf8(bytes) : firstBadUtf16(bytes, encoding);
}

function firstBadUtf8(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at]!);
    if (length === 0 || at + length > bytes.length || !isSequence(bytes, at, length)) return at;
    at += length;
  }
  return at;
}

/** Bytes of a UTF-8 character by its first one; 0 where none begins so. */
function sequenceLength(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte < 0xc2 || byte > 0xf4) return 0;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}

function isSequence(bytes: Uint8Array, at: number, length: number): boolean {
  const second = bytes[at + 1] ?? 0;
  switch (bytes[at]) {
    case 0xe0:
      if (second < 0xa0) return false;
      break;
    case 0xed:
      if (second > 0x9f) return false;
      break;
    case 0xf0:
      if (second < 0x90) return false;
      break;
    case 0xf4:
      if (second > 0x8f) return false;
      break;
    default:
  }
  for (let next = 1; next < length; next += 1) if ((bytes[at + next]! & 0xc0) !== 0x80) return false;
  return true;
}

function unitAt(bytes: Uint8Array, at: number, encoding: Encoding): number {
  return encoding === 'utf-16le' ? bytes[at]! | (bytes[at + 1]! << 8) : (bytes[at]! << 8) | bytes[at + 1]!;
}

function firstBadUtf16(bytes: Uint8Array, encoding: Encoding): number {
  let at = 0;
  while (at + 1 < bytes.length) {
    const unit = unitAt(bytes, at, encoding);
    if (unit >= 0xdc00 && unit <= 0xdfff) return at;
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const next = at + 3 < bytes.length ? unitAt(bytes, at + 2, encoding) : 0;
      if (next < 0xdc00 || next > 0xdfff) return at;
      at += 2;
    }
    at += 2;
  }
  return at;
}

/** The characters of Windows-1252 from 0x80 to 0x9f; a blank marks the five bytes that stand for nothing. */
const WINDOWS_1252 = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

/** One byte, one character; not left to the platform, which takes the five bytes that stand for nothing as control characters. */
class SingleByteDecoder implements Decoder {
  #offset: number;

  constructor(offset: number) {
    this.#offset = offset;
  }

  decode(bytes: Uint8Array): string {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    const start = this.#offset;
    this.#offset += bytes.length;
    return text.replace(/[\u0080-\u009f]/g, (character: string, at: number) => {
      const mapped = WINDOWS_1252[character.charCodeAt(0) - 0x80]!;
      if (mapped === ' ') throw badBytes('windows-1252', start + at);
      return mapped;
    });
  }

  end(): string {
    return '';
  }
}

function badBytes(encoding: Encoding, byteOffset: number): UnusableFile {
  return new UnusableFile({
    code: 'BAD_ENCODING',
    message: `byte ${byteOffset} is no text in ${encoding}`,
    byteOffset,
  });
}
