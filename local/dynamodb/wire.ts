/** One attribute value as it travels: exactly one of S, N, B, BOOL, NULL, SS, NS, BS, L, M. Binary stays base64 text. */
export type WireValue = { readonly [type: string]: unknown };

/** An item, or the key of one, as it travels. */
export type Item = Record<string, WireValue>;

/** The JSON body of a request or an answer. */
export type Body = Record<string, unknown>;

/** One request as the local host hands it over: `target` is the x-amz-target header, `body` the parsed JSON. */
export type WireRequest = { readonly target: string; readonly body: unknown };

/** One answer. `status` 0 means that the caller gets none: the connection has to be cut (injected fault). */
export type WireAnswer = { readonly status: number; readonly body: unknown };

const SERVICE = 'com.amazonaws.dynamodb.v20120810#';

/** An error that the caller gets as an answer. The engine's own refusals have the same two fields. */
export class WireError extends Error {
  readonly statusCode: number;
  readonly body: Body;

  constructor(name: string, message: string, more: Body = {}, statusCode = 400) {
    super(message);
    this.name = name;
    this.statusCode = statusCode;
    this.body = { __type: SERVICE + name, message, ...more };
  }
}

/** Whether an unknown error is an answer to the caller (status and body) rather than a fault of ours. */
export function isAnswer(error: unknown): error is { statusCode: number; body: Body } {
  return error instanceof Error && 'statusCode' in error && 'body' in error;
}

/** The short name of an answered error (`ValidationException`), or undefined for any other error. */
export function errorName(error: unknown): string | undefined {
  return isAnswer(error) ? String(error.body.__type).split('#').at(-1) : undefined;
}

/** Refuses a malformed request the way the service does. */
export function invalid(message: string): WireError {
  return new WireError('ValidationException', message);
}

/** Whether a value is a JSON object. */
export function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One reason per action, in their order; `None` where the action was fine. */
export type CancellationReason = { readonly Code: string; readonly Message?: string; readonly Item?: unknown };

/** The answer to a transaction that was not applied. */
export function cancelled(reasons: readonly CancellationReason[]): WireError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return new WireError('TransactionCanceledException', message, { Message: message, CancellationReasons: reasons });
}
