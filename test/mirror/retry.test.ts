import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallFailure, decideRetry, type RetryState, retryAfterMs } from '#mirror/retry.ts';

const state = (changed: Partial<RetryState> = {}): RetryState => ({
  login: false,
  failures: 0,
  nowMs: Date.parse('2026-03-20T20:00:00Z'),
  random: 0.5,
  msLeft: Number.POSITIVE_INFINITY,
  ...changed,
});
const status = (code: number, retryAfter: string | null = null): CallFailure => ({ kind: 'status', status: code, retryAfter });

describe('the reaction to a failed call (M-91)', () => {
  it.each([
    [400, 'request_rejected', 'rejected'],
    [402, 'source_account_suspended', 'payment_required'],
    [403, 'scope_missing', 'forbidden'],
    [404, 'endpoint_gone', 'gone'],
    [405, 'request_rejected', 'rejected'],
    [410, 'endpoint_gone', 'gone'],
    [414, 'request_rejected', 'rejected'],
    [204, 'bad_response', 'unexpected_status'],
    [301, 'bad_response', 'redirect'],
    [302, 'bad_response', 'redirect'],
  ])('%i is %s at once and never repeated', (code, error, reason) => {
    expect(decideRetry(status(code), state())).toEqual({ action: 'fail', reason, code: error, retryAfterMs: null });
  });

  it('401 asks for one fresh login; at the login itself it is a refusal, like 400 and 403', () => {
    expect(decideRetry(status(401), state())).toEqual({ action: 'renew', reason: 'unauthorised' });
    for (const code of [400, 401, 403]) {
      expect(decideRetry(status(code), state({ login: true }))).toMatchObject({ action: 'fail', code: 'reauth_required' });
    }
    expect(decideRetry(status(503), state({ login: true }))).toMatchObject({ action: 'retry' });
  });

  it.each<[string, CallFailure, string, boolean]>([
    ['an unusable body', { kind: 'body' }, 'bad_response', false],
    ['a body too large', { kind: 'too_large' }, 'bad_response', true],
    ['a timeout', { kind: 'timeout' }, 'source_unavailable', true],
    ['408', status(408), 'source_unavailable', true],
    ['a network failure', { kind: 'network' }, 'source_unavailable', false],
    ['500', status(500), 'source_unavailable', false],
    ['502', status(502), 'source_unavailable', false],
    ['503', status(503), 'source_unavailable', false],
    ['504', status(504), 'source_unavailable', false],
  ])('%s is tried three times more, then fails', (_name, failure, code, smaller) => {
    for (const failures of [0, 1, 2])
      expect(decideRetry(failure, state({ failures }))).toMatchObject({ action: 'retry', smaller });
    expect(decideRetry(failure, state({ failures: 3 }))).toMatchObject({ action: 'fail', code });
  });

  it('waits exponentially with full jitter', () => {
    const waits = (random: number) =>
      [0, 1, 2].map((failures) => {
        const decision = decideRetry({ kind: 'network' }, state({ failures, random }));
        return decision.action === 'retry' ? decision.waitMs : null;
      });
    expect(waits(0)).toEqual([0, 0, 0]);
    expect(waits(0.999999)).toEqual([999, 1999, 3999]);
  });

  it('a limit is waited out as told, else a minute; for longer the leg ends and says how long', () => {
    expect(decideRetry(status(429, '7'), state({ random: 0 }))).toEqual({
      action: 'retry',
      reason: 'limited',
      waitMs: 7000,
      smaller: false,
    });
    expect(decideRetry(status(429), state({ random: 0 }))).toMatchObject({ action: 'retry', waitMs: 60_000 });
    expect(decideRetry(status(429, 'soon'), state({ random: 0 }))).toMatchObject({ waitMs: 60_000 });
    expect(decideRetry(status(429, '61'), state())).toEqual({
      action: 'fail',
      reason: 'limited_for_long',
      code: 'rate_limited',
      retryAfterMs: 61_000,
    });
    expect(decideRetry(status(429, '1000000000'), state())).toMatchObject({ code: 'rate_limited', retryAfterMs: 2_592_000_000 });
    expect(decideRetry(status(429, 'Fri, 20 Mar 2026 20:00:30 GMT'), state({ random: 0 }))).toMatchObject({ waitMs: 30_000 });
    expect(decideRetry(status(429, 'Thu, 19 Mar 2026 20:00:30 GMT'), state({ random: 0 }))).toMatchObject({ waitMs: 1000 });
    expect(decideRetry(status(429, '5'), state({ failures: 3 }))).toMatchObject({
      action: 'fail',
      code: 'rate_limited',
      retryAfterMs: 5000,
    });
  });

  it('no wait goes beyond the end of the leg', () => {
    expect(decideRetry(status(429, '30'), state({ msLeft: 20_000 }))).toMatchObject({
      action: 'fail',
      reason: 'no_time_left',
      code: 'rate_limited',
      retryAfterMs: 30_000,
    });
    expect(decideRetry(status(503), state({ msLeft: 100 }))).toMatchObject({
      action: 'fail',
      reason: 'no_time_left',
      code: 'source_unavailable',
    });
  });

  it('a server error may ask for a wait, too, up to a minute', () => {
    expect(decideRetry(status(503, '20'), state())).toMatchObject({ action: 'retry', waitMs: 20_000 });
    expect(decideRetry(status(503, '3600'), state())).toMatchObject({
      action: 'fail',
      code: 'source_unavailable',
      retryAfterMs: 3_600_000,
    });
  });

  it('always ends, and never waits longer than 61 seconds, whatever comes', () => {
    const failures = fc.oneof(
      fc.record({
        kind: fc.constant('status' as const),
        status: fc.integer({ min: 100, max: 999 }),
        retryAfter: fc.option(fc.string()),
      }),
      fc.constantFrom<CallFailure>({ kind: 'body' }, { kind: 'timeout' }, { kind: 'network' }, { kind: 'too_large' }),
    );
    fc.assert(
      fc.property(
        failures,
        fc.nat({ max: 10 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.boolean(),
        (failure, count, random, login) => {
          const decision = decideRetry(failure, state({ failures: count, random, login }));
          if (decision.action === 'retry') {
            expect(count).toBeLessThan(3);
            expect(decision.waitMs).toBeLessThanOrEqual(61_000);
          }
        },
      ),
    );
  });
});

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['1.5', 1500],
    [' 10 ', 10_000],
    ['99999999999999999999', 2_592_000_000],
    ['-5', null],
    ['', null],
    ['2026', 2_026_000],
    ['nonsense', null],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 2_592_000_000],
  ])('%s', (text, expected) => {
    expect(retryAfterMs(text, Date.parse('2026-03-20T20:00:00Z'))).toBe(expected);
  });
});
