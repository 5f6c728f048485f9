import type { Method } from './route.ts';

/** What a request counts as: looking, changing, or setting longer work in motion. */
export type RateClass = 'read' | 'write' | 'run';

/** Requests of each class that a tenant may make in one window. */
export type RateLimits = Readonly<Record<RateClass, number>>;

/** Windows begin at full minutes, for everybody at once. */
export const RATE_WINDOW_SECONDS = 60;

/** The published limits of every tenant. */
export const RATE_LIMITS: RateLimits = { read: 30_000, write: 18_000, run: 6_000 };

/** The class of a request; a method that its path lacks counts by what it is. */
export function rateClassOf(method: Method | string, route: { readonly startsRun?: true } | null): RateClass {
  if (route?.startsRun === true) return 'run';
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}
