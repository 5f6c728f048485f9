import { divisionOf } from '#bonus/inputs/division-of.ts';
import { managerInForce } from '#bonus/inputs/people.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { OverrideField } from '#model/overrides.ts';
import { listOverridden } from '#store/override-repository.ts';
import { type MirrorContext, readMirrorContext } from '../context.ts';
import { findRecords } from '../find.ts';
import { overrideViews } from '../override-views.ts';
import { sightOf } from '../sight.ts';
import type { AlertFilters, AlertInputs, FoundAlerts } from './inputs.ts';
import type { AlertItem } from './shapes.ts';

const ENTITIES = ['worker', 'job', 'milestone'] as const;

/** Overrides from which the source has moved away, until somebody keeps or clears them (M-118): of visible records and fields alone. */
export async function alertsOfConflicts({ request, filters }: AlertInputs): Promise<FoundAlerts> {
  const { ports, scope, reach } = request;
  const overridden = await listOverridden(ports.table, scope);
  if (overridden.length === 0) return {};
  const mirror = await readMirrorContext(request);
  const sight = sightOf(request, mirror);
  const idsOf = (kind: string) => overridden.filter(({ entity }) => entity === kind).map(({ id }) => id);
  const found = (await Promise.all(ENTITIES.map((kind) => findRecords(ports.table, scope, kind, idsOf(kind))))).flat();
  const seen = await sight.filter(found.filter(({ tombstone }) => tombstone === null));
  const jobIds = seen.flatMap(({ entity, fields }) => (entity === 'milestone' ? [(fields as { jobId: string }).jobId] : []));
  const jobs = new Map((await findRecords(ports.table, scope, 'job', [...new Set(jobIds)])).map((job) => [job.id, job]));
  return {
    conflicts: seen.flatMap((record) => {
      const views = Object.entries(overrideViews(record, mirror, sight.properties));
      // Whether a person is there is no manager's to decide.
      const fields = views.flatMap(([field, { conflict }]) =>
        conflict && !(reach === 'S' && field === 'active') ? [field] : [],
      );
      const place = record.entity === 'milestone' ? jobs.get((record as MirrorRecord<'milestone'>).fields.jobId) : record;
      return fields.length === 0 || place === undefined || !isAskedFor(place, filters, mirror)
        ? []
        : [itemOf(record, fields as OverrideField[])];
    }),
  };
}

function isAskedFor(record: MirrorRecord, { branchId, divisionId, managerId }: AlertFilters, { tenant }: MirrorContext): boolean {
  const own = record.fields as { readonly branchId: string | null; readonly divisionId: string | null };
  const job = record.entity === 'job' ? (record as MirrorRecord<'job'>) : null;
  const division = job === null ? own.divisionId : divisionOf(job.fields, tenant);
  const manager = job === null ? null : managerInForce({ ...job, fields: { ...job.fields, divisionId: division } }, tenant);
  return (
    (branchId === undefined || own.branchId === branchId) &&
    (divisionId === undefined || division === divisionId) &&
    (managerId === undefined || manager?.workerId === managerId)
  );
}

function itemOf(record: MirrorRecord, fields: readonly OverrideField[]): AlertItem {
  const { entity, id } = record;
  if (entity === 'worker') return { workerId: id, fields: [...fields], href: `/v1/workers/${id}/overrides` };
  if (entity === 'job') return { jobId: id, fields: [...fields], href: `/v1/jobs/${id}/overrides` };
  const { jobId } = (record as MirrorRecord<'milestone'>).fields;
  return { jobId, milestoneId: id, fields: [...fields], href: `/v1/jobs/${jobId}/overrides?milestoneId=${id}` };
}
