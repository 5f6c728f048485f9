import { oneOf, type SwitchSpec, wholeNumber } from '../../../../shared/fake-source/switches.ts';

function scopeList(value: unknown): string | null {
  const good = Array.isArray(value) && value.every((name) => typeof name === 'string');
  return good || value === 'others' ? null : '"value" must be a list of the ticked endpoints';
}

/** What this source can be made to do beyond the general faults; the defaults are its standing behaviour. */
export const ASPIRE_SWITCHES: readonly SwitchSpec[] = [
  { name: 'pageCap', default: 500, check: wholeNumber(1, 1000), effect: 'rows a page holds at most, 1 to 1000' },
  {
    name: 'envelope',
    default: false,
    onValue: 'always',
    check: oneOf('always', 'accept'),
    effect: '{"value":[…]} around a list: always, or (accept) when the Accept header asks for odata.metadata',
  },
  { name: 'jwtSeconds', default: 86_400, check: wholeNumber(1, 31_536_000), effect: 'lifetime of new access tokens in seconds' },
  { name: 'refreshReuse', default: false, onValue: true, effect: 'a refresh token may be used again' },
  {
    name: 'scopes',
    default: false,
    onValue: 'others',
    check: scopeList,
    effect: 'list of ticked endpoints, others answer 403; with an entity and no value that one is unticked',
  },
  { name: 'insertWhilePaging', default: false, onValue: true, effect: 'a row with a low key appears between two pages' },
  {
    name: 'removeWhilePaging',
    default: false,
    onValue: true,
    effect: 'a row already read disappears between two pages, so that a naive skip misses one',
  },
  { name: 'selectBreaks', default: true, defaultEntity: 'Opportunities', onValue: true, effect: '400 on $select' },
  {
    name: 'slowFilter',
    default: 'DivisionID',
    defaultEntity: 'Opportunities',
    onValue: 'DivisionID',
    check: (value) => (typeof value === 'string' && value !== '' ? null : '"value" must be the name of a field'),
    effect: '504 on a filter that looks at this field',
  },
  {
    name: 'otherClientsLoad',
    default: 0,
    check: wholeNumber(0, 100_000),
    effect: "requests per minute other clients take from the tenant's limit",
  },
  { name: 'sandboxLimit', default: false, onValue: true, effect: '60 requests per minute instead of 1,200' },
  {
    name: 'ticketStampMovesWithChildren',
    default: true,
    onValue: true,
    effect: "a change of a time or visit moves its ticket's stamp too",
  },
  { name: 'pageNumberWorks', default: false, onValue: true, effect: '$pageNumber and $limit page' },
  {
    name: 'errorBody',
    default: 'text',
    check: oneOf('text', 'problem', 'odata'),
    effect: 'form of error bodies: text, problem, odata',
  },
  {
    name: 'timeZoneForm',
    default: 'windows',
    check: oneOf('windows', 'iana', 'none'),
    effect: 'form of zone names in rows: windows (as recorded), iana, none',
  },
];
