import { describe, expect, test } from 'vitest';
import { ASPIRE_LISTS } from '#functions/sync/aspire/fake/entities.ts';
import { ODataError, parseFilter } from '#functions/sync/aspire/fake/odata-filter.ts';
import { parseListQuery, selectRows } from '#functions/sync/aspire/fake/odata-query.ts';

const TIMES = ASPIRE_LISTS.find((list) => list.name === 'WorkTicketTimes')!;

const ROW = {
  WorkTicketTimeID: 7,
  ContactName: "Pat O'Hara",
  Hours: 4.25,
  EndTime: null,
  WarrantyTime: true,
  StartTime: '2026-03-20T07:00:00',
  LastModifiedDateTime: '2026-03-20T18:46:39.000Z',
};

describe('$filter', () => {
  test.each([
    ['WorkTicketTimeID eq 7', true],
    ['WorkTicketTimeID ne 7', false],
    ['Hours gt 4.25', false],
    ['Hours ge 4.25 and Hours le 4.25', true],
    ['Hours lt -1', false],
    ['Hours lt 5e0', true],
    ["ContactName eq 'Pat O''Hara'", true],
    ["ContactName eq 'pat o''hara'", false],
    ["ContactName gt 'Pa'", true],
    ['EndTime eq null', true],
    ['EndTime ne null', false],
    ['null eq EndTime', true],
    ['EndTime gt 2026-01-01', false],
    ['EndTime le 2026-01-01', false],
    ['WarrantyTime', true],
    ['WarrantyTime eq false', false],
    ['not WarrantyTime', false],
    ['not (Hours gt 5) and WarrantyTime eq true', true],
    ['Hours gt 5 or WorkTicketTimeID in (1, 7)', true],
    ['WorkTicketTimeID in (1,2)', false],
    ["ContactName in ('Pat O''Hara')", true],
    ['Hours gt 5 and Hours gt 5 or WarrantyTime', true],
    ['Hours gt 5 and (Hours gt 5 or WarrantyTime)', false],
    ['LastModifiedDateTime ge 2026-03-20T18:46:39Z', true],
    ['LastModifiedDateTime gt 2026-03-20T18:46:39.000Z', false],
    ['LastModifiedDateTime ge 2026-03-20T14:46:39-04:00', true],
    ['LastModifiedDateTime lt 2026-03-21', true],
    ['StartTime ge 2026-03-20T07:00:00Z', true],
    ['StartTime gt 2026-03-20T07:00', false],
    ['7 eq WorkTicketTimeID', true],
  ])('%s is %s', (text, passes) => {
    expect(parseFilter(text, TIMES.fields).passes(ROW)).toBe(passes);
  });

  test('knows the fields it looks at', () => {
    expect([...parseFilter('Hours gt 1 and not (EndTime eq null)', TIMES.fields).fields]).toEqual(['Hours', 'EndTime']);
  });

  test.each([
    '',
    'Hours',
    'Hours gt',
    'Hours gt 1 and',
    'gt 1',
    'Nope eq 1',
    'hours eq 1',
    'Hours EQ 1',
    'Hours eq 1)',
    '(Hours eq 1',
    'Hours in 1',
    'Hours in ()',
    'Hours in (1',
    "Hours eq '1'",
    'ContactName eq 5',
    "ContactName eq 'open",
    'LastModifiedDateTime ge 5',
    'LastModifiedDateTime ge 2026-13-45',
    "contains(ContactName,'a')",
    'Hours eq 1 Hours eq 1',
    'Hours eq 1x',
    'Hours eq @p',
  ])('refuses %j', (text) => {
    expect(() => parseFilter(text, TIMES.fields)).toThrow(ODataError);
  });

  test('refuses a nested list', () => {
    const routes = ASPIRE_LISTS.find((list) => list.name === 'Routes')!;
    expect(() => parseFilter('RouteProperties eq null', routes.fields)).toThrow(ODataError);
  });
});

describe('query options', () => {
  const read = (query: string): ReturnType<typeof parseListQuery> => parseListQuery(query, TIMES);

  test('are read percent-encoded, with plus signs for spaces', () => {
    const query = read(
      '%24filter=Hours+gt%201&$orderby=Hours%20desc,WorkTicketTimeID&$top=5&$skip=10&$select=Hours,EndTime&api-version=1.0&mine=1',
    );
    expect(query).toMatchObject({
      order: [
        { field: 'Hours', descending: true },
        { field: 'WorkTicketTimeID', descending: false },
      ],
      top: 5,
      skip: 10,
      select: ['Hours', 'EndTime'],
    });
    expect(query.filter?.passes(ROW)).toBe(true);
  });

  test.each([
    '$top=1&$top=1',
    '$filter=Hours gt 1&$filter=Hours gt 1',
    '$Filter=Hours gt 1',
    '$orderBy=Hours',
    'API-Version=1.0',
    'api-version=2.0',
    '$count=true',
    '$top=-1',
    '$top=x',
    '$skip=1.5',
    '$orderby=Nope',
    '$orderby=hours',
    '$orderby=Hours down',
    '$orderby=Hours asc desc',
    '$select=Nope',
    '$expand=Nope',
    '$filter=%ZZ',
  ])('refuses %j', (query) => {
    expect(() => read(query)).toThrow(ODataError);
  });

  test('order by several keys, nothing first, descending the other way round', () => {
    const rows = [
      { WorkTicketTimeID: 1, Hours: 2, EndTime: 'b' },
      { WorkTicketTimeID: 2, Hours: null, EndTime: 'a' },
      { WorkTicketTimeID: 3, Hours: 2, EndTime: 'a' },
    ];
    const ids = (query: string): unknown[] => selectRows(rows, read(query)).map((row) => row.WorkTicketTimeID);
    expect(ids('$orderby=Hours,EndTime')).toEqual([2, 3, 1]);
    expect(ids('$orderby=Hours desc,WorkTicketTimeID')).toEqual([1, 3, 2]);
    expect(ids('')).toEqual([1, 2, 3]);
  });
});
