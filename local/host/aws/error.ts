import type { JsonObject } from '../json.ts';

/** An error that the AWS endpoint answers to the SDK: the short code the SDK turns into `error.name`. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly fields: JsonObject;

  constructor(code: string, message: string, options: { status?: number; fields?: JsonObject } = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = options.status ?? 400;
    this.fields = options.fields ?? {};
  }
}

/** A malformed request of a JSON protocol. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
