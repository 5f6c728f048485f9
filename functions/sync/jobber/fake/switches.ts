import { HOOK_TARGET } from '../../../../shared/fake-source/hook-posts.ts';
import { OAUTH_SWITCHES } from '../../../../shared/fake-source/oauth.ts';
import { oneOf, type SwitchSpec, wholeNumber } from '../../../../shared/fake-source/switches.ts';

/** Every version there has been, oldest first. */
export const VERSIONS: readonly string[] = ['2025-01-20', '2025-04-16', '2026-05-12', '2026-07-27'];

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkVersions(value: unknown): string | null {
  const good = Array.isArray(value) && value.length > 0 && value.every((one) => VERSIONS.includes(String(one)));
  return good ? null : `"value" must be a list of those of ${VERSIONS.join(', ')} that are still supported`;
}

function checkBucket(value: unknown): string | null {
  const good = isRecord(value) && Number(value.maximum) > 0 && Number(value.rate) > 0;
  return good ? null : '"value" must be {"maximum":POINTS,"rate":POINTS_PER_SECOND}';
}

/** What this source can be made to do beyond the general faults; the defaults are its standing behaviour. */
export const JOBBER_SWITCHES: readonly SwitchSpec[] = [
  ...OAUTH_SWITCHES,
  {
    name: 'versions',
    default: VERSIONS,
    check: checkVersions,
    effect: 'the versions still supported; a retired one is answered by the oldest of these, with a warning',
  },
  {
    name: 'bucket',
    default: { maximum: 10_000, rate: 500 },
    check: checkBucket,
    effect: 'points an account has at most, and how many come back a second',
  },
  {
    name: 'requestLimit',
    default: 2_500,
    check: wholeNumber(0, 1_000_000),
    effect: 'requests in 300 s, beyond that 429 without a word',
  },
  {
    name: 'partialErrors',
    default: false,
    onValue: 'node',
    check: oneOf('node', 'field'),
    effect: 'one row (node), or one reference of a row (field), could not be read: null with an error beside it, and 200',
  },
  { name: 'unauthenticatedAt200', default: false, onValue: true, effect: '200 with the code UNAUTHENTICATED' },
  { name: 'scopeMissing', default: false, onValue: true, effect: 'the app lacks the scope of a root field; name it as entity' },
  {
    name: 'cursorMinutes',
    default: false,
    onValue: 10,
    check: wholeNumber(0, 100_000),
    effect: 'cursors are refused after so many minutes',
  },
  { name: 'moveWhilePaging', default: false, onValue: true, effect: 'the last job of a list is edited between two of its pages' },
  { name: 'driftStatusDaily', default: true, onValue: true, effect: 'statuses follow the date' },
  HOOK_TARGET,
  {
    name: 'webhooks',
    default: 'ok',
    onValue: 'ok',
    check: oneOf('ok', 'duplicate', 'reorder', 'delay', 'lost', 'badHmac', 'oldSpelling'),
    effect:
      'how events of edits are sent: once each, twice, backwards, late, not at all, wrongly signed, with the old field name',
  },
];
