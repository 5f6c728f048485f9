import { expect, test } from 'vitest';
import { AppError, Refusal, refuse } from '#kernel/errors.ts';
import { err, ok, type Result } from '#kernel/result.ts';

test('an error carries code, category and what the caller gave', () => {
  const cause = new Error('socket closed');
  const error = new AppError('source-unreachable', { category: 'transient', detail: 'try again', data: { host: 'a' }, cause });
  expect(error).toMatchObject({
    name: 'AppError',
    code: 'source-unreachable',
    category: 'transient',
    detail: 'try again',
    cause,
  });
  expect(error.message).toBe('source-unreachable: try again');
  expect(error.field).toBeUndefined();
  expect(error.stack).toContain('errors.test');
});

test('an error without a category is ours', () => {
  expect(new AppError('broken')).toMatchObject({ category: 'ours', message: 'broken' });
  expect('cause' in new AppError('broken')).toBe(false);
});

test('a refusal names code and field and is the customer’s to act on (B-7)', () => {
  const run = () => refuse('invalid-number', { field: 'amountCents', detail: 'must be an integer' });
  expect(run).toThrow(Refusal);
  expect(run).toThrow(AppError);
  expect(run).toThrow(
    expect.objectContaining({
      name: 'Refusal',
      code: 'invalid-number',
      field: 'amountCents',
      category: 'customer',
      message: 'invalid-number (amountCents): must be an integer',
    }),
  );
});

test('a result is either a value or an error', () => {
  const half = (n: number): Result<number, string> => (n % 2 === 0 ? ok(n / 2) : err('odd'));
  expect(half(4)).toEqual({ ok: true, value: 2 });
  expect(half(3)).toEqual({ ok: false, error: 'odd' });
});
