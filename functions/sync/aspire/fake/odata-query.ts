import type { Row } from '../../../../shared/fake-source/dataset.ts';
import type { AspireList } from './entities.ts';
import { type Filter, ODataError, parseFilter } from './odata-filter.ts';

/** The options of a list request, checked against the list's fields. */
export type ListQuery = {
  readonly filter: Filter | null;
  readonly order: readonly { readonly field: string; readonly descending: boolean }[];
  readonly select: readonly string[] | null;
  readonly top: number | null;
  readonly skip: number;
  readonly pageNumber: number | null;
  readonly limit: number | null;
};

const OPTIONS = ['$select', '$filter', '$expand', '$orderby', '$skip', '$top', '$pageNumber', '$limit', 'api-version'];

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (error) {
    if (error instanceof URIError) throw new ODataError('The query is not properly encoded.');
    throw error;
  }
}

/** The options of a query text by name. Throws for a repeated, unknown or wrongly written option. */
function optionsOf(query: string): Map<string, string> {
  const options = new Map<string, string>();
  for (const part of query.split('&').filter((text) => text !== '')) {
    const cut = part.indexOf('=');
    const name = decode(cut < 0 ? part : part.slice(0, cut));
    const value = cut < 0 ? '' : decode(part.slice(cut + 1));
    if (!OPTIONS.includes(name)) {
      const meant = OPTIONS.some((option) => option.toLowerCase() === name.toLowerCase());
      // Parameters that neither are nor resemble an option are somebody else's and pass.
      if (!name.startsWith('$') && !meant) continue;
      throw new ODataError(`The query parameter '${name}' is not supported.${meant ? ' Names are case-sensitive.' : ''}`);
    }
    if (options.has(name))
      throw new ODataError(`Query option '${name}' was specified more than once, but it must be specified at most once.`);
    options.set(name, value);
  }
  return options;
}

function count(options: ReadonlyMap<string, string>, name: string): number | null {
  const text = options.get(name);
  if (text === undefined) return null;
  if (!/^\d{1,9}$/.test(text)) throw new ODataError(`Invalid value '${text}' for ${name} query option found.`);
  return Number(text);
}

function knownField(list: AspireList, name: string): string {
  if (!list.fields.has(name)) throw new ODataError(`Could not find a property named '${name}' on type '${list.name}'.`);
  return name;
}

/** Reads the query of a list request. Throws `ODataError` for everything the API answers with 400. */
export function parseListQuery(query: string, list: AspireList): ListQuery {
  const options = optionsOf(query);
  const version = options.get('api-version');
  if (version !== undefined && version !== '1.0') throw new ODataError(`The API version '${version}' is not supported.`);
  const listOf = (name: string): string[] =>
    (options.get(name) ?? '')
      .split(',')
      .map((text) => text.trim())
      .filter((text) => text !== '');
  for (const name of listOf('$expand')) knownField(list, name);
  const order = listOf('$orderby').map((text) => {
    const [field = '', direction = 'asc', ...more] = text.split(/\s+/);
    if (more.length > 0 || !['asc', 'desc'].includes(direction)) throw new ODataError(`Syntax error in $orderby '${text}'.`);
    if (list.fields.get(knownField(list, field)) === 'nested')
      throw new ODataError(`The property '${field}' cannot be used in $orderby.`);
    return { field, descending: direction === 'desc' };
  });
  const filter = options.get('$filter');
  return {
    filter: filter === undefined ? null : parseFilter(filter, list.fields),
    order,
    select: options.has('$select') ? listOf('$select').map((name) => knownField(list, name)) : null,
    top: count(options, '$top'),
    skip: count(options, '$skip') ?? 0,
    pageNumber: count(options, '$pageNumber'),
    limit: count(options, '$limit'),
  };
}

function compareValues(a: unknown, b: unknown): number {
  const [none, other] = [a === null || a === undefined, b === null || b === undefined];
  if (none || other) return Number(other) - Number(none);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The rows that pass the filter, in the order asked for; without one, as the list holds them. Nothing sorts before something. */
export function selectRows(rows: readonly Row[], query: ListQuery): Row[] {
  const passing = query.filter === null ? [...rows] : rows.filter(query.filter.passes);
  if (query.order.length === 0) return passing;
  return passing.sort((a, b) => {
    for (const { field, descending } of query.order) {
      const sign = compareValues(a[field], b[field]);
      if (sign !== 0) return descending ? -sign : sign;
    }
    return 0;
  });
}

/** A row with only the fields asked for. */
export function pickFields(row: Row, select: readonly string[] | null): Row {
  return select === null ? row : Object.fromEntries(select.map((field) => [field, row[field] ?? null]));
}
