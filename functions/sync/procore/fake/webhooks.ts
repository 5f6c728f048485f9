import { createHash } from 'node:crypto';
import { ulid } from '#kernel/ids.ts';
import { instantFromMs } from '#kernel/instant.ts';
import type { SentEvent } from '../../../../shared/fake-source/hook-posts.ts';
import type { Edit } from '../../../../shared/fake-source/tenant-data.ts';
import { projectOf } from './entities.ts';

/** Resources by list, as triggers name them. */
const RESOURCES: Readonly<Record<string, string>> = {
  projects: 'Projects',
  users: 'Company Users',
  crews: 'Crews',
  cost_codes: 'Cost Codes',
  budgeted_production_quantities: 'Budgeted Production Quantities',
  timecard_entries: 'Timecard Entries',
};

/**
 * The event of an edit, in the legacy payload or that of version 4.0, whose ids are text; null where nothing is announced. Nothing is
 * signed: whoever registers gives headers to be sent along.
 */
export function eventOf(
  { entity, before, after }: Edit,
  about: { readonly companyId: string; readonly atMs: number; readonly n: number; readonly v4: boolean },
): SentEvent | null {
  const resource = RESOURCES[entity.path];
  const row = after ?? before;
  if (resource === undefined || row === null || row === undefined) return null;
  const { companyId, atMs, n, v4 } = about;
  const id = ulid(atMs, (count) => createHash('sha256').update(`${companyId} ${n}`).digest().subarray(0, count));
  const project = projectOf(row);
  const eventType = before === null ? 'create' : after === null ? 'delete' : 'update';
  const common = { timestamp: instantFromMs(atMs), event_type: eventType };
  const body = v4
    ? {
        id,
        ...common,
        ...{ company_id: companyId, project_id: project, user_id: '1', reason: eventType },
        ...{ resource_type: resource, resource_id: String(row.id), payload_version: 'v4.0' },
      }
    : {
        ...{ id: n, ulid: id, ...common, user_id: 1 },
        ...{ company_id: Number(companyId), project_id: project === null ? null : Number(project) },
        ...{ resource_name: resource, resource_id: row.id, api_version: 'v2', metadata: {} },
      };
  return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}
