import type { Row } from '../../../../shared/fake-source/dataset.ts';
import type { ListReply } from '../../../../shared/fake-source/exchange.ts';
import type { TenantData } from '../../../../shared/fake-source/tenant-data.ts';

/** Where the pages of a listing began, by listing: a page that came short is followed by what it left out. */
export type PageStarts = Map<string, Map<number, number>>;

/** One page of a list with the headers of version 1: Link (first, prev, next, last), Total and Per-Page. */
export function pageReply(options: {
  readonly entity: string;
  readonly url: string;
  readonly tenant: string;
  readonly starts: PageStarts;
  readonly headers: Readonly<Record<string, string>>;
  readonly link: boolean;
  readonly most: number;
  readonly asText: boolean;
  readonly rows: (data: TenantData) => readonly unknown[];
}): ListReply {
  const url = new URL(options.url, 'http://fake');
  const page = Math.max(1, Number(url.searchParams.get('page') ?? 1) || 1);
  const size = Math.min(Math.max(1, Number(url.searchParams.get('per_page') ?? 100) || 100), options.most);
  url.searchParams.delete('page');
  const listing = `${options.tenant} ${url.pathname}${url.search}`;
  const starts = options.starts.get(listing) ?? new Map<number, number>();
  options.starts.set(listing, starts);
  if (page === 1) starts.clear();
  const start = page === 1 ? 0 : (starts.get(page) ?? (page - 1) * size);
  let total = 0;
  let looping = false;
  return {
    entity: options.entity,
    key: ['id'],
    first: page === 1,
    page: (data, bend) => {
      const rows = options.rows(data);
      const all = bend.duplicate && rows.length > 0 ? [rows[0]!, ...rows] : rows;
      total = all.length;
      looping = bend.loop;
      const from = bend.loop ? 0 : start;
      return all.slice(from, from + size) as Row[];
    },
    encode: (rows) => {
      starts.set(page + 1, start + rows.length);
      const next = looping || (rows.length > 0 && start + rows.length < total) ? page + 1 : null;
      const at = (number: number, rel: string) => {
        const target = new URL(url);
        target.searchParams.set('page', String(number));
        return `<${target.pathname}${target.search}>; rel="${rel}"`;
      };
      const links = [
        at(1, 'first'),
        ...(page > 1 ? [at(page - 1, 'prev')] : []),
        ...(next === null ? [] : [at(next, 'next')]),
        at(Math.max(1, Math.ceil(total / size)), 'last'),
      ];
      const paging = { Total: String(total), 'Per-Page': String(size), ...(options.link ? { Link: links.join(', ') } : {}) };
      return { status: 200, headers: { ...options.headers, ...paging }, body: options.asText ? rows.map(withTextIds) : rows };
    },
  };
}

function withTextIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTextIds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, held]) => [
      name,
      typeof held === 'number' && /^id$|_id$/.test(name) ? String(held) : withTextIds(held),
    ]),
  );
}
