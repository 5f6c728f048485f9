import type * as z from 'zod/mini';
import type { HttpEvent } from './http.ts';
import { isIdempotencyKey } from './idempotency.ts';
import { ApiProblem, type FieldProblem, invalidParameter } from './problem.ts';
import type { QueryShape } from './query.ts';
import type { RouteDefinition } from './route.ts';

/** Largest body in bytes: far above any command, far below what would hurt. */
export const MAX_BODY_BYTES = 262_144;
/** Deepest nesting of a body: twice what the deepest route reads. What is deeper would only wear out whoever walks through it. */
const MAX_DEPTH = 32;
const MAX_ERRORS = 20;

/** Parses the query string against the route's parameters. Repeated ones, and unless told otherwise unknown ones, are refused with 400. */
export function parseQuery(shape: QueryShape, rawQueryString: string, ignoresUnknown = false): Record<string, unknown> {
  const query: Record<string, unknown> = {};
  const errors: FieldProblem[] = [];
  if (rawQueryString !== '') {
    for (const [name, text] of new URLSearchParams(rawQueryString)) {
      const parameter = Object.hasOwn(shape, name) ? shape[name] : undefined;
      if (!parameter) {
        if (!ignoresUnknown) errors.push({ parameter: name.slice(0, 64), code: 'unknown', detail: unknownDetail(shape) });
      } else if (Object.hasOwn(query, name)) errors.push({ parameter: name, code: 'repeated', detail: 'must be given once' });
      else {
        const parsed = parameter.schema.safeParse(parameter.read(text));
        if (parsed.success) query[name] = parsed.data;
        else errors.push({ parameter: name, code: 'invalid', detail: issueDetail(parsed.error.issues[0]!) });
      }
      if (errors.length >= MAX_ERRORS) break;
    }
  }
  if (errors.length > 0)
    throw new ApiProblem('invalid-parameter', { detail: `Parameter ${errors[0]!.parameter}: ${errors[0]!.detail}.`, errors });
  for (const name in shape) {
    if (!(name in query) && shape[name]!.default !== undefined) query[name] = shape[name]!.default;
  }
  return query;
}

function unknownDetail(shape: QueryShape): string {
  const names = Object.keys(shape);
  return names.length === 0 ? 'this route takes no parameters' : `this route takes ${names.join(', ')}`;
}

/** The body as the route's schema allows it; undefined where the route takes none. Unknown properties are refused (fault 72). */
export function parseBody(route: Pick<RouteDefinition<never>, 'body' | 'method'>, event: HttpEvent): unknown {
  const text = bodyText(event);
  if (route.body === null) {
    const isEmpty = route.method === 'GET' || text.trim() === '' || JSON.stringify(readJson(text)) === '{}';
    if (!isEmpty) throw new ApiProblem('invalid-body', { detail: 'This route takes no body.' });
    return undefined;
  }
  if (text !== '') requireJson(event);
  const parsed = route.body.safeParse(text === '' ? {} : readJson(text));
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.slice(0, MAX_ERRORS).flatMap(bodyErrors);
  throw new ApiProblem('invalid-body', { detail: `Field ${errors[0]!.pointer}: ${errors[0]!.detail}.`, errors });
}

function bodyText(event: HttpEvent): string {
  requireAtMost(event, MAX_BODY_BYTES);
  return event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString('utf8') : (event.body ?? '');
}

/** The body byte for byte, whatever it holds. */
export function rawBody(event: HttpEvent, mostBytes: number): Buffer {
  requireAtMost(event, mostBytes);
  return Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
}

function requireAtMost(event: HttpEvent, most: number): void {
  const raw = event.body ?? '';
  const bytes = event.isBase64Encoded ? Math.floor((raw.length * 3) / 4) : Buffer.byteLength(raw);
  if (bytes > most) throw new ApiProblem('body-too-large', { detail: `A body may have ${most} bytes.` });
}

function requireJson(event: HttpEvent): void {
  const type = (event.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (type !== 'application/json')
    throw new ApiProblem('unsupported-media-type', { detail: 'Send Content-Type: application/json.' });
  const encoding = event.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    throw new ApiProblem('unsupported-media-type', { detail: 'Send the body without a Content-Encoding.' });
}

function readJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ApiProblem('invalid-json', { detail: 'The body does not parse as JSON.', cause });
  }
  if (isDeeper(value, MAX_DEPTH)) throw new ApiProblem('invalid-body', { detail: `A body may be ${MAX_DEPTH} levels deep.` });
  return value;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const key in value) if (isDeeper((value as Record<string, unknown>)[key], levels - 1)) return true;
  return false;
}

type Issue = z.core.$ZodIssue;

/** A schema's issue as faults of the body; several where several unknown properties stand side by side. */
function bodyErrors(issue: Issue): FieldProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, MAX_ERRORS).map((key) => ({
      pointer: pointerOf([...issue.path, key.slice(0, 64)]),
      code: 'unknown',
      detail: 'is not a field of this request',
    }));
  return [
    { pointer: pointerOf(issue.path), code: issue.code === 'invalid_type' ? 'type' : 'invalid', detail: issueDetail(issue) },
  ];
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** What is wrong, without repeating the value: it may be a secret. */
function issueDetail(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? `must be given, as ${issue.expected}` : `must be of type ${issue.expected}`;
    case 'too_small':
      return `must be at least ${issue.minimum}${issue.origin === 'string' ? ' characters long' : ''}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${issue.origin === 'string' ? ' characters long' : ''}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return 'has not the right form';
    case 'custom':
      return issue.message || 'is not valid';
    default:
      return 'is not valid';
  }
}

/** The Idempotency-Key of a request: required, accepted or not looked at, as the route says. */
export function parseIdempotencyKey(route: Pick<RouteDefinition<never>, 'idempotency'>, event: HttpEvent): string | null {
  if (route.idempotency === null) return null;
  const key = event.headers['idempotency-key'];
  if (key === undefined || key === '') {
    if (route.idempotency === 'accepted') return null;
    throw new ApiProblem('idempotency-key-required', {
      detail: 'This command needs an Idempotency-Key, so that a retry cannot do it twice.',
      errors: [{ parameter: 'Idempotency-Key', code: 'required', detail: 'must be given' }],
    });
  }
  if (!isIdempotencyKey(key)) throw invalidParameter('Idempotency-Key', 'must be 1 to 255 visible ASCII characters');
  return key;
}

const NO_REVISION = -1;

/**
 * The revision that If-Match names. Missing is 428. A tag that is none of ours, and `*`, match nothing: −1, which no stored revision
 * equals, so that the write itself answers 412.
 */
export function parseIfMatch(route: Pick<RouteDefinition<never>, 'ifMatch'>, event: HttpEvent): number {
  if (!route.ifMatch) return NO_REVISION;
  const text = event.headers['if-match'];
  if (text === undefined || text === '')
    throw new ApiProblem('precondition-required', { detail: 'Send the ETag that you read as If-Match.' });
  const revisions = text.split(',').map((tag) => /^\s*"r(\d{1,12})(?:\.[A-Za-z0-9_-]*)?"\s*$/.exec(tag)?.[1]);
  const [first] = revisions;
  return first !== undefined && revisions.every((one) => one === first) ? Number(first) : NO_REVISION;
}
