import { AppError } from '#kernel/errors.ts';
import { formatCents } from '#kernel/money.ts';
import { problemKind } from './problems.ts';

/** One fault inside a request: where it is, and what is wrong there. */
export interface FieldProblem {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly code: string;
  readonly detail: string;
}

/** Refuses a request with a code of the table. `data` becomes members of the problem; `headers` go along. */
export class ApiProblem extends AppError {
  readonly errors: readonly FieldProblem[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: string,
    options: {
      detail?: string;
      errors?: readonly FieldProblem[];
      data?: Record<string, unknown>;
      headers?: Record<string, string>;
      cause?: unknown;
    } = {},
  ) {
    const { errors = [], headers = {}, ...rest } = options;
    super(code, { category: problemKind(code).kind.category, ...rest });
    this.name = 'ApiProblem';
    this.errors = errors;
    this.headers = headers;
  }
}

/** 404: the same words whether the id is unknown, malformed or another tenant's. */
export function notFound(): ApiProblem {
  return new ApiProblem('not-found', { detail: 'Nothing with this id is visible to you.' });
}

/** 400 for one query parameter or header. */
export function invalidParameter(parameter: string, detail: string): ApiProblem {
  return new ApiProblem('invalid-parameter', { detail, errors: [{ parameter, code: 'invalid', detail }] });
}

/** 422 for one field of the body. */
export function invalidField(pointer: string, detail: string, code = 'invalid'): ApiProblem {
  return new ApiProblem('invalid-body', { detail, errors: [{ pointer, code, detail }] });
}

/** 412 for a write whose If-Match has gone stale; the present tag goes along, so that the caller can read and try again. */
export function stalePrecondition(currentRevision: number | null): ApiProblem {
  return new ApiProblem('precondition-failed', {
    detail: 'The record has changed since you read it.',
    headers: currentRevision === null ? {} : { etag: `"r${currentRevision}"` },
  });
}

/** The members of an `application/problem+json` document. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly requestId: string;
  readonly errors: readonly FieldProblem[];
  readonly [member: string]: unknown;
}

const RETRY_AFTER_SECONDS = 2;
/** Members that the document owns; `data` cannot replace them. */
const OWN_MEMBERS = new Set(['type', 'title', 'status', 'detail', 'instance', 'code', 'requestId', 'errors']);

/** Whatever was thrown, as a problem: from the table where it has a code, else an internal error that says nothing of its cause. */
export function problemDocument(
  error: unknown,
  context: { readonly requestId: string; readonly path: string },
): { readonly document: ProblemDocument; readonly headers: Readonly<Record<string, string>> } {
  const known = error instanceof AppError ? error : null;
  const { code, kind } = problemKind(problemCode(error));
  const ours = kind.category === 'ours' || known === null;
  const data = ours ? {} : edgeData(known.data ?? {});
  const retryAfter = retryAfterSeconds(kind.status, data.retryAfterSeconds);
  const document: ProblemDocument = {
    type: `/v1/problems/${code}`,
    title: kind.title,
    status: kind.status,
    // The text of a store or platform error names our parts; only what was written for users goes out.
    detail: (kind.category === 'customer' || known instanceof ApiProblem) && !ours && known?.detail ? known.detail : kind.action,
    instance: context.path,
    code,
    requestId: context.requestId,
    errors: known instanceof ApiProblem ? known.errors : fieldErrors(known),
    ...data,
    ...(retryAfter === null ? {} : { retryAfterSeconds: retryAfter }),
    ...(data.nextAction === undefined ? { nextAction: kind.action } : {}),
  };
  return {
    document,
    headers: {
      ...(known instanceof ApiProblem ? known.headers : {}),
      ...(retryAfter === null ? {} : { 'retry-after': String(retryAfter) }),
      ...(kind.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    },
  };
}

/** What accompanies a refusal, as the interface spells it: amounts in cents are text without the unit in their name. */
function edgeData(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const members = Object.entries(data).filter(([member]) => !OWN_MEMBERS.has(member));
  return Object.fromEntries(
    members.map(([member, value]) =>
      member.endsWith('Cents') && typeof value === 'number'
        ? [member.slice(0, -'Cents'.length), formatCents(value)]
        : [member, value],
    ),
  );
}

/** The code under which whatever was thrown is told. */
export function problemCode(error: unknown): string {
  if (error instanceof AppError) return problemKind(error.code).code;
  // Thrown by the chain when the function's time is nearly over.
  return error instanceof Error && error.name === 'TimeoutError' ? 'deadline-passed' : 'internal-error';
}

/** A refusal's field (B-7) becomes a JSON Pointer. */
function fieldErrors(known: AppError | null): readonly FieldProblem[] {
  if (known === null || known.field === undefined || known.category !== 'customer') return [];
  const pointer = known.field.startsWith('/') ? known.field : `/${known.field.replaceAll('.', '/')}`;
  return [{ pointer, code: known.code, detail: known.detail ?? problemKind(known.code).kind.title }];
}

function retryAfterSeconds(status: number, given: unknown): number | null {
  if (typeof given === 'number') return given;
  return status === 503 || status === 504 ? RETRY_AFTER_SECONDS : null;
}
