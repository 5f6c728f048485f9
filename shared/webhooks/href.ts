import type { EventEnvelope } from '#events/event.ts';

/** Where the API serves the subjects of events, by what they are. */
const PLACES: Readonly<Record<string, string>> = {
  connection: 'connections',
  branch: 'branches',
  division: 'divisions',
  route: 'routes',
  client: 'clients',
  worker: 'workers',
  wage_record: 'wage-records',
  job: 'jobs',
  milestone: 'milestones',
  budget_info: 'budgets',
  material_allocation: 'materials',
  time_entry: 'time-entries',
  drive_time: 'drive-times',
  propay: 'propays',
  group: 'groups',
  callback: 'callbacks',
  line_item: 'line-items',
  statement: 'statements',
  goal: 'pro-goals',
  export: 'exports',
  exclusion_rule: 'exclusion-rules',
  settings: 'settings',
  webhook: 'webhooks',
};

/** The path under which the API answers for an event's subject; null for what has no address of its own, such as a row set aside. */
export function hrefOf({ subject, data }: Pick<EventEnvelope, 'subject' | 'data'>): string | null {
  const { connectionId, propayId } = data;
  if (subject.entity === 'run' && typeof connectionId === 'string')
    return `/v1/connections/${connectionId}/runs/${encodeURIComponent(subject.id)}`;
  if (subject.entity === 'hold' && typeof connectionId === 'string') return `/v1/connections/${connectionId}/held-deletes`;
  if (subject.entity === 'phase' && typeof propayId === 'string') return `/v1/propays/${propayId}/phases`;
  const place = PLACES[subject.entity];
  return place === undefined ? null : `/v1/${place}/${encodeURIComponent(subject.id)}`;
}
