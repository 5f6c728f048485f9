import { parseJsonExact } from '#kernel/decimal.ts';
import { AnsweredAs } from '#mirror/source-error.ts';
import { secondsUntil, type Throttle } from './budget.ts';

/** A query requests more points than the bucket can ever hold: it has to become smaller, waiting is no use. */
export class TooDear extends Error {
  readonly points: number;
  readonly maximum: number;

  constructor(points: number, maximum: number) {
    super(`${points} points of at most ${maximum}`);
    this.points = points;
    this.maximum = maximum;
  }
}

/** The place to go on from is not known to the source any more: the list has to be read from its beginning. */
export class CursorLost extends Error {}

/** What one answer says, once nothing in it is a refusal. */
export interface Answer {
  readonly data: Readonly<Record<string, unknown>>;
  /** Where fields could not be read although their record could, as the answer names the places. */
  readonly broken: readonly (readonly (string | number)[])[];
  readonly requestedPoints: number | null;
  readonly throttle: Throttle | null;
  /** What the source says about the version of its API that it answered with. */
  readonly versionWarning: string | null;
}

const THROTTLED = 'THROTTLED';
/** Codes and words by which a source that answers 200 refuses the token, or one field for want of a permission. */
const UNAUTHENTICATED = /UNAUTHENTICATED/;
const TOKEN_WORDS = /token not recognized|disconnected|not authenticated|unauthenticated/i;
const SCOPE_WORDS = /permission|scope|not authorized|unauthorized|forbidden/i;
/** Below a root field only a scope is the app's; a permission may as well be about the one record. */
const NESTED_SCOPE_WORDS = /\bscopes?\b/i;
const CURSOR_WORDS = /cursor/i;
/** How a record that was asked for by its id may be said not to be there. */
const ABSENT_WORDS = /not found|does not exist|no longer exists|could ?n[o']t find/i;

interface WireError {
  readonly message: string;
  readonly code: string;
  readonly path: readonly (string | number)[];
}

/**
 * Reads the body of a 200. `roots` are the fields whose record or list must be there. Throws an AnsweredAs for a refusal, TooDear and
 * CursorLost for what the client itself can mend, and a SyntaxError for whatever cannot be used: no JSON, no data, or data of which parts
 * are missing without a record to hang that on (M-90, M-91).
 */
export function readAnswer(text: string, roots: readonly string[]): Answer {
  const body = parseJsonExact(text);
  if (!isObject(body)) throw new SyntaxError('the answer is no object');
  const { requestedPoints, throttle } = readCost(body);
  const errors = readErrors(body.errors).filter((error) => !isAbsence(error, roots));
  for (const error of errors) refuse(error, requestedPoints, throttle);
  const data = isObject(body.data) ? body.data : null;
  if (data === null || roots.some((root) => !isObject(data[root]))) throw new SyntaxError('an answer without data');
  // A record that is missing as a whole has no id to be set aside by, so that the page is asked for again.
  const broken = errors.map(({ path }) => path);
  if (broken.some((path) => !isInsideRecord(data, path))) throw new SyntaxError('an answer with a part missing');
  return { data, broken, requestedPoints, throttle, versionWarning: readWarning(body) };
}

function refuse({ message, code, path }: WireError, points: number | null, throttle: Throttle | null): void {
  if (code === THROTTLED) {
    if (points !== null && throttle !== null && points > throttle.maximumAvailable)
      throw new TooDear(points, throttle.maximumAvailable);
    throw new AnsweredAs(429, points === null || throttle === null ? null : secondsUntil(points, throttle));
  }
  if (UNAUTHENTICATED.test(code) || TOKEN_WORDS.test(message)) throw new AnsweredAs(401);
  if ((path.length <= 1 ? SCOPE_WORDS : NESTED_SCOPE_WORDS).test(message)) throw new AnsweredAs(403);
  if (path.length <= 1 && CURSOR_WORDS.test(message)) throw new CursorLost(message);
}

/** Whether an error only says that a record asked for by its id is not there: its place in the data is empty then, which says the same. */
function isAbsence({ message, path }: WireError, roots: readonly string[]): boolean {
  return path.length === 1 && !roots.includes(String(path[0])) && ABSENT_WORDS.test(message);
}

/** Whether a place that could not be read lies inside a record that is there. */
function isInsideRecord(data: Readonly<Record<string, unknown>>, path: readonly (string | number)[]): boolean {
  const at = path.findIndex((part) => typeof part === 'number');
  if (at < 0 || at === path.length - 1) return false;
  const record = valueAt(data, path.slice(0, at + 1));
  return isObject(record) && typeof record.id === 'string';
}

function valueAt(data: unknown, path: readonly (string | number)[]): unknown {
  let value = data;
  for (const part of path) {
    if (Array.isArray(value) && typeof part === 'number') value = value[part];
    else if (isObject(value) && Object.hasOwn(value, part)) value = value[String(part)];
    else return null;
  }
  return value;
}

function readErrors(errors: unknown): WireError[] {
  if (!Array.isArray(errors)) return [];
  return errors.map((error: unknown) => {
    const { message, extensions, path } = isObject(error) ? error : {};
    const code = isObject(extensions) ? extensions.code : null;
    const parts = Array.isArray(path) ? path.filter((part) => typeof part === 'string' || typeof part === 'number') : [];
    return { message: String(message ?? ''), code: String(code ?? ''), path: parts };
  });
}

function readCost(body: Readonly<Record<string, unknown>>): Pick<Answer, 'requestedPoints' | 'throttle'> {
  const cost = isObject(body.extensions) && isObject(body.extensions.cost) ? body.extensions.cost : {};
  const status = isObject(cost.throttleStatus) ? cost.throttleStatus : {};
  const { maximumAvailable, currentlyAvailable, restoreRate } = status;
  const told = typeof maximumAvailable === 'number' && typeof currentlyAvailable === 'number' && typeof restoreRate === 'number';
  return {
    requestedPoints: typeof cost.requestedQueryCost === 'number' ? cost.requestedQueryCost : null,
    throttle: told ? { maximumAvailable, currentlyAvailable, restoreRate } : null,
  };
}

function readWarning(body: Readonly<Record<string, unknown>>): string | null {
  const versioning = isObject(body.extensions) && isObject(body.extensions.versioning) ? body.extensions.versioning : {};
  return typeof versioning.warning === 'string' && versioning.warning !== '' ? versioning.warning : null;
}

/** Whether a value as parsed is an object and no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
