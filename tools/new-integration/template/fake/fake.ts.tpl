import type { SourceDataset } from '../../../../shared/fake-source/dataset.ts';
import type { FakeReply, FakeRequest, ListReply, Route } from '../../../../shared/fake-source/exchange.ts';
import { createFakeSource, type FakeSource, type LiveTimer } from '../../../../shared/fake-source/serve.ts';
import type { Shell } from '../../../../shared/fake-source/source.ts';
import { otherDataset } from './dataset.ts';

/** An account of the fake and the key that opens it. */
export interface FakeAccount {
  readonly id: string;
  readonly key: string;
  readonly dataset: SourceDataset;
}

export interface FakeOptions {
  readonly accounts: readonly FakeAccount[];
  /** Clock in milliseconds since 1970. */
  readonly now: () => number;
  readonly statePath?: string;
  readonly live?: LiveTimer;
}

const WORKERS = { name: 'workers', path: 'workers', key: ['id'], stamp: null } as const;
const ACCOUNT = 'account';
/** Rows of one page. */
export const PAGE_ROWS = 100;

/**
 * A fake __Title__ over HTTP on loopback: `GET /account`, `GET /workers?after=N` and the control door at `/__control`. For tests and the
 * local host only; shipped code must not import it.
 */
export function createFake({ accounts, now, statePath, live }: FakeOptions): FakeSource {
  return createFakeSource(
    {
      source: '__provider__',
      tenants: accounts,
      entities: [WORKERS],
      switches: [],
      doors: [ACCOUNT],
      now,
      seed: 1,
      ...(statePath === undefined ? {} : { statePath }),
      otherDataset: () => otherDataset,
      route: (request, shell) => route(request, shell, accounts),
    },
    live,
  );
}

function route(request: FakeRequest, shell: Shell, accounts: readonly FakeAccount[]): Route | null {
  const name = request.path.replace(/^\//, '');
  if (name !== ACCOUNT && name !== WORKERS.name) return null;
  const account = accounts.find(({ key }) => request.headers.authorization === `Bearer ${key}`);
  const list = name === WORKERS.name;
  const respond = (): FakeReply | ListReply => {
    if (account === undefined) return { status: 401, body: { error: 'unauthorized' } };
    return list ? listReply(request) : { status: 200, body: accountOf(shell, account.id) };
  };
  return { tenant: account?.id ?? null, entity: name, list, respond };
}

function accountOf(shell: Shell, tenant: string): { id: string; name: string } {
  const other = shell.switches(tenant).take('otherAccount', ACCOUNT) !== null;
  const { id, dataset } = other ? shell.otherAccount(tenant) : shell.data(tenant);
  return { id, name: dataset._about.company };
}

function listReply(request: FakeRequest): ListReply {
  const after = Number(/^after=(\d+)$/.exec(request.query)?.[1] ?? 0);
  let left = 0;
  return {
    entity: WORKERS.name,
    key: WORKERS.key,
    first: after === 0,
    page(data, { loop, duplicate }) {
      const rows = data.rows(WORKERS).sort((a, b) => Number(a.id) - Number(b.id));
      const all = duplicate ? rows.slice(0, 1).concat(rows) : rows;
      const from = loop ? 0 : after;
      left = all.length - from;
      return all.slice(from, from + PAGE_ROWS);
    },
    encode: (rows, shortened) => {
      const more = shortened || left > PAGE_ROWS;
      return { status: 200, body: { rows, next: more ? String(after + rows.length) : null } };
    },
  };
}
