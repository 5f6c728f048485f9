import { clientKey, jobKey, listPartition } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { Item, QueryPage } from '#store/table.ts';
import type { ApiRequest } from '../route.ts';

type Request = Pick<ApiRequest, 'ports' | 'scope' | 'reach'>;
type Job = MirrorRecord<'job'>;

/** Keys of jobs taken at a time: few enough to end early, enough to go through a tenant in some requests. */
const STEP = 500;

/**
 * The clients and properties among the given records that a scoped caller may see (M-145): the ones of jobs they may see. No record of a client
 * names its jobs, so the jobs are asked: a worker's own ones by id, for crew leads and managers also the list of jobs, until every client
 * in question is found to be seen or the list has ended. Reads nothing where no client is in question.
 */
export async function clientsOfJobs(
  request: Request,
  records: readonly MirrorRecord[],
  ownJobIds: ReadonlySet<string>,
  sees: (job: Job) => boolean,
): Promise<ReadonlySet<string>> {
  const { ports, scope, reach } = request;
  const clientIds = records.flatMap(({ entity, id }) => (entity === 'client' ? [id] : []));
  const seen = new Set<string>();
  const found = () => clientIds.every((id) => seen.has(id));
  const ask = async (items: readonly (Item | null)[]) => {
    const jobs = items.flatMap((item) => (item === null ? [] : [decodeMirrorRecord<'job'>(item)])).filter(sees);
    for (const id of await clientsNamed(request, jobs)) seen.add(id);
  };
  const read = async (keys: Parameters<typeof ports.table.batchGet>[1]) =>
    ask(await ports.table.batchGet(scope, keys, { consistent: false }));
  if (found()) return seen;
  await read([...ownJobIds].map((id) => jobKey(scope, id)));
  if (reach === 'O') return seen;
  let after: QueryPage['after'] = null;
  while (!found()) {
    const partition = listPartition(scope, 'JOB');
    const page: QueryPage = await ports.table.query(scope, { index: 'by', partition, limit: STEP, after });
    await read(page.items.map(({ pk, sk }) => ({ pk, sk })));
    after = page.after;
    if (after === null) break;
  }
  return seen;
}

/** Clients and properties of jobs; where a job names a property alone, its client is the one that the property belongs to. */
async function clientsNamed({ ports, scope }: Request, jobs: readonly Job[]): Promise<readonly string[]> {
  const alone = new Set(jobs.flatMap(({ fields }) => (fields.clientId === null ? (fields.propertyId ?? []) : [])));
  const keys = [...alone].map((id) => clientKey(scope, id));
  const properties = await ports.table.batchGet(scope, keys, { consistent: false });
  return [
    ...jobs.flatMap(({ fields }) => [fields.clientId ?? [], fields.propertyId ?? []].flat()),
    ...properties.flatMap((item) => (item === null ? [] : (decodeMirrorRecord<'client'>(item).fields.parentId ?? []))),
  ];
}
