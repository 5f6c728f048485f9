/**
 * Who has to act on an error: the `customer` (bad input, wrong state, a broken connection), nobody because it passes by itself
 * (`transient`: try again later), or `ours` (a defect or a wrong deployment).
 */
export type ErrorCategory = 'customer' | 'transient' | 'ours';

/** What may accompany an error code. `detail` is safe to show to a user; `data` is for logs and machine-readable answers. */
export type AppErrorOptions = {
  category?: ErrorCategory;
  /** Name of the input field at fault, as the caller spelled it. */
  field?: string;
  /** One sentence for a person; never holds a secret or another tenant's data. */
  detail?: string;
  data?: Record<string, unknown>;
  cause?: unknown;
  /** Text for logs; built from code, field and detail when left out. */
  message?: string;
};

function messageOf(code: string, options: AppErrorOptions): string {
  const place = options.field === undefined ? code : `${code} (${options.field})`;
  return options.detail === undefined ? place : `${place}: ${options.detail}`;
}

/** The one base of every error thrown on purpose. `code` is stable kebab-case text; without a category the fault is ours. */
export class AppError extends Error {
  readonly code: string;
  readonly category: ErrorCategory;
  readonly field?: string;
  readonly detail?: string;
  readonly data?: Readonly<Record<string, unknown>>;

  constructor(code: string, options: AppErrorOptions = {}) {
    // `cause` is passed on only when given, so that an absent cause does not show up as an own property.
    super(options.message ?? messageOf(code, options), 'cause' in options ? { cause: options.cause } : undefined);
    // Written out, because a minified bundle shortens the names of classes.
    this.name = 'AppError';
    this.code = code;
    this.category = options.category ?? 'ours';
    this.field = options.field;
    this.detail = options.detail;
    this.data = options.data;
  }
}

/** A refused command (B-7): nothing was changed, and the code is one of the published refusal codes. Always the customer's to act on. */
export class Refusal extends AppError {
  constructor(code: string, options: AppErrorOptions = {}) {
    super(code, { ...options, category: 'customer' });
    this.name = 'Refusal';
  }
}

/** Refuses the running command with a published code (B-7); `field` names the input at fault. Never returns. */
export function refuse(code: string, options: { field?: string; detail?: string; data?: Record<string, unknown> } = {}): never {
  throw new Refusal(code, options);
}
