import type { EntitySpec, SourceDataset } from '../../shared/fake-source/dataset.ts';
import { createFakeSource, type FakeSource, type RunningFake } from '../../shared/fake-source/serve.ts';
import { oneOf } from '../../shared/fake-source/switches.ts';

/** A source with two lists and no login, paging by `?skip=&top=`, to test what all fakes have in common. */
export const SMALL: SourceDataset = {
  _about: { company: 'Small', snapshotAt: '2026-03-20T20:00:00Z', timeZone: 'America/New_York' },
  defaults: { '/Jobs': { Name: null, Changed: null } },
  endpoints: {
    '/Jobs': [1, 2, 3, 4, 5].map((id) => ({ JobID: id, Name: `Job ${id}`, Changed: '2026-03-01T00:00:00.000Z' })),
    '/Tags': [{ TagID: 1 }],
  },
  changes: [
    {
      step: 'renamed',
      at: '2026-03-21T10:00:00Z',
      path: '/Jobs',
      op: 'replace',
      key: 2,
      row: { JobID: 2, Name: 'Renamed', Changed: '2026-03-21T10:00:00.000Z' },
    },
    { step: 'gone', at: '2026-03-21T11:00:00Z', path: '/Jobs', op: 'remove', key: 3, row: null },
  ],
};

export const SMALL_OTHER: SourceDataset = { ...SMALL, endpoints: { '/Jobs': [{ JobID: 901, Name: 'Other' }], '/Tags': [] } };

const ENTITIES: readonly EntitySpec[] = [
  { name: 'Jobs', path: '/Jobs', key: ['JobID'], stamp: 'Changed' },
  { name: 'Tags', path: '/Tags', key: ['TagID'], stamp: null },
];

export type SmallFake = FakeSource & { clock: { ms: number } };

export function smallSource(
  tenants: readonly { id: string; dataset: SourceDataset }[] = [{ id: 'a', dataset: SMALL }],
  statePath: string | null = null,
): SmallFake {
  const clock = { ms: Date.parse('2026-03-22T12:00:00Z') };
  const fake = createFakeSource({
    source: 'small',
    tenants,
    entities: ENTITIES,
    switches: [{ name: 'mood', default: 'calm', check: oneOf('calm', 'wild'), effect: 'how it feels' }],
    doors: ['Login'],
    now: () => clock.ms,
    seed: 1,
    statePath,
    otherDataset: () => SMALL_OTHER,
    liveChange: (data, shell) => shell.put(data, ENTITIES[1]!, { TagID: data.count(ENTITIES[1]!) + 1 }),
    route: (request, shell) => {
      const [, tenant = '', name = ''] = request.path.split('/');
      if (!shell.tenants().includes(tenant)) return null;
      if (name === 'Login') return { tenant, entity: 'Login', list: false, respond: () => ({ status: 200, body: 'in' }) };
      const spec = ENTITIES.find((known) => known.name === name);
      if (spec === undefined) return null;
      const query = new URLSearchParams(request.query);
      const [skip, top] = [Number(query.get('skip') ?? 0), Number(query.get('top') ?? 100)];
      return {
        tenant,
        entity: spec.name,
        list: true,
        respond: () => ({
          entity: spec.name,
          key: spec.key,
          first: skip === 0,
          page: (data, bend) => {
            const rows = data.rows(spec);
            const all = bend.duplicate ? [...rows.slice(0, 1), ...rows] : rows;
            return all.slice(bend.loop ? 0 : skip, (bend.loop ? 0 : skip) + top);
          },
          encode: (rows, shortened) => ({ status: 200, body: { rows, shortened } }),
        }),
      };
    },
  });
  return { ...fake, clock };
}

export async function control(run: RunningFake, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${run.url}/__control`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

export async function rows(run: RunningFake, path: string): Promise<{ JobID: number; Name: string; Changed: string }[]> {
  const answer = await fetch(`${run.url}${path}`);
  return ((await answer.json()) as { rows: { JobID: number; Name: string; Changed: string }[] }).rows;
}
