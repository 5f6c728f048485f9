import type { Problem } from './generated/api.ts';

/** What is known of a refusal: at least its status (0: no answer came), its code and its words. */
export type Refusal = Partial<Omit<Problem, 'code' | 'status' | 'detail'>> & {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
};

/** A request that was not done, with the API's own words on why, and what to do about it. */
export class ProtivError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal, options?: ErrorOptions) {
    super(`${refusal.code}: ${refusal.detail}`, options);
    this.name = 'ProtivError';
    this.refusal = refusal;
  }

  get code(): string {
    return this.refusal.code;
  }

  get status(): number {
    return this.refusal.status;
  }
}
