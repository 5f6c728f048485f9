import { randomUUID } from 'node:crypto';
import { type ClientProtocol, protocolOf, textOf } from './wire.ts';

/** What tells one service from another. */
export interface JsonService {
  readonly version: '1.0' | '1.1';
  /** The service's name in `x-amz-target`. */
  readonly target: string;
  /** Members that are bytes, base64 on the wire, alone or in a list. Under these names the service answers nothing else that is text. */
  readonly bytes?: readonly string[];
  /** Operations that get a random token when they carry none, so that the SDK's retries do not act twice, and its member. */
  readonly tokens?: Readonly<Record<string, string>>;
}

/** AWS JSON 1.0 and 1.1 without tables of shapes: the input as it stands is the body, the body as it comes is the answer, bytes apart. */
export function jsonProtocol({ version, target, bytes = [], tokens = {} }: JsonService): ClientProtocol {
  const holdsBytes = new RegExp(`"(?:${bytes.join('|')})"\\s*:`);
  const names = new Set(bytes);
  // Most answers hold no bytes at all: looking at the text costs less than walking through the values.
  const parse = (text: string) => (names.size > 0 && holdsBytes.test(text) ? decode(JSON.parse(text), names) : JSON.parse(text));
  return protocolOf({
    shapeId: `aws.protocols#awsJson${version.replace('.', '_')}`,
    write: (operation, input) => ({
      method: 'POST',
      path: '/',
      headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': `${target}.${operation}` },
      body: JSON.stringify(encode(withToken(input, tokens[operation]))),
    }),
    read: ({ body }) => (body.byteLength === 0 ? {} : parse(textOf(body))),
    readFailure: parse,
  });
}

function withToken(input: Readonly<Record<string, unknown>>, member: string | undefined): Readonly<Record<string, unknown>> {
  return member === undefined || (input[member] ?? null) !== null ? input : { ...input, [member]: randomUUID() };
}

/**
 * The value as JSON can hold it: bytes as base64, times as seconds, and no nulls, which mean what a missing member means. Only what
 * changes is copied; the caller's object stays as it is.
 */
function encode(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Set) return Array.from(value, encode);
  if (Array.isArray(value)) return value.map(encode);
  let copy: object | undefined;
  for (const [key, member] of Object.entries(value)) {
    const encoded = member === null ? undefined : encode(member);
    if (encoded === member) continue;
    copy ??= { ...value };
    // An attribute may be called __proto__; assigning it would do something else.
    Object.defineProperty(copy, key, { value: encoded, enumerable: true, configurable: true, writable: true });
  }
  return copy ?? value;
}

/** Turns the base64 of the named members into bytes, in place, at every depth. */
function decode(value: unknown, names: ReadonlySet<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (const entry of value) decode(entry, names);
    return value;
  }
  for (const [key, member] of Object.entries(value)) {
    if (typeof member === 'object') decode(member, names);
    if (!names.has(key)) continue;
    const bytes = decodeMember(member);
    if (bytes !== member) (value as Record<string, unknown>)[key] = bytes;
  }
  return value;
}

function decodeMember(value: unknown): unknown {
  if (typeof value === 'string') return bytesOf(value);
  return Array.isArray(value) ? value.map((entry) => (typeof entry === 'string' ? bytesOf(entry) : entry)) : value;
}

function bytesOf(base64: string): Uint8Array {
  const bytes = Buffer.from(base64, 'base64');
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
