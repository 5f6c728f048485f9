import { oneOf, type SwitchSpec, wholeNumber } from '../../../../shared/fake-source/switches.ts';

/** What this source can be made to do beyond the general faults; the defaults are its standing behaviour. */
export const QUICKBOOKS_TIME_SWITCHES: readonly SwitchSpec[] = [
  { name: 'emptyAs', default: 'array', check: oneOf('array', 'object'), effect: 'an empty map of rows: [] or {}' },
  { name: 'billing', default: false, onValue: true, effect: '402 on every call: the customer has not paid' },
  { name: 'blocked', default: false, onValue: true, effect: '499 on every call: our address is blocked' },
  { name: 'maintenance', default: false, onValue: true, effect: '503 on every call' },
  { name: 'window', default: 300, check: wholeNumber(1, 300), effect: 'calls that a token has in five minutes' },
  {
    name: 'refreshReplyLost',
    default: false,
    onValue: true,
    effect: 'a refresh rotates the tokens, and the answer breaks off',
  },
  { name: 'oldRefreshGrace', default: false, onValue: true, effect: 'a used refresh token is accepted once more' },
  { name: 'refreshKeepsOld', default: false, onValue: true, effect: 'a refresh answers without a new refresh token' },
  { name: 'revoked', default: false, onValue: true, effect: 'grants are refused: somebody disconnected the app' },
  { name: 'accessSeconds', default: 864_000, check: wholeNumber(1, 31_536_000), effect: 'life of new access tokens' },
  { name: 'manualHasTimes', default: false, onValue: true, effect: 'manual timesheets carry start and end' },
  {
    name: 'scalarDrift',
    default: false,
    onValue: true,
    effect: 'ids and postcodes as text, offsets as +0000, "more" missing where it is false',
  },
  {
    name: 'deletedFloorDays',
    default: 180,
    check: wholeNumber(0, 100_000),
    effect: 'days for which deleted timesheets stay on their list',
  },
  { name: 'pageShuffle', default: false, onValue: true, effect: 'the order of rows changes between pages' },
  { name: 'editDuringPaging', default: false, onValue: true, effect: 'a row moves from page 2 to page 1 between them' },
];
