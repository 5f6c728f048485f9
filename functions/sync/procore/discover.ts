import type { OpenOptions } from '#mirror/connector.ts';
import { isWireObject } from '#mirror/offline.ts';
import { type Discovery, rawText, ValueCollector } from '#mirror/source-values.ts';
import { ProcoreClient } from './client.ts';
import { Listing } from './listing.ts';
import { LISTS, type List } from './lists.ts';

const CUSTOM = 'custom_field_';

/** What a Procore company has to map: projects to switch on, stages, time types, job titles, custom fields, branches and divisions (M-66 to M-69). */
export async function discover(options: OpenOptions): Promise<Discovery> {
  const client = new ProcoreClient(options);
  const { companyId } = client;
  const found = new ValueCollector();
  const whole =
    ({ path, query }: List) =>
    () =>
      new Listing(client, path, query).all();
  await found.read(['project', 'custom_field'], whole(LISTS.projects(companyId, {})), (row) => {
    found.add('project', rawText(row, 'id'), { name: rawText(row, 'name'), sample: rawText(row, 'project_number') });
    const fields = isWireObject(row) && isWireObject(row.custom_fields) ? row.custom_fields : {};
    for (const [name, field] of Object.entries(fields))
      if (name.startsWith(CUSTOM))
        found.add('custom_field', name.slice(CUSTOM.length), {
          sample: rawText(field, 'value') ?? rawText(field, 'value', 'label'),
        });
  });
  await found.read(['status'], whole(LISTS.stages(companyId)), (row) =>
    found.add('status', rawText(row, 'name'), { sample: rawText(row, 'category') }),
  );
  await found.read(['time_type'], whole(LISTS.timeTypes(companyId)), (row) => found.add('time_type', rawText(row, 'time_type')));
  await found.read(['role'], whole(LISTS.users(companyId)), (row) =>
    found.add('role', rawText(row, 'job_title'), { sample: rawText(row, 'name') }),
  );
  for (const [id, list] of [
    ['office', LISTS.offices(companyId)],
    ['region', LISTS.regions(companyId)],
  ] as const)
    await found.read(['branch_list'], whole(list), (row) => found.add('branch_list', id, { sample: rawText(row, 'name') }));
  await found.read(['division_list'], whole(LISTS.departments(companyId)), (row) =>
    found.add('division_list', 'department', { sample: rawText(row, 'name') }),
  );
  return found.found;
}
